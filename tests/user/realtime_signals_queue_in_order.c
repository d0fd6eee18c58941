/* Real-time signals are all delivered: lower numbers first, those of one number in the order they came. */
#include "signals.h"

static int order[40];

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)context;
	CHECK(info->si_code == SI_QUEUE);
	order[signals_caught++] = sig * 100 + info->si_value.sival_int;
}

int main(void)
{
	sigset_t all;

	for (int sig = SIGRTMIN; sig < SIGRTMIN + 4; sig++) {
		struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};

		sigfillset(&action.sa_mask);
		CHECK(sigaction(sig, &action, NULL) == 0);
	}
	sigfillset(&all);
	CHECK(sigprocmask(SIG_BLOCK, &all, NULL) == 0);
	for (int i = 0; i < 10; i++)
		for (int sig = SIGRTMIN + 3; sig >= SIGRTMIN; sig--)
			CHECK(sigqueue(getpid(), sig, (union sigval){.sival_int = i}) == 0);
	CHECK(sigprocmask(SIG_UNBLOCK, &all, NULL) == 0);
	CHECK(signals_caught == 40);
	for (int i = 0; i < 40; i++)
		CHECK(order[i] == (SIGRTMIN + i / 10) * 100 + i % 10);
	return 0;
}
