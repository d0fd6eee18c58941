/* files.c: what mapped pages of a file cost that is in memory. */
#include "tests/bench/bench.h"

#include <sys/mman.h>

#define SIZE (4 * MIB)
#define PAGES (SIZE / PAGE)

static char *file_map(int fd, int flags)
{
	char *at = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, flags, fd, 0);

	check(at != MAP_FAILED, "mmap");
	return at;
}

static void measure_touch(struct meter *meter, int flags, int write)
{
	int fd = file_make(SIZE);

	for (int round = 0; round < ROUNDS; round++) {
		char *at = file_map(fd, flags);

		meter_start(meter);
		if (write)
			pages_write(at, SIZE);
		else
			pages_read(at, SIZE);
		meter_stop(meter, PAGES);
		memory_unmap(at, SIZE);
	}
}

static void measure_read(struct meter *meter)
{
	measure_touch(meter, MAP_SHARED, 0);
}

static void measure_write(struct meter *meter)
{
	measure_touch(meter, MAP_SHARED, 1);
}

static void measure_private(struct meter *meter)
{
	measure_touch(meter, MAP_PRIVATE, 1);
}

const struct row file_rows[] = {
	{"file-read", measure_read},
	{"file-write", measure_write},
	{"file-private", measure_private},
	{NULL, NULL},
};
