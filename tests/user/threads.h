/* threads.h: what the programs about threads share. */
#pragma once

#include "check.h"

#include <pthread.h>

#define THREADS 8

/* Run fn in THREADS threads at once; its argument is their number. */
static inline void threads_run(void *(*fn)(void *))
{
	pthread_t threads[THREADS];

	for (uintptr_t i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, fn, (void *)i) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
}
