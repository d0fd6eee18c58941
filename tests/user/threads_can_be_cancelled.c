/*
 * A thread that waits, for a signal, a pipe or a semaphore, or computes and allows it, ends when it is
 * cancelled, and what it wanted done then is done.
 */
#include "threads.h"

#include <semaphore.h>

static int cleaned;
static sem_t never, ready;

static void clean(void *arg)
{
	(void)arg;
	__atomic_fetch_add(&cleaned, 1, __ATOMIC_SEQ_CST);
}

static void wait_in_some_way(uintptr_t number)
{
	int fds[2];
	char c;

	switch (number % 4) {
	case 0:
		pause();
		break;
	case 1:
		CHECK(pipe(fds) == 0 && read(fds[0], &c, 1) == 1);
		break;
	case 2:
		sem_wait(&never);
		break;
	default:
		pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
		for (;;)
			;
	}
}

static void *victim(void *number)
{
	pthread_cleanup_push(clean, NULL);
	sem_post(&ready);
	wait_in_some_way((uintptr_t)number);
	pthread_cleanup_pop(0);
	return NULL;
}

int main(void)
{
	pthread_t threads[THREADS];
	void *result;

	for (uintptr_t i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, victim, (void *)i) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(sem_wait(&ready) == 0);
	for (int i = 0; i < THREADS; i++) {
		CHECK(pthread_cancel(threads[i]) == 0);
		CHECK(pthread_join(threads[i], &result) == 0 && result == PTHREAD_CANCELED);
	}
	CHECK(cleaned == THREADS);
	return 0;
}
