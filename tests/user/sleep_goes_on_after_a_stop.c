/* A sleep that a stop interrupts ends when it would have ended, not later and not with EINTR. */
#include "signals.h"

int main(void)
{
	double start = now();
	pid_t child = fork();

	CHECK(child >= 0);
	if (child == 0) {
		struct timespec ts = {.tv_sec = 1};

		CHECK(nanosleep(&ts, NULL) == 0);
		_exit(4);
	}
	for (int i = 0; i < 3; i++) {
		sleep_ms(250);
		CHECK(kill(child, SIGSTOP) == 0);
		CHECK(WIFSTOPPED(wait_status(child, WUNTRACED)));
		CHECK(kill(child, SIGCONT) == 0);
	}
	CHECK(WEXITSTATUS(wait_status(child, 0)) == 4);
	CHECK(now() - start >= 1 && now() - start < 1.6);
	return 0;
}
