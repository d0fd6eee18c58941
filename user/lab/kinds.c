/*
 * kinds: a row of eight pages, no two of which came about in the same way. ./quire map --at end draws it.
 */

#include "user/lab/lab.h"

#include <fcntl.h>

#define PAGES 8u
#define PAGEOUT 21 /* madvise: MADV_PAGEOUT, which musl does not name. */

static void file_page(unsigned char *at, int fd, int how)
{
	if (mmap(at, PAGE, PROT_READ | PROT_WRITE, how | MAP_FIXED, fd, 0) == MAP_FAILED)
		exit(1);
}

/* Reading is noticed by the kernel only if the compiler does it. */
static void read_page(const unsigned char *at)
{
	(void)*(volatile const unsigned char *)at;
}

int main(void)
{
	unsigned char *row = pages_alloc(PAGES);
	int fd = open("/tmp/kinds", O_RDWR | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || ftruncate(fd, PAGE) != 0)
		return 1;
	file_page(row + 3 * PAGE, fd, MAP_PRIVATE);
	file_page(row + 4 * PAGE, fd, MAP_PRIVATE);
	file_page(row + 5 * PAGE, fd, MAP_SHARED);
	row[0] = 1;	       /* A frame of our own. */
	read_page(row + PAGE); /* The frame of zeroes, which all share. Page 2 stays untouched. */
	read_page(row + 3 * PAGE); /* The file's frame, private as the mapping may be. */
	row[4 * PAGE] = 1;	   /* A copy of it. */
	row[5 * PAGE] = 1;	   /* Again the file's frame. */
	row[6 * PAGE] = 1;
	row[7 * PAGE] = 1;
	return madvise(row + 7 * PAGE, PAGE, PAGEOUT) != 0; /* To swap. */
}
