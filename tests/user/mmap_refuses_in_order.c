/*
 * mmap says that there is no file before what is wrong with the place, and that before what is wrong
 * with the file; MAP_SHARED_VALIDATE refuses flags that are newer than itself; only private memory can
 * grow.
 *
 * rows: A13
 */
#include "check.h"

static void *map(void *at, int prot, int flags, int fd)
{
	return mmap(at, PAGE, prot, flags, fd, 0);
}

int main(void)
{
	int rw = PROT_READ | PROT_WRITE, anon = MAP_ANONYMOUS, fd;
	char path[] = "/tmp/test-XXXXXX", *p;

	fd = mkstemp(path);
	CHECK(fd >= 0 && close(fd) == 0);
	fd = open(path, O_RDONLY);
	p = map_anon(2 * PAGE);
	CHECK(fd >= 0 && unlink(path) == 0 && munmap(p + PAGE, PAGE) == 0);

	CHECK_ERRNO(map(p, rw, MAP_SHARED | MAP_FIXED_NOREPLACE, -1), EBADF);
	CHECK_ERRNO(map(p, rw, MAP_SHARED | MAP_FIXED_NOREPLACE, open("/", O_PATH)), EBADF);
	CHECK_ERRNO(map(p, rw, MAP_SHARED, fd), EACCES);
	CHECK_ERRNO(map(p, rw, MAP_SHARED | MAP_FIXED_NOREPLACE, fd), EEXIST);
	CHECK_ERRNO(map(p + 1, rw, MAP_SHARED | MAP_FIXED, fd), EINVAL);
	CHECK_ERRNO(map(p, rw, MAP_FIXED_NOREPLACE, fd), EEXIST);

	CHECK_ERRNO(map(NULL, rw, MAP_SHARED_VALIDATE | anon, -1), EINVAL);
	CHECK_ERRNO(map(p + PAGE, PROT_READ, MAP_SHARED_VALIDATE | MAP_FIXED_NOREPLACE, fd),
		    EOPNOTSUPP);
	CHECK(map(NULL, PROT_READ, MAP_SHARED_VALIDATE | MAP_NORESERVE, fd) != MAP_FAILED);

	CHECK_ERRNO(map(NULL, rw, MAP_SHARED | MAP_GROWSDOWN | anon, -1), EINVAL);
	CHECK(map(NULL, rw, MAP_PRIVATE | MAP_GROWSDOWN | anon, -1) != MAP_FAILED);
	return 0;
}
