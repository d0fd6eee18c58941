/* abi/wait.h: waiting for children as Linux i386 has it (include/uapi/linux/wait.h). */
#pragma once

#define WNOHANG 0x00000001u
#define WUNTRACED 0x00000002u
#define WSTOPPED WUNTRACED
#define WEXITED 0x00000004u
#define WCONTINUED 0x00000008u
#define WNOWAIT 0x01000000u
#define WNOTHREAD 0x20000000u
#define WALL 0x40000000u
#define WCLONE 0x80000000u

#define P_ALL 0
#define P_PID 1
#define P_PGID 2

/* Wait statuses: an exit code, a signal (with WCOREFLAG when it would have dumped core), a stop. */
#define WSTATUS_EXIT(code) (((code)&0xFF) << 8)
#define WSTATUS_STOP(sig) ((sig) << 8 | 0x7F)
#define WSTATUS_CONTINUED 0xFFFF
#define WCOREFLAG 0x80
