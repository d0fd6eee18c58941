/*
 * mprotect refuses what its manual page says; what it had changed up to a hole stays changed, as on
 * Linux.
 *
 * rows: A13
 */
#include "maps.h"

#include <sys/syscall.h>

/* Not through the library, which rounds. */
static int protect(void *p, size_t bytes, int prot)
{
	return syscall(SYS_mprotect, p, bytes, prot);
}

int main(void)
{
	int fd = open("/proc/self/exe", O_RDONLY);
	char *p = map_anon(6 * PAGE);
	char *file = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);

	CHECK(fd >= 0 && file != MAP_FAILED);
	touch_write(p, 6 * PAGE, 'm');
	CHECK_ERRNO(protect(p + 1, PAGE, PROT_READ), EINVAL);
	CHECK_ERRNO(protect(p, PAGE, 0x40), EINVAL);
	CHECK_ERRNO(protect(p, PAGE, PROT_GROWSDOWN | PROT_GROWSUP), EINVAL);
	CHECK_ERRNO(protect(p, PAGE, PROT_READ | PROT_GROWSDOWN), EINVAL);
	CHECK_ERRNO(protect((char *)-(2 * PAGE), 4 * PAGE, PROT_READ), ENOMEM);
	CHECK_ERRNO(protect((char *)-PAGE, PAGE, PROT_READ), ENOMEM);
	CHECK_ERRNO(protect(file, PAGE, PROT_READ | PROT_WRITE), EACCES);
	CHECK(protect(p, 0, PROT_NONE) == 0);
	CHECK(maps_count(p, 6 * PAGE) == 1 && maps_is(p, "rw-p") && pages_hold(p, 6 * PAGE, 'm'));
	CHECK(munmap(p + 3 * PAGE, PAGE) == 0);
	CHECK_ERRNO(protect(p, 6 * PAGE, PROT_READ), ENOMEM);
	CHECK(maps_is(p + 2 * PAGE, "r--p") && maps_is(p + 4 * PAGE, "rw-p"));
	return 0;
}
