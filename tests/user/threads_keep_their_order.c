/*
 * Mutexes keep threads apart, conditions let each have its turn, barriers hold them until all are there, and
 * no reader sees half of what a writer does.
 */
#include "threads.h"

#define ROUNDS 300

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static volatile unsigned turn, count, twin;

static void *take_turns(void *number)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&mutex);
		while (turn % THREADS != (uintptr_t)number)
			pthread_cond_wait(&turned, &mutex);
		turn++;
		pthread_cond_broadcast(&turned);
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

static void *count_together(void *number)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		pthread_barrier_wait(&barrier);
		CHECK(count == i * THREADS / 2 && twin == count);
		pthread_barrier_wait(&barrier);
		if ((uintptr_t)number % 2) {
			pthread_rwlock_wrlock(&rwlock);
			count++;
			twin++;
		} else {
			pthread_rwlock_rdlock(&rwlock);
			CHECK(count == twin);
		}
		pthread_rwlock_unlock(&rwlock);
	}
	return NULL;
}

int main(void)
{
	CHECK(pthread_barrier_init(&barrier, NULL, THREADS) == 0);
	threads_run(take_turns);
	CHECK(turn == ROUNDS * THREADS);
	threads_run(count_together);
	return 0;
}
