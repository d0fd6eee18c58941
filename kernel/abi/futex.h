/* abi/futex.h: operations of futex(240) and robust lists (include/uapi/linux/futex.h). */
#pragma once

#define FUTEX_WAIT 0
#define FUTEX_WAKE 1
#define FUTEX_REQUEUE 3
#define FUTEX_CMP_REQUEUE 4
#define FUTEX_WAIT_BITSET 9
#define FUTEX_WAKE_BITSET 10
#define FUTEX_CMD_MASK 0x7Fu
#define FUTEX_PRIVATE_FLAG 0x80u
#define FUTEX_CLOCK_REALTIME 0x100u

#define FUTEX_BITSET_MATCH_ANY 0xFFFFFFFFu

#define FUTEX_OWNER_DIED 0x40000000u
#define FUTEX_WAITERS 0x80000000u
#define FUTEX_TID_MASK 0x3FFFFFFFu
#define ROBUST_LIST_LIMIT 2048
