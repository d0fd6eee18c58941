/*
 * With vm.explain the log has a sentence about each fault: who, where, what the CPU said, what was done.
 *
 * quire-only
 * swap: 16M
 * lab: cow
 */
#include "counters.h"
#include "explain.h"

int main(void)
{
	volatile char *page = map_anon(4 * PAGE), *read_only = map_anon(PAGE), *file;
	int fd = open("/proc/self/exe", O_RDONLY), me = getpid(), status;
	pid_t child;

	file = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	CHECK(mprotect((void *)read_only, PAGE, PROT_READ) == 0);
	switch_set("/proc/sys/vm/explain", "1");
	page[0] = 1;
	(void)page[PAGE];
	page[PAGE] = 1;
	file[0] = 1;
	CHECK(madvise((void *)page, PAGE, MADV_PAGEOUT) == 0 && page[0] == 1);
	CHECK(read(fd, (void *)(page + 2 * PAGE), 1) == 1);
	CHECK((child = fork()) >= 0);
	if (child == 0) {
		page[PAGE] = 2;
		read_only[0] = 1;
	}
	CHECK(waitpid(child, &status, 0) == child && WTERMSIG(status) == SIGSEGV);
	page[PAGE] = 3;
	switch_set("/proc/sys/vm/explain", "0");
	CHECK(explained(me, page, "anonymous memory (rw-p)", "fresh page of zeroes"));
	CHECK(explained(me, page + PAGE, "no page was mapped", "zeroes that all share"));
	CHECK(explained(me, page + PAGE, "write-protected (error code 0x7)", "fresh page"));
	CHECK(explained(me, file, "explain_tells", "a copy of its own"));
	CHECK(explained(me, page, "no page was mapped (error code 0x4)", "swap"));
	CHECK(explained(me, page + 2 * PAGE, "the kernel, for ", "fresh page of zeroes"));
	CHECK(explained(child, page + PAGE, "others have the page too", "copy of the page table"));
	CHECK(explained(me, page + PAGE, "nobody else has the page", "its own again"));
	CHECK(explained(child, read_only, "(r--p)", "does not allow it, so it gets SIGSEGV"));
	return 0;
}
