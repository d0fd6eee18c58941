/* Two processes that answer each other's signals a thousand times never wait for one in vain. */
#include "signals.h"

#define ROUNDS 1000

static void play(pid_t other, bool begins)
{
	sigset_t none;

	sigemptyset(&none);
	for (int i = 0; i < ROUNDS; i++) {
		if (begins)
			CHECK(kill(other, SIGUSR1) == 0);
		while (signals_caught <= i)
			sigsuspend(&none);
		if (!begins)
			CHECK(kill(other, SIGUSR1) == 0);
	}
}

int main(void)
{
	pid_t child;

	handle(SIGUSR1, note_signal, 0);
	block(SIGUSR1);
	child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		play(getppid(), false);
		_exit(0);
	}
	play(child, true);
	CHECK(wait_status(child, 0) == 0);
	return 0;
}
