/* Timers of timer_create are gone after execve and in the child of fork. */
#include "signals.h"

int main(int argc, char **argv)
{
	struct itimerspec it = {.it_value = {.tv_nsec = 50000000}};
	timer_t timer;

	if (argc > 1) {
		sleep_ms(150); /* SIGALRM would end us. */
		return 0;
	}
	CHECK(timer_create(CLOCK_MONOTONIC, NULL, &timer) == 0);
	CHECK(timer_settime(timer, 0, &it, NULL) == 0);
	if (fork() == 0) {
		CHECK_ERRNO(timer_gettime(timer, &it), EINVAL);
		sleep_ms(100);
		_exit(0);
	}
	execl("/proc/self/exe", argv[0], "again", NULL);
	CHECK(false);
}
