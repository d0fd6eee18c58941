/*
 * abi/ucontext.h: what the kernel puts on a program's stack before it calls a signal handler, as Linux
 * i386 has it (arch/x86/include/asm/sigframe.h, uapi/asm/sigcontext.h, asm-generic/ucontext.h).
 *
 *	higher	fpu_frame	at an address that aligns its FXSAVE image to 64 bytes
 *		frame		struct sigframe, or struct rt_sigframe for SA_SIGINFO
 *	esp ->	pretcode	the handler's return address
 */
#pragma once

#include "kernel/abi/signal.h"

/* Registers at the moment of the signal; each selector is followed by 16 unused bits. */
struct sigcontext {
	uint32_t gs, fs, es, ds;
	uint32_t edi, esi, ebp, esp, ebx, edx, ecx, eax;
	uint32_t trapno, err; /* Of the last exception. */
	uint32_t eip, cs, eflags;
	uint32_t esp_at_signal, ss;
	uint32_t fpstate; /* User address of a struct fpu_frame; 0: a fresh FPU. */
	uint32_t oldmask; /* Signals 1 to 32. */
	uint32_t cr2;	  /* Of the last page fault. */
};

#define TRAPNO_PAGE_FAULT 14

/* sigcontext.err of a page fault: the CPU's error code (Intel SDM vol. 3, 4.7). */
#define TRAPERR_PRESENT 0x01u
#define TRAPERR_WRITE 0x02u
#define TRAPERR_FETCH 0x10u

struct ucontext {
	uint32_t flags;
	uint32_t link;
	struct sigstack stack;
	struct sigcontext mcontext;
	uint64_t sigmask;
} __attribute__((packed, aligned(4)));

#define RETCODE_SIZE 8

/* Where the FPU state stood in the first Linux; it keeps extramask in its place. */
#define SIGFRAME_UNUSED 624

struct sigframe {
	uint32_t pretcode;
	int32_t sig;
	struct sigcontext sc;
	uint8_t unused[SIGFRAME_UNUSED];
	uint32_t extramask; /* Signals 33 to 64. */
	uint8_t retcode[RETCODE_SIZE];
};

struct rt_sigframe {
	uint32_t pretcode;
	int32_t sig;
	uint32_t info_user, uc_user; /* The handler's further arguments. */
	struct siginfo_user info;
	struct ucontext uc;
	uint8_t retcode[RETCODE_SIZE];
};

_Static_assert(sizeof(struct sigcontext) == 88, "struct sigcontext is 88 bytes");
_Static_assert(sizeof(struct ucontext) == 116, "struct ucontext is 116 bytes");
_Static_assert(sizeof(struct sigframe) == 732, "struct sigframe is 732 bytes");
_Static_assert(sizeof(struct rt_sigframe) == 268, "struct rt_sigframe is 268 bytes");
