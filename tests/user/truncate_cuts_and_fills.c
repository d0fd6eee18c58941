/*
 * A file cut short and made long again has zeros where its end was, page line or not, and in a
 * mapping too.
 *
 * rows: E55
 * disk-too: 16M -b 1024
 */
#include "check.h"

static void cut_at(int fd, char *p, off_t size)
{
	memset(p, 'x', 3 * PAGE);
	CHECK(ftruncate(fd, size) == 0 && lseek(fd, 0, SEEK_END) == size);
	CHECK(ftruncate(fd, 3 * PAGE) == 0);
	for (off_t i = 0; i < (off_t)(3 * PAGE); i++) {
		char byte;

		CHECK(i % 97 != 0 || pread(fd, &byte, 1, i) == 1);
		CHECK(p[i] == (i < size ? 'x' : 0) && (i % 97 != 0 || byte == p[i]));
	}
}

int main(void)
{
	int fd = temp_file(3 * PAGE);
	char *p = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	CHECK(p != MAP_FAILED);
	munmap(p, 3 * PAGE);
	for (off_t size = 0; size <= (off_t)(3 * PAGE); size += PAGE / 2 + 3) {
		p = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		cut_at(fd, p, size);
		munmap(p, 3 * PAGE);
	}
	CHECK_ERRNO(ftruncate(fd, -1), EINVAL);
	return 0;
}
