/*
 * A file system becomes read-only when no file of it is open for writing, and not before; then
 * nothing in it can be changed, until it is made writable again.
 *
 * quire-only
 */
#include "check.h"

#include <sys/mount.h>
#include <sys/stat.h>

static int remount(unsigned long flags)
{
	return mount("none", "place", NULL, MS_REMOUNT | flags, NULL);
}

int main(void)
{
	int fd;

	CHECK(mkdir("place", 0755) == 0 && mount("none", "place", "tmpfs", 0, NULL) == 0);
	CHECK((fd = open("place/file", O_RDWR | O_CREAT, 0600)) >= 0);
	CHECK_ERRNO(remount(MS_RDONLY), EBUSY);
	CHECK(write(fd, "x", 1) == 1 && close(fd) == 0);
	CHECK((fd = open("place/file", O_RDONLY)) >= 0);
	CHECK(remount(MS_RDONLY) == 0 && close(fd) == 0);
	CHECK_ERRNO(open("place/file", O_WRONLY), EROFS);
	CHECK_ERRNO(unlink("place/file"), EROFS);
	CHECK(remount(0) == 0 && unlink("place/file") == 0);
	CHECK(umount("place") == 0 && rmdir("place") == 0);
	return 0;
}
