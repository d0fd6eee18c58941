/*
 * A mapping of /dev/zero is fresh zeroes: shared with children, or private; the device keeps nothing.
 *
 * rows: A12 D31 D32
 */
#include "probe.h"

int main(void)
{
	int fd = open("/dev/zero", O_RDWR), reader = open("/dev/zero", O_RDONLY);
	int rw = PROT_READ | PROT_WRITE, null = open("/dev/null", O_RDWR);
	char *shared = mmap(NULL, 2 * PAGE, rw, MAP_SHARED, fd, 0);
	char *private = mmap(NULL, 2 * PAGE, rw, MAP_PRIVATE, fd, 0), *p;

	CHECK(fd >= 0 && shared != MAP_FAILED && private != MAP_FAILED && close(fd) == 0);
	CHECK(pages_hold(shared, 2 * PAGE, 0) && pages_hold(private, 2 * PAGE, 0));
	private[0] = 'p';
	if (fork() == 0) {
		shared[PAGE] = private[0];
		private[0] = 'c';
		_exit(0);
	}
	CHECK(wait(NULL) > 0 && shared[PAGE] == 'p' && private[0] == 'p');
	p = mmap(NULL, PAGE, rw, MAP_PRIVATE, reader, 0);
	CHECK(p != MAP_FAILED && p[0] == 0);
	p[0] = 1;
	CHECK_ERRNO(mmap(NULL, PAGE, rw, MAP_SHARED, reader, 0), EACCES);
	p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, reader, 0);
	CHECK(p != MAP_FAILED && p[0] == 0);
	CHECK_ERRNO(mprotect(p, PAGE, rw), EACCES);
	CHECK_ERRNO(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, null, 0), ENODEV);
	return 0;
}
