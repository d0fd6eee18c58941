/*
 * Who reads a file through a mapping, private or shared, sees the page cache's own pages: none is copied. read
 * copies each into a page of the reader's.
 *
 * rows: A10
 */
#include "procfs.h"

#define PAGES 256u

/* How many pages, all in memory, are the file's and not the process's own. */
static unsigned pages_of_file(const char *p)
{
	unsigned n = 0;

	for (unsigned i = 0; i < PAGES; i++) {
		uint64_t word = pagemap_at(p + i * PAGE);

		CHECK(word & PM_PRESENT);
		n += (word & PM_FILE) != 0;
	}
	return n;
}

int main(void)
{
	int fd = temp_file(PAGES * PAGE);
	char *buffer = map_anon(PAGES * PAGE);

	for (int how = MAP_SHARED; how <= MAP_PRIVATE; how++) {
		char *p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, how, fd, 0);

		CHECK(p != MAP_FAILED);
		for (unsigned i = 0; i < PAGES; i++)
			CHECK(p[i * PAGE] == (char)(i + 1));
		CHECK(pages_of_file(p) == PAGES);
	}
	CHECK(pread(fd, buffer, PAGES * PAGE, 0) == PAGES * PAGE);
	CHECK(pages_of_file(buffer) == 0);
	return 0;
}
