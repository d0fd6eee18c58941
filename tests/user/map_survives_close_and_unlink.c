/*
 * A mapping keeps its file: it works after close, after unlink, and in a child after the parent
 * unmapped it.
 *
 * rows: A15 A25 E40
 * disk-too: 16M -b 1024
 */
#include "check.h"

static void read_map(void *p)
{
	char *map = p;

	for (int i = 0; i < 8; i++)
		CHECK(map[i * PAGE] == i + 1);
}

static void read_map_later(void *p)
{
	sleep_ms(30);
	read_map(p);
}

int main(void)
{
	int fd = temp_file(8 * PAGE), status; /* Unlinked already. */
	char *p = mmap(NULL, 8 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	pid_t pid;

	CHECK(p != MAP_FAILED && p[0] == 1 && close(fd) == 0);
	CHECK(p[PAGE] == 2);
	CHECK(child_run(read_map, p) == 0);
	pid = fork();
	if (pid == 0) {
		read_map_later(p);
		_exit(0);
	}
	CHECK(munmap(p, 8 * PAGE) == 0);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	return 0;
}
