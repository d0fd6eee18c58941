/*
 * Bytes can be written at both sides of every level of a file's map, up to 2 GiB; between them are
 * holes that take no room; cutting gives back what is behind.
 *
 * disk-too: 32M -b 1024
 */
#include "files.h"

/* Blocks of 1 KiB: 12 in the inode, 256 below one level, 256^2, 256^3. */
static const long long at[] = {0,	 12287,	   12288,   274431,	 274432,
			       67383295, 67383296, 1 << 30, 0x7FFFFFF0LL};
#define COUNT (sizeof(at) / sizeof(at[0]))

static void verify(int fd, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char bytes[8] = "";

		CHECK(pread(fd, bytes, 2, at[i]) == 2 && bytes[0] == (char)('a' + i));
		CHECK(pread(fd, bytes, 1, at[i] + 5000) == 0 || bytes[0] == '\0');
	}
}

int main(void)
{
	struct stat st;
	int fd;

	folder_enter();
	fd = open("file", O_CREAT | O_RDWR | O_LARGEFILE, 0644);
	for (size_t i = 0; i < COUNT; i++)
		CHECK(pwrite(fd, (char[]){'a' + i, '\0'}, 2, at[i]) == 2);
	CHECK(fsync(fd) == 0 && fstat(fd, &st) == 0);
	CHECK(st.st_size == 0x7FFFFFF2 && st.st_blocks > 0 && st.st_blocks < 400);
	verify(fd, COUNT);
	for (size_t i = COUNT - 1; i > 0; i--) {
		CHECK(ftruncate(fd, at[i]) == 0 && ftruncate(fd, 0x7FFFFFFF) == 0);
		verify(fd, i);
	}
	CHECK(ftruncate(fd, 0) == 0 && fstat(fd, &st) == 0 && st.st_blocks == 0);
	return 0;
}
