/* A program cannot give itself I/O privileges or turn interrupts off by what it puts into a signal frame. */
#include "signals.h"

#define FLAGS_IF 0x200
#define FLAGS_IOPL 0x3000
#define FLAGS_NT 0x4000
#define FLAGS_VM 0x20000
#define FLAGS_CF 0x1

static void handler(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	note_signal(sig);
	(void)info;
	uc->uc_mcontext.gregs[REG_EFL] = FLAGS_IOPL | FLAGS_NT | FLAGS_VM | FLAGS_CF;
}

int main(void)
{
	int result, flags;

	handle_info(SIGUSR1, handler, 0);
	__asm__ volatile("int $0x80; pushf; popl %1"
			 : "=a"(result), "=r"(flags)
			 : "0"(SYS_kill), "b"(getpid()), "c"(SIGUSR1)
			 : "memory", "cc");
	CHECK(result == 0 && signals_caught == 1);
	CHECK((flags & (FLAGS_IF | FLAGS_IOPL | FLAGS_NT | FLAGS_VM)) == FLAGS_IF);
	CHECK(flags & FLAGS_CF);
	return 0;
}
