/*
 * When every file system in memory is filled to its end, programs still run, and can make room again.
 *
 * rows: A6 A14
 * quire-only
 * mem: 32M
 */
#include "counters.h"

#define PART (16 * PAGE)
#define FILES 4

static const char *const names[FILES] = {"/tmp/fill", "/dev/shm/fill", "/run/fill", "/root/fill"};

static void fill(const char *name)
{
	int fd = open(name, O_CREAT | O_WRONLY, 0600);
	static char part[PART];
	ssize_t n;

	CHECK(fd >= 0);
	while ((n = write(fd, part, PART)) > 0)
		;
	CHECK(n == -1 && errno == ENOSPC);
	close(fd);
}

static void run_ls(void *arg)
{
	(void)arg;
	execl("/bin/busybox", "ls", "/tmp", (char *)NULL);
	_exit(127);
}

int main(void)
{
	for (int i = 0; i < FILES; i++)
		fill(names[i]);
	CHECK(child_run(run_ls, NULL) == 0);
	for (int i = 0; i < FILES; i++)
		CHECK(unlink(names[i]) == 0);
	fill(names[0]);
	CHECK(unlink(names[0]) == 0);
	return 0;
}
