/* SIGSTOP halts all threads of a process, SIGCONT lets all go on, SIGKILL and a fatal signal end all. */
#include "signals.h"

#include <pthread.h>

#define THREADS 3

static volatile unsigned *counters;

static void *count(void *arg)
{
	for (;;)
		counters[(uintptr_t)arg]++;
	return NULL;
}

static void run(void *unused)
{
	pthread_t thread;

	(void)unused;
	for (uintptr_t i = 0; i < THREADS; i++)
		CHECK(pthread_create(&thread, NULL, count, (void *)i) == 0);
	for (;;)
		pause();
}

static bool all_move(void)
{
	unsigned before[THREADS];
	int moved = 0;

	for (int i = 0; i < THREADS; i++)
		before[i] = counters[i];
	sleep_ms(400);
	for (int i = 0; i < THREADS; i++)
		moved += counters[i] != before[i];
	CHECK(moved == 0 || moved == THREADS);
	return moved > 0;
}

int main(void)
{
	counters = map_shared(PAGE);
	for (int sig = SIGKILL; sig <= SIGTERM; sig += SIGTERM - SIGKILL) {
		pid_t child = fork();

		CHECK(child >= 0);
		if (child == 0)
			run(NULL);
		sleep_ms(100);
		CHECK(all_move());
		CHECK(kill(child, SIGSTOP) == 0 && WIFSTOPPED(wait_status(child, WUNTRACED)));
		CHECK(!all_move());
		CHECK(kill(child, SIGCONT) == 0 && all_move());
		CHECK(kill(child, sig) == 0 && WTERMSIG(wait_status(child, 0)) == sig);
	}
	return 0;
}
