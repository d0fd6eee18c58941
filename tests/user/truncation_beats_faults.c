/*
 * What was cut off a file is gone from every mapping, though pages of it were touched, and brought in with
 * their neighbours, while it was cut.
 *
 * rows: E28
 * disk-too: 16M -b 1024
 */
#include "probe.h"

#define SIZE (48 * PAGE)
#define ROUNDS 25

static volatile bool *cut;
static char *map;

/* Touch the file until it is cut and long again: then it is zero. */
static void toucher(void)
{
	alarm(30);
	while (!*cut) {
		for (uint32_t at = 0; at < SIZE && !*cut; at += 5 * PAGE)
			(void)probe_read(map + at);
		madvise(map, SIZE, MADV_DONTNEED);
	}
	CHECK(pages_hold(map, SIZE, 0));
	_exit(0);
}

int main(void)
{
	int fd = temp_file(SIZE), status;
	static char text[SIZE];
	pid_t pid;

	cut = map_shared(PAGE);
	map = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, fd, 0);
	CHECK(map != MAP_FAILED);
	memset(text, 'x', SIZE);
	for (int round = 0; round < ROUNDS; round++) {
		*cut = false;
		CHECK(pwrite(fd, text, SIZE, 0) == (ssize_t)SIZE);
		pid = fork();
		CHECK(pid >= 0);
		if (pid == 0)
			toucher();
		for (volatile int spin = rand() % 3000000; spin > 0; spin--)
			;
		CHECK(ftruncate(fd, 0) == 0 && ftruncate(fd, SIZE) == 0);
		*cut = true;
		CHECK(pages_hold(map, SIZE, 0));
		CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	}
	return 0;
}
