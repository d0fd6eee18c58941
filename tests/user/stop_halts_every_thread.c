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

/* How many threads move within ms, or sooner once all have. */
static int moving(int ms)
{
	unsigned before[THREADS];
	int moved = 0;

	for (int i = 0; i < THREADS; i++)
		before[i] = counters[i];
	for (; ms > 0 && moved < THREADS; ms -= 10) {
		sleep_ms(10);
		moved = 0;
		for (int i = 0; i < THREADS; i++)
			moved += counters[i] != before[i];
	}
	return moved;
}

int main(void)
{
	counters = map_shared(PAGE);
	for (int sig = SIGKILL; sig <= SIGTERM; sig += SIGTERM - SIGKILL) {
		pid_t child = fork();

		CHECK(child >= 0);
		if (child == 0)
			run(NULL);
		CHECK(moving(10000) == THREADS);
		CHECK(kill(child, SIGSTOP) == 0 && WIFSTOPPED(wait_status(child, WUNTRACED)));
		CHECK(moving(300) == 0);
		CHECK(kill(child, SIGCONT) == 0 && moving(10000) == THREADS);
		CHECK(kill(child, sig) == 0 && WTERMSIG(wait_status(child, 0)) == sig);
	}
	return 0;
}
