/*
 * When a disk has no inode left nothing can be made, but for more names of what there is; a removed
 * file's inode can be used again, an open one's when it is closed.
 *
 * quire-only
 * disk: 4M -N 64
 */
#include "files.h"

static int make_all(void)
{
	char name[16];
	int n = 0;

	for (;; n++) {
		snprintf(name, sizeof(name), "n%d", n);
		if (mknod(name, S_IFREG | 0644, 0) != 0)
			break;
	}
	CHECK(errno == ENOSPC);
	return n;
}

int main(void)
{
	int n = make_all(), fd;

	CHECK(n > 40 && n < 64);
	CHECK_ERRNO(mkdir("folder", 0755), ENOSPC);
	CHECK_ERRNO(symlink("x", "link"), ENOSPC);
	CHECK(link("n0", "name") == 0 && unlink("n1") == 0);
	CHECK(mkdir("folder", 0755) == 0 && rmdir("folder") == 0);
	fd = open("n2", O_RDWR);
	CHECK(mkfifo("fifo", 0644) == 0 && unlink("n2") == 0);
	CHECK_ERRNO(mkfifo("another", 0644), ENOSPC);
	CHECK(write(fd, "x", 1) == 1 && close(fd) == 0);
	CHECK(mkfifo("another", 0644) == 0);
	return 0;
}
