/*
 * Shared anonymous memory and files of memory go to swap as well, and come back for all who share them.
 *
 * rows: D37 E25
 * quire-only
 * swap: 16M
 */
#include "swap.h"

#include <sys/stat.h>
#include <sys/syscall.h>

int main(void)
{
	long used = SWAP_USED;
	int fd = (int)syscall(SYS_memfd_create, "m", 0), status;
	struct stat st;
	char *at, buf[4];

	CHECK(fd >= 0 && ftruncate(fd, 8 * PAGE) == 0);
	at = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	for (int i = 0; i < 8; i++)
		at[i * PAGE] = i + 1;
	CHECK(madvise(at, 8 * PAGE, MADV_PAGEOUT) == 0 && SWAP_USED == used + 8 * 4);
	CHECK(fstat(fd, &st) == 0 && st.st_blocks == 8 * 8);
	CHECK(lseek(fd, 0, SEEK_HOLE) == 8 * PAGE && lseek(fd, PAGE, SEEK_DATA) == PAGE);
	CHECK(pread(fd, buf, 1, 3 * PAGE) == 1 && buf[0] == 4);
	if (fork() == 0) {
		CHECK(at[0] == 1);
		at[7 * PAGE] = 77;
		_exit(0);
	}
	CHECK(wait(&status) > 0 && status == 0 && at[7 * PAGE] == 77);
	CHECK(ftruncate(fd, 4 * PAGE) == 0 && ftruncate(fd, 8 * PAGE) == 0);
	CHECK(at[4 * PAGE] == 0 && at[2 * PAGE] == 3);
	CHECK(munmap(at, 8 * PAGE) == 0 && close(fd) == 0);
	CHECK(SWAP_USED == used);
	return 0;
}
