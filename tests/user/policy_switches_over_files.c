/*
 * Another replacement policy at any time, while pages of a mapped file go to their disk and come
 * back: none is lost.
 *
 * quire-only
 * mem: 32M
 * disk: 64M
 * timeout: 180
 */
#include "policy.h"

#define PAGES (40u * 256) /* 40 MiB. */

int main(void)
{
	int fd = temp_file(0);
	void *file;

	CHECK(ftruncate(fd, PAGES * PAGE) == 0);
	file = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(file != MAP_FAILED);
	switch_while_used(file, PAGES);
	return 0;
}
