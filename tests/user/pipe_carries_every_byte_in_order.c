/*
 * What goes into a pipe in pieces of any size comes out the same, whatever the sizes it is read in.
 *
 * rows: C11
 */
#include "check.h"

#define TOTAL (1 << 20)

static unsigned next(unsigned *state)
{
	return (*state = *state * 1103515245 + 12345) >> 16;
}

static void produce(int fd)
{
	static unsigned char part[20000];
	unsigned seed = 1;

	for (unsigned sent = 0; sent < TOTAL;) {
		unsigned n = next(&seed) % sizeof(part) + 1;

		n = n < TOTAL - sent ? n : TOTAL - sent;
		for (unsigned i = 0; i < n; i++)
			part[i] = (unsigned char)((sent + i) * 7 >> 3);
		CHECK(write(fd, part, n) == (ssize_t)n);
		sent += n;
	}
	_exit(0);
}

int main(void)
{
	static unsigned char part[20000];
	unsigned seed = 2, got = 0;
	ssize_t n;
	int fds[2];

	CHECK(pipe(fds) == 0);
	if (fork() == 0)
		produce(fds[1]);
	close(fds[1]);
	while ((n = read(fds[0], part, next(&seed) % sizeof(part) + 1)) > 0)
		for (ssize_t i = 0; i < n; i++, got++)
			CHECK(part[i] == (unsigned char)(got * 7 >> 3));
	CHECK(n == 0 && got == TOTAL);
	return 0;
}
