/* A pending process signal is not lost when the thread that could take it blocks it or ends: another takes it. */
#include "signals.h"

#include <pthread.h>

static void *opener(void *delay_ms)
{
	sleep_ms(*(int *)delay_ms);
	unblock(SIGUSR1);
	sleep_ms(50);
	return NULL;
}

static void *closer(void *unused)
{
	unblock(SIGUSR1);
	block(SIGUSR1);
	return unused;
}

int main(void)
{
	pthread_t threads[2];
	int delay = 20;

	handle(SIGUSR1, note_signal, SA_RESTART);
	block(SIGUSR1);
	for (int i = 1; i <= 10; i++) {
		CHECK(pthread_create(&threads[0], NULL, closer, NULL) == 0);
		CHECK(pthread_create(&threads[1], NULL, opener, &delay) == 0);
		CHECK(kill(getpid(), SIGUSR1) == 0);
		CHECK(pthread_join(threads[0], NULL) == 0);
		CHECK(pthread_join(threads[1], NULL) == 0);
		CHECK(signals_caught == i);
	}
	return 0;
}
