/*
 * A disk with a deleted file that is still open cannot become read-only; afterwards it can, nothing
 * changes it, also not the times of what is read, and it can be written again.
 *
 * quire-only
 * disk: 4M
 */
#include "files.h"

#include <sys/mount.h>

static int remount(unsigned long flags)
{
	return mount(NULL, "/tmp", NULL, MS_REMOUNT | flags, NULL);
}

int main(void)
{
	struct stat before, after;
	int fd;

	file_make("file", "text");
	fd = open("gone", O_CREAT | O_RDWR, 0644);
	CHECK(close(fd) == 0);
	fd = open("gone", O_RDONLY);
	CHECK(unlink("gone") == 0);
	CHECK_ERRNO(remount(MS_RDONLY), EBUSY);
	file_make("still", "writable");
	CHECK(close(fd) == 0 && remount(MS_RDONLY) == 0);
	CHECK_ERRNO(open("new", O_CREAT | O_RDWR, 0644), EROFS);
	CHECK_ERRNO(truncate("file", 0), EROFS);
	CHECK_ERRNO(chmod("file", 0600), EROFS);
	before = stat_of("file");
	CHECK(file_holds("file", "text"));
	after = stat_of("file");
	CHECK(memcmp(&before, &after, sizeof(before)) == 0);
	CHECK(remount(0) == 0 && unlink("file") == 0);
	return 0;
}
