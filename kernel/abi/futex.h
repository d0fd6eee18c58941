/* abi/futex.h: operations of futex(240) and robust lists (include/uapi/linux/futex.h). */
#pragma once

#define FUTEX_WAIT 0
#define FUTEX_WAKE 1
#define FUTEX_REQUEUE 3
#define FUTEX_CMP_REQUEUE 4
#define FUTEX_WAKE_OP 5
#define FUTEX_WAIT_BITSET 9
#define FUTEX_WAKE_BITSET 10
#define FUTEX_CMD_MASK 0x7Fu
#define FUTEX_PRIVATE_FLAG 0x80u
#define FUTEX_CLOCK_REALTIME 0x100u

#define FUTEX_BITSET_MATCH_ANY 0xFFFFFFFFu

/* FUTEX_WAKE_OP's third value: operation, comparison, and two signed arguments of 12 bits. */
#define FUTEX_OP(v) ((v) >> 28 & 7)
#define FUTEX_OP_ARG_SHIFT 0x80000000u /* The argument is 1 << argument. */
#define FUTEX_OP_CMP(v) ((v) >> 24 & 0xF)
#define FUTEX_OP_ARG(v) ((int32_t)((v) << 8) >> 20)
#define FUTEX_OP_CMP_ARG(v) ((int32_t)((v) << 20) >> 20)

#define FUTEX_OWNER_DIED 0x40000000u
#define FUTEX_WAITERS 0x80000000u
#define FUTEX_TID_MASK 0x3FFFFFFFu
#define ROBUST_LIST_LIMIT 2048
