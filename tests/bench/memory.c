/* memory.c: what anonymous memory costs: faults, copies, and the calls that lay it out. */
#include "tests/bench/bench.h"

#include <sys/mman.h>
#include <unistd.h>

#define SIZE (16 * MIB)
#define PAGES (SIZE / PAGE)
#define POOL_PAGES 32 /* So few that zeroed frames can lie ready for them. */
#define TABLE_BYTES (4 * MIB)
#define CALLS 200
#define TOUCHES 100
#define STRIDE 7919 /* Prime to the number of pages: each is touched once at most. */
#define FEW_AREAS 10
#define MANY_AREAS 10000

static void measure_write(struct meter *meter)
{
	for (int round = 0; round < ROUNDS; round++) {
		char *at = memory_map(SIZE);

		meter_start(meter);
		pages_write(at, SIZE);
		meter_stop(meter, PAGES);
		memory_unmap(at, SIZE);
	}
}

/* A machine that has been idle may have zeroed some frames beforehand. The table of the pages is
 * there already. */
static void measure_write_rested(struct meter *meter)
{
	for (int round = 0; round < ROUNDS; round++) {
		char *at = memory_map(SIZE);

		pages_write(at, PAGE);
		usleep(100000);
		meter_start(meter);
		pages_write(at + PAGE, POOL_PAGES * PAGE);
		meter_stop(meter, POOL_PAGES);
		memory_unmap(at, SIZE);
	}
}

static void measure_read(struct meter *meter)
{
	for (int round = 0; round < ROUNDS; round++) {
		char *at = memory_map(SIZE);

		meter_start(meter);
		pages_read(at, SIZE);
		meter_stop(meter, PAGES);
		memory_unmap(at, SIZE);
	}
}

static void measure_unmap(struct meter *meter)
{
	for (int round = 0; round < ROUNDS; round++) {
		char *at = memory_map(SIZE);

		pages_write(at, SIZE);
		meter_start(meter);
		memory_unmap(at, SIZE);
		meter_stop(meter, PAGES);
	}
}

/* A child writes to what its parent has, and keeps. */
static void measure_copy(struct meter *meter)
{
	char *at = memory_map(SIZE);

	pages_write(at, SIZE);
	for (int round = 0; round < ROUNDS; round++) {
		pid_t pid = fork();

		if (pid == 0) {
			meter_start(meter);
			pages_write(at, SIZE);
			meter_stop(meter, PAGES);
			_exit(0);
		}
		child_wait(pid);
	}
}

/* What a process pays that forked, once the child has ended. A kernel that shares page tables is made
 * to part them by one write of the child to each; without it there is nothing to pay by page. */
static void measure_sole(struct meter *meter, int part_tables)
{
	char *at = memory_map(SIZE);

	pages_write(at, SIZE);
	for (int round = 0; round < ROUNDS; round++) {
		pid_t pid = fork();

		if (pid == 0) {
			if (part_tables)
				for (size_t i = 0; i < SIZE; i += TABLE_BYTES)
					pages_write(at + i, 1);
			_exit(0);
		}
		child_wait(pid);
		meter_start(meter);
		pages_write(at, SIZE);
		meter_stop(meter, PAGES);
	}
}

static void measure_sole_page(struct meter *meter)
{
	measure_sole(meter, 1);
}

static void measure_sole_table(struct meter *meter)
{
	measure_sole(meter, 0);
}

static void measure_map(struct meter *meter)
{
	for (int round = 0; round < ROUNDS; round++) {
		meter_start(meter);
		for (int i = 0; i < CALLS; i++)
			memory_unmap(memory_map(PAGE), PAGE);
		meter_stop(meter, CALLS);
	}
}

static void measure_map_touch(struct meter *meter)
{
	for (int round = 0; round < ROUNDS; round++) {
		meter_start(meter);
		for (int i = 0; i < CALLS; i++) {
			char *at = memory_map(PAGE);

			pages_write(at, PAGE);
			memory_unmap(at, PAGE);
		}
		meter_stop(meter, CALLS);
	}
}

/* One page amidst 64, to read-only and back. */
static void measure_protect(struct meter *meter)
{
	char *at = memory_map(64 * PAGE), *page = at + 32 * PAGE;

	pages_write(at, 64 * PAGE);
	for (int round = 0; round < ROUNDS; round++) {
		meter_start(meter);
		for (int i = 0; i < CALLS; i++) {
			check(mprotect(page, PAGE, PROT_READ) == 0, "mprotect");
			check(mprotect(page, PAGE, PROT_READ | PROT_WRITE) == 0, "mprotect");
		}
		meter_stop(meter, CALLS);
	}
}

/* A read fault when there are so many areas. */
static void measure_areas(struct meter *meter, size_t areas)
{
	size_t pages = 2 * areas, size = pages * PAGE, touches = pages < TOUCHES ? pages : TOUCHES;
	char *at = memory_map(size);

	for (size_t i = 0; i < areas; i++)
		check(mprotect(at + 2 * i * PAGE, PAGE, PROT_READ) == 0, "mprotect");
	for (int round = 0; round < ROUNDS; round++) {
		pages_read(at, size);
		check(madvise(at, size, MADV_DONTNEED) == 0, "madvise");
		meter_start(meter);
		for (size_t i = 0; i < touches; i++)
			pages_read(at + i * STRIDE % pages * PAGE, 1);
		meter_stop(meter, touches);
	}
}

static void measure_few_areas(struct meter *meter)
{
	measure_areas(meter, FEW_AREAS);
}

static void measure_many_areas(struct meter *meter)
{
	measure_areas(meter, MANY_AREAS);
}

const struct row memory_rows[] = {
	{"anon-write", measure_write},
	{"anon-write-rested", measure_write_rested},
	{"anon-read", measure_read},
	{"unmap", measure_unmap},
	{"cow-copy", measure_copy},
	{"cow-sole", measure_sole_page},
	{"cow-sole-table", measure_sole_table},
	{"mmap", measure_map},
	{"mmap-touch", measure_map_touch},
	{"mprotect", measure_protect},
	{"areas-10", measure_few_areas},
	{"areas-10000", measure_many_areas},
	{NULL, NULL},
};
