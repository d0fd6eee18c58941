/* Handlers installed without SA_RESTORER come back too: plain ones and those with siginfo. */
#include "signals.h"

struct kernel_sigaction {
	void *handler;
	unsigned long flags;
	void *restorer;
	uint64_t mask;
};

static void install(int sig, void *handler, unsigned long flags)
{
	struct kernel_sigaction action = {.handler = handler, .flags = flags};

	CHECK(syscall(SYS_rt_sigaction, sig, &action, NULL, 8) == 0);
}

static void with_info(int sig, siginfo_t *info, void *context)
{
	CHECK(info->si_signo == sig && context);
	note_signal(sig);
}

int main(void)
{
	install(SIGUSR1, note_signal, 0);
	raise(SIGUSR1);
	CHECK(signals_caught == 1 && signal_last == SIGUSR1);
	install(SIGUSR2, with_info, SA_SIGINFO);
	raise(SIGUSR2);
	CHECK(signals_caught == 2 && signal_last == SIGUSR2);
	return 0;
}
