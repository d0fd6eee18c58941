/*
 * mremap with MREMAP_MAYMOVE carries the pages along, whole page tables or single entries, also those that are
 * shared since a fork; nothing is left behind and nobody else sees a change.
 *
 * rows: A13 A17 A25
 */
#include "probe.h"

#define SIZE (3 * TABLE_SPAN)

static char *aligned(size_t off)
{
	char *p = map_anon(SIZE + 2 * TABLE_SPAN);

	return (char *)(((uintptr_t)p + TABLE_SPAN - 1) & -TABLE_SPAN) + off;
}

static void fill(char *p)
{
	for (size_t i = 0; i < SIZE; i += 64 * PAGE)
		*(size_t *)(p + i) = i + 1;
}

static void expect(const char *p)
{
	for (size_t i = 0; i < SIZE; i += 64 * PAGE)
		CHECK(*(const size_t *)(p + i) == i + 1);
	CHECK(p[PAGE] == 0);
}

static void move(size_t from_off, size_t to_off, bool forks)
{
	char *from = aligned(from_off), *to = aligned(to_off);
	pid_t child = 0;
	int status;

	fill(from);
	if (forks)
		CHECK((child = fork()) >= 0);
	CHECK(mremap(from, SIZE, SIZE, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to);
	expect(to);
	CHECK(probe_read(from).code == SEGV_MAPERR &&
	      probe_read(from + SIZE - PAGE).code == SEGV_MAPERR);
	to[0] = child == 0 ? 'c' : 'p';
	to[SIZE - 1] = to[0];
	if (forks && child == 0)
		_exit(0);
	if (forks)
		CHECK(waitpid(child, &status, 0) == child && status == 0 && to[0] == 'p');
	CHECK(to[0] == to[SIZE - 1]);
	CHECK(munmap(to, SIZE) == 0);
}

int main(void)
{
	char *p;

	for (int forks = 0; forks < 2; forks++) {
		move(0, 0, forks);
		move(0, 5 * PAGE, forks);
		move(7 * PAGE, 7 * PAGE, forks);
	}
	p = map_anon(4 * PAGE);
	touch_write(p, 2 * PAGE, 'g');
	CHECK(mremap(p, 2 * PAGE, 3 * PAGE, 0) == MAP_FAILED && errno == ENOMEM);
	p = mremap(p, 2 * PAGE, 600 * PAGE, MREMAP_MAYMOVE);
	CHECK(p != MAP_FAILED && pages_hold(p, 2 * PAGE, 'g') && p[599 * PAGE] == 0);
	return 0;
}
