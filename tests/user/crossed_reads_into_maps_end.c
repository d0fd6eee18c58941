/*
 * Two processes that read each a half of a file into a mapping of the other half, and write it back from there,
 * with none of it in memory, do not wait for each other for ever.
 *
 * rows: E47
 * disk-too: 16M -b 1024
 */
#include "check.h"

#define HALF (32 * PAGE)

static int fd;
static char *map;

static void forget(void)
{
	CHECK(fsync(fd) == 0 && posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
}

/* Both halves of the mapping and of the file say the same here, whoever copies which to which. */
static void copy(off_t from, off_t to)
{
	alarm(30);
	for (int round = 0; round < 6; round++) {
		forget();
		CHECK(pread(fd, map + to, HALF, from) == (ssize_t)HALF);
		forget();
		CHECK(pwrite(fd, map + from, HALF, to) == (ssize_t)HALF);
		CHECK(pread(fd, map + from, HALF, from) == (ssize_t)HALF);
	}
}

int main(void)
{
	int status;
	pid_t pid;

	fd = temp_file(2 * HALF);
	map = mmap(NULL, 2 * HALF, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(map != MAP_FAILED && pwrite(fd, map, HALF, HALF) == (ssize_t)HALF);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		copy(HALF, 0);
		_exit(0);
	}
	copy(0, HALF);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	for (uint32_t at = 0; at < 2 * HALF; at += PAGE)
		CHECK(map[at] == (char)(at % HALF / PAGE + 1) && map[at + PAGE - 1] == map[at]);
	return 0;
}
