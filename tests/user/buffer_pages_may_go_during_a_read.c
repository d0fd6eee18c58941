/*
 * A read into a buffer whose pages are taken away meanwhile ends whole: the kernel brings them back as often as
 * need be, and each byte is the file's or fresh.
 *
 * rows: A36 E38
 */
#include "check.h"

#include <pthread.h>

#define SIZE (32 * PAGE)

static char *buf;
static volatile bool stop;

static void *discard(void *arg)
{
	while (!stop)
		for (unsigned i = 0; i < SIZE; i += 4 * PAGE)
			CHECK(madvise(buf + i, 2 * PAGE, MADV_DONTNEED) == 0);
	return arg;
}

int main(void)
{
	int fd = temp_file(SIZE);
	pthread_t thread;

	buf = map_anon(SIZE);
	CHECK(pthread_create(&thread, NULL, discard, NULL) == 0);
	for (int round = 0; round < 200; round++) {
		CHECK(pread(fd, buf, SIZE, 0) == SIZE);
		for (unsigned i = 0; i < SIZE; i += PAGE) {
			char seen = buf[i];

			CHECK(seen == (char)(i / PAGE + 1) || (i / PAGE % 4 < 2 && seen == 0));
		}
	}
	stop = true;
	CHECK(pthread_join(thread, NULL) == 0);
	return 0;
}
