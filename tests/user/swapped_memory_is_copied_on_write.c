/*
 * After fork both show what is in swap; what the child writes, the parent does not see, also when the written
 * page of a mapped file went to swap: it comes back as written.
 *
 * rows: D34 A45
 * quire-only
 * swap: 16M
 */
#include "swap.h"

int main(void)
{
	long used = SWAP_USED;
	char *at = pages_in_swap(8), *file;
	int fd = open("/proc/self/exe", O_RDONLY), status;

	file = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	CHECK(file != MAP_FAILED);
	file[0] = 17;
	if (fork() == 0) {
		CHECK(at[0] == 1 && file[0] == 17);
		at[PAGE] = 99;
		file[1] = 18;
		CHECK(madvise(file, PAGE, MADV_PAGEOUT) == 0 && IN_SWAP(file));
		CHECK(madvise(at + PAGE, PAGE, MADV_PAGEOUT) == 0 && IN_SWAP(at + PAGE));
		CHECK(file[0] == 17 && file[1] == 18 && at[PAGE] == 99);
		_exit(0);
	}
	CHECK(wait(&status) > 0 && status == 0);
	for (int i = 0; i < 8; i++)
		CHECK(at[i * PAGE] == i + 1);
	CHECK(file[0] == 17 && file[1] != 18);
	CHECK(munmap(at, 8 * PAGE) == 0 && SWAP_USED == used);
	return 0;
}
