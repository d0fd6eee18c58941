/*
 * mmap refuses what its manual page says, with that error, and changes nothing.
 *
 * rows: A13 B5 B13 E39
 */
#include "maps.h"

#include <sys/syscall.h>

static void *mmap2(void *addr, size_t len, int prot, int flags, int fd, size_t pgoff)
{
	return (void *)syscall(SYS_mmap2, addr, len, prot, flags, fd, pgoff);
}

int main(void)
{
	int rw = PROT_READ | PROT_WRITE, anon = MAP_PRIVATE | MAP_ANONYMOUS, pipes[2];
	int file = temp_file(PAGE), reader = open("/proc/self/exe", O_RDONLY);
	int writer = open("/dev/null", O_WRONLY), dir = open("/tmp", O_RDONLY);
	int before = maps_count(NULL, -1);

	CHECK(file >= 0 && reader >= 0 && writer >= 0 && dir >= 0 && pipe(pipes) == 0);
	CHECK_ERRNO(mmap2(NULL, 0, rw, anon, -1, 0), EINVAL);
	CHECK_ERRNO(mmap2(NULL, PAGE, rw, MAP_ANONYMOUS, -1, 0), EINVAL);
	CHECK_ERRNO(mmap2((char *)0x20000001, PAGE, rw, anon | MAP_FIXED, -1, 0), EINVAL);
	CHECK_ERRNO(mmap2(NULL, -1, rw, anon, -1, 0), ENOMEM);
	CHECK_ERRNO(mmap2(NULL, -PAGE, rw, anon, -1, 0), ENOMEM);
	CHECK_ERRNO(mmap2((char *)-(2 * PAGE), 4 * PAGE, rw, anon | MAP_FIXED, -1, 0), ENOMEM);
	CHECK_ERRNO(mmap2(NULL, PAGE, rw, MAP_PRIVATE, -1, 0), EBADF);
	CHECK_ERRNO(mmap2(NULL, PAGE, rw, MAP_PRIVATE, 999, 0), EBADF);
	CHECK_ERRNO(mmap2(NULL, PAGE, PROT_READ, MAP_PRIVATE, writer, 0), EACCES);
	CHECK_ERRNO(mmap2(NULL, PAGE, rw, MAP_SHARED, reader, 0), EACCES);
	CHECK_ERRNO(mmap2(NULL, PAGE, PROT_READ, MAP_PRIVATE, pipes[0], 0), ENODEV);
	CHECK_ERRNO(mmap2(NULL, PAGE, PROT_READ, MAP_PRIVATE, dir, 0), ENODEV);
	CHECK(maps_count(NULL, -1) == before);
	return 0;
}
