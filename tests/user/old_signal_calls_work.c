/* The calls from before there were 64 signals: signal, sigaction, sigprocmask, sigpending, sigsuspend, ssetmask. */
#include "signals.h"

#define MASK(sig) (1ul << ((sig)-1))

struct old_sigaction {
	void (*handler)(int);
	unsigned long mask;
	unsigned long flags;
	void (*restorer)(void);
};

int main(void)
{
	struct old_sigaction new = {.handler = note_signal, .mask = MASK(SIGHUP)}, old;
	unsigned long set = MASK(SIGUSR1), seen;

	CHECK(syscall(SYS_sigaction, SIGUSR1, &new, NULL) == 0);
	CHECK(syscall(SYS_sigaction, SIGUSR1, NULL, &old) == 0);
	CHECK(old.handler == note_signal && old.mask == MASK(SIGHUP));
	block(SIGRTMIN);
	CHECK(syscall(SYS_sigprocmask, SIG_SETMASK, &set, &seen) == 0 && seen == 0);
	CHECK(is_blocked(SIGUSR1) && is_blocked(SIGRTMIN)); /* It is about the first 32. */
	CHECK(raise(SIGUSR1) == 0 && syscall(SYS_sigpending, &seen) == 0);
	CHECK(seen == MASK(SIGUSR1) && signals_caught == 0);
	CHECK_ERRNO(syscall(SYS_sigsuspend, 0, 0, MASK(SIGUSR2)), EINTR);
	CHECK(signals_caught == 1 && is_blocked(SIGUSR1) && !is_blocked(SIGUSR2));
	CHECK((unsigned long)syscall(SYS_ssetmask, 0) == MASK(SIGUSR1));
	CHECK(syscall(SYS_sgetmask) == 0 && !is_blocked(SIGUSR1));
	CHECK(syscall(SYS_signal, SIGUSR2, note_signal) == (long)SIG_DFL);
	CHECK(syscall(SYS_sigaction, SIGUSR2, NULL, &old) == 0);
	CHECK(old.flags == (SA_RESETHAND | SA_NODEFER));
	CHECK(syscall(SYS_signal, SIGUSR2, SIG_IGN) == (long)note_signal);
	return 0;
}
