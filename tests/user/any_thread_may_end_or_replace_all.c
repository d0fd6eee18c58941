/*
 * Whichever thread exits the process or executes a program does so for all of them, even when the first
 * thread has gone; what is executed has the number of the process.
 */
#include "threads.h"

#include <sys/syscall.h>

static char *self, number[12];

static void *wait_for_ever(void *arg)
{
	pause();
	return arg;
}

static void *end_all(void *arg)
{
	sleep_ms(10);
	_exit(7);
	return arg;
}

static void *replace_all(void *arg)
{
	char *args[] = {self, number, NULL};

	sleep_ms(10);
	execv(self, args);
	_exit(99);
	return arg;
}

static int status_of(void *(*fn)(void *), bool first_leaves)
{
	pthread_t thread;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		snprintf(number, sizeof(number), "%d", getpid());
		for (int i = 0; i < THREADS; i++)
			CHECK(pthread_create(&thread, NULL, wait_for_ever, NULL) == 0);
		CHECK(pthread_create(&thread, NULL, fn, NULL) == 0);
		if (first_leaves)
			pthread_exit(NULL);
		pause();
	}
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return atoi(argv[1]) == getpid() && syscall(SYS_gettid) == getpid() ? 9 : 8;
	self = argv[0];
	for (int leaves = 0; leaves < 2; leaves++) {
		CHECK(status_of(end_all, leaves) == 7);
		CHECK(status_of(replace_all, leaves) == 9);
	}
	return 0;
}
