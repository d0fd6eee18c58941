/*
 * mincore says which pages a touch would not have to bring in: private ones by the page table, a file's by the
 * cache as well; and it refuses what its manual page says.
 *
 * rows: A13 E30
 */
#include "check.h"

#include <sys/syscall.h>

static long core(void *p, size_t bytes, void *vec)
{
	return syscall(SYS_mincore, p, bytes, vec);
}

int main(void)
{
	int fd = temp_file(4 * PAGE);
	char *file = mmap(NULL, 4 * PAGE, PROT_READ, MAP_SHARED, fd, 0), *p = map_anon(10 * PAGE);
	char *big = map_anon(5000 * PAGE);
	static unsigned char vec[5000];

	p[2 * PAGE] = 1;
	(void)*(volatile char *)(p + 5 * PAGE);
	CHECK(core(p, 9 * PAGE + 1, vec) == 0);
	for (int i = 0; i < 10; i++)
		CHECK((vec[i] & 1) == (i == 2 || i == 5));
	CHECK(file != MAP_FAILED && core(file, 4 * PAGE, vec) == 0);
	CHECK(vec[0] & vec[1] & vec[2] & vec[3] & 1); /* Written, so cached; never mapped. */
	big[4500 * PAGE] = 1;
	CHECK(core(big, 5000 * PAGE, vec) == 0 && (vec[4500] & 1) && !(vec[4499] & 1));

	CHECK(core(p, 0, vec) == 0);
	CHECK_ERRNO(core(p + 1, PAGE, vec), EINVAL);
	CHECK_ERRNO(core(p, -1, vec), ENOMEM);
	CHECK_ERRNO(core(p, PAGE, (void *)-PAGE), EFAULT);
	CHECK_ERRNO(core(p, PAGE, (void *)8), EFAULT);
	CHECK(munmap(p + 4 * PAGE, PAGE) == 0);
	vec[0] = 77;
	CHECK_ERRNO(core(p + 2 * PAGE, 4 * PAGE, vec), ENOMEM);
	CHECK_ERRNO(core(p + 4 * PAGE, PAGE, vec), ENOMEM);
	return 0;
}
