/*
 * Four threads that want the same swapped page at once get it by one read.
 *
 * rows: A40 E27
 * quire-only
 * swap: 16M
 */
#include "swap.h"

#include <pthread.h>

static char *page;

static void *touch(void *arg)
{
	(void)arg;
	CHECK(*(volatile char *)page == 1);
	return NULL;
}

int main(void)
{
	pthread_t threads[4];

	page = pages_in_swap(1);
	long reads = counter("/proc/vmstat", "pswpin");

	for (int i = 0; i < 4; i++)
		CHECK(pthread_create(&threads[i], NULL, touch, NULL) == 0);
	for (int i = 0; i < 4; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	CHECK(counter("/proc/vmstat", "pswpin") == reads + 1);
	return 0;
}
