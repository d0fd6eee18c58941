/*
 * What was never written in a file reads as zero and takes no room; SEEK_DATA and SEEK_HOLE find
 * the borders.
 *
 * disk-too: 16M -b 1024
 */
#include "files.h"

#define FAR (64 << 20)

int main(void)
{
	char bytes[PAGE];
	int fd = temp_file(PAGE);
	struct stat st;

	CHECK(pwrite(fd, "end", 3, FAR) == 3);
	CHECK(fstat(fd, &st) == 0 && st.st_size == FAR + 3 && st.st_blocks * 512 <= 16 * PAGE);
	for (long at = PAGE; at < FAR; at += FAR / 16) {
		memset(bytes, 1, sizeof(bytes));
		CHECK(pread(fd, bytes, sizeof(bytes), at) == (ssize_t)sizeof(bytes));
		for (unsigned i = 0; i < sizeof(bytes); i++)
			CHECK(bytes[i] == (at + i < FAR ? 0 : "end"[at + i - FAR]));
	}
	CHECK(lseek(fd, 0, SEEK_HOLE) == PAGE);
	CHECK(lseek(fd, PAGE, SEEK_DATA) == FAR);
	CHECK(lseek(fd, FAR, SEEK_HOLE) == FAR + 3);
	CHECK_ERRNO(lseek(fd, FAR + 3, SEEK_DATA), ENXIO);
	return 0;
}
