/*
 * shm_open makes a file below /dev/shm that others map by its name until it is unlinked.
 *
 * rows: A12 A15 B17 B21 D31
 */
#include "check.h"

#include <sys/stat.h>

static char name[32];

static void child(void *arg)
{
	int fd = shm_open(name, O_RDWR, 0);
	char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	(void)arg;
	CHECK(fd >= 0 && p != MAP_FAILED && p[0] == 42);
	p[0] = 53;
}

int main(void)
{
	char path[64], *p;
	struct stat st;
	int fd;

	snprintf(name, sizeof(name), "/test-%d", getpid());
	snprintf(path, sizeof(path), "/dev/shm%s", name);
	fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	CHECK(fd >= 0 && ftruncate(fd, PAGE) == 0 && posix_fallocate(fd, 0, PAGE) == 0);
	CHECK(stat(path, &st) == 0 && st.st_size == PAGE && st.st_blocks == 8);
	p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED && close(fd) == 0);
	p[0] = 42;
	CHECK(child_run(child, NULL) == 0 && p[0] == 53);
	CHECK(shm_unlink(name) == 0 && stat(path, &st) < 0 && p[0] == 53);
	CHECK_ERRNO(shm_open(name, O_RDWR, 0), ENOENT);
	return 0;
}
