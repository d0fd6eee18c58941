/*
 * Memory that the kernel itself uses may be in swap: a file of memory that nobody maps, and the buffer of a system
 * call. The kernel's own fault brings the buffer back, and the call goes on.
 *
 * rows: D21 E38
 * quire-only
 * swap: 16M
 */
#include "swap.h"

#include <sys/syscall.h>

#define PAGES 8
#ifndef MADV_POPULATE_READ /* Newer than the headers. */
#define MADV_POPULATE_READ 22
#endif

/* Send what fd, whose page i is to hold i + 1, has in memory to swap, where no page table leads. */
static void send_to_swap(int fd)
{
	void *at = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_SHARED, fd, 0);

	CHECK(at != MAP_FAILED && madvise(at, PAGES * PAGE, MADV_POPULATE_READ) == 0);
	CHECK(madvise(at, PAGES * PAGE, MADV_PAGEOUT) == 0 && munmap(at, PAGES * PAGE) == 0);
}

int main(void)
{
	int fd = (int)syscall(SYS_memfd_create, "pageable", 0);
	char *from = pages_in_swap(PAGES), *to;
	long read = VMSTAT(pswpin), used;

	CHECK(write(fd, from, PAGES * PAGE) == PAGES * PAGE && !IN_SWAP(from));
	CHECK(VMSTAT(pswpin) >= read + PAGES);
	used = SWAP_USED;
	send_to_swap(fd);
	CHECK(SWAP_USED == used + PAGES * 4);
	memset(from, 0, PAGES * PAGE); /* Its slots are free: nothing else is there to be read. */
	to = pages_in_swap(PAGES);
	read = VMSTAT(pswpin);
	CHECK(pread(fd, to, PAGES * PAGE, 0) == PAGES * PAGE);
	CHECK(VMSTAT(pswpin) == read + 2 * PAGES); /* The file's, and the buffer's. */
	for (int i = 0; i < PAGES; i++)
		CHECK(to[i * PAGE] == i + 1 && to[i * PAGE + PAGE - 1] == i + 1);
	vm_check();
	return 0;
}
