/*
 * Threads that touch a new page at the same time get the same one: what each wrote is there, and no frame is
 * lost with the slower ones.
 *
 * rows: A18 E42 E46
 */
#include "check.h"

#include <pthread.h>

#define THREADS 4
#define PAGES 400

static pthread_barrier_t barrier;
static char *anon, *private;

static void *toucher(void *arg)
{
	int me = (int)(intptr_t)arg;

	for (int i = 0; i < PAGES; i++) {
		pthread_barrier_wait(&barrier);
		anon[i * PAGE + me] = (char)(me + 1);
		private[i % 16 * PAGE + i / 16 * THREADS + me] = (char)(me + 1);
	}
	return NULL;
}

int main(void)
{
	int fd = temp_file(16 * PAGE);
	pthread_t thread[THREADS];

	anon = map_anon(PAGES * PAGE);
	private = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	CHECK(private != MAP_FAILED && pthread_barrier_init(&barrier, NULL, THREADS) == 0);
	for (intptr_t i = 0; i < THREADS; i++)
		CHECK(pthread_create(&thread[i], NULL, toucher, (void *)i) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(thread[i], NULL) == 0);
	for (int i = 0; i < PAGES; i++)
		for (int me = 0; me < THREADS; me++) {
			CHECK(anon[i * PAGE + me] == me + 1);
			CHECK(private[i % 16 * PAGE + i / 16 * THREADS + me] == me + 1);
		}
	return 0;
}
