/* abi/signal.h: signals as Linux i386 has them (arch/x86/include/uapi/asm/signal.h, siginfo.h). */
#pragma once

#include <stdint.h>

#define NSIG 64

#define SIGHUP 1
#define SIGINT 2
#define SIGQUIT 3
#define SIGILL 4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGBUS 7
#define SIGFPE 8
#define SIGKILL 9
#define SIGUSR1 10
#define SIGSEGV 11
#define SIGUSR2 12
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGSTKFLT 16
#define SIGCHLD 17
#define SIGCONT 18
#define SIGSTOP 19
#define SIGTSTP 20
#define SIGTTIN 21
#define SIGTTOU 22
#define SIGURG 23
#define SIGXCPU 24
#define SIGXFSZ 25
#define SIGVTALRM 26
#define SIGPROF 27
#define SIGWINCH 28
#define SIGIO 29
#define SIGPWR 30
#define SIGSYS 31
#define SIGRTMIN 32
#define SIGRTMAX 64

#define SIG_DFL 0
#define SIG_IGN 1

#define SA_NOCLDSTOP 0x00000001u
#define SA_NOCLDWAIT 0x00000002u
#define SA_SIGINFO 0x00000004u
#define SA_RESTORER 0x04000000u
#define SA_ONSTACK 0x08000000u
#define SA_RESTART 0x10000000u
#define SA_NODEFER 0x40000000u
#define SA_RESETHAND 0x80000000u
/* Flags that sigaction(2) keeps; it drops all others, so that programs can ask for what is known. */
#define SA_KNOWN                                                                                   \
	(SA_NOCLDSTOP | SA_NOCLDWAIT | SA_SIGINFO | SA_RESTORER | SA_ONSTACK | SA_RESTART |        \
	 SA_NODEFER | SA_RESETHAND)

#define SIG_BLOCK 0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

#define SS_ONSTACK 1
#define SS_DISABLE 2
#define SS_AUTODISARM 0x80000000u
#define MINSIGSTKSZ 2048

/* stack_t of sigaltstack(2). */
struct sigstack {
	uint32_t sp; /* User address. */
	uint32_t flags;
	uint32_t size;
};

/* struct sigevent of timer_create(2), 64 bytes. */
#define SIGEV_SIGNAL 0
#define SIGEV_NONE 1
#define SIGEV_THREAD 2
#define SIGEV_THREAD_ID 4

struct sigevent {
	uint32_t value;
	int32_t signo, notify;
	int32_t tid; /* SIGEV_THREAD_ID */
	uint32_t pad[12];
};

/* struct sigaction of rt_sigaction(2). */
struct sigaction_k {
	uint32_t handler; /* User address, SIG_DFL or SIG_IGN. */
	uint32_t flags;
	uint32_t restorer;
	uint64_t mask;
} __attribute__((packed, aligned(4)));

/* si_code */
#define SI_USER 0
#define SI_KERNEL 0x80
#define SI_QUEUE (-1)
#define SI_TIMER (-2)
#define SI_TKILL (-6)
#define ILL_ILLOPN 2
#define FPE_INTDIV 1
#define FPE_INTOVF 2
#define FPE_FLTDIV 3
#define FPE_FLTOVF 4
#define FPE_FLTUND 5
#define FPE_FLTRES 6
#define FPE_FLTINV 7
#define SEGV_MAPERR 1
#define SEGV_ACCERR 2
#define BUS_ADRALN 1
#define BUS_ADRERR 2
#define TRAP_BRKPT 1
#define TRAP_TRACE 2
#define CLD_EXITED 1
#define CLD_KILLED 2
#define CLD_DUMPED 3
#define CLD_STOPPED 5
#define CLD_CONTINUED 6

/* What the kernel keeps of a siginfo_t: all that any signal uses. */
struct siginfo {
	int32_t signo, errno_, code;
	union {
		struct {
			int32_t pid;
			uint32_t uid;
			union {
				uint32_t value; /* sigqueue */
				struct {
					int32_t status; /* SIGCHLD */
					int32_t utime, stime;
				};
			};
		};
		struct {
			int32_t timer, overrun; /* SI_TIMER */
			uint32_t timer_value;
		};
		uint32_t addr; /* Faults. */
	};
};

/* siginfo_t. */
struct siginfo_user {
	struct siginfo info;
	uint32_t zero[24];
};

_Static_assert(sizeof(struct siginfo_user) == 128, "siginfo_t is 128 bytes");
_Static_assert(sizeof(struct sigevent) == 64, "struct sigevent is 64 bytes");
_Static_assert(sizeof(struct sigaction_k) == 20, "struct sigaction is 20 bytes");
