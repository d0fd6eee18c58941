/*
 * Of a shared mapping only what was written is in the file after munmap; what was only read, or never touched,
 * is as it was; what lies beyond the end is nowhere.
 *
 * rows: A22 E43 E45 E55
 * disk-too: 16M
 */
#include "check.h"

int main(void)
{
	char path[] = "changed-XXXXXX", page[PAGE];
	int fd = mkstemp(path);
	char *p;

	CHECK(fd >= 0 && unlink(path) == 0);
	memset(page, 'o', PAGE);
	for (int i = 0; i < 4; i++)
		CHECK(write(fd, page, i < 3 ? PAGE : 100) == (i < 3 ? (ssize_t)PAGE : 100));
	p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED && p[PAGE] == 'o');
	p[0] = 'n';
	p[3 * PAGE + 99] = 'n';
	p[3 * PAGE + 100] = 'x';
	CHECK(munmap(p, 2 * PAGE) == 0 && munmap(p + 2 * PAGE, 2 * PAGE) == 0);
	for (int i = 0; i < 3; i++) {
		CHECK(pread(fd, page, PAGE, i * PAGE) == PAGE);
		CHECK(page[0] == (i == 0 ? 'n' : 'o') && page[1] == 'o' && page[PAGE - 1] == 'o');
	}
	CHECK(pread(fd, page, PAGE, 3 * PAGE) == 100 && page[98] == 'o' && page[99] == 'n');
	CHECK(fsync(fd) == 0 && ftruncate(fd, 4 * PAGE) == 0);
	CHECK(pread(fd, page, 1, 3 * PAGE + 100) == 1 && page[0] == 0);
	return 0;
}
