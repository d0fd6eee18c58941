/*
 * A tmpfs mounted over a directory hides what is there, keeps its size, cannot be removed, renamed
 * or unmounted while it is used, and uncovers the directory when it goes.
 *
 * quire-only
 */
#include "files.h"

#include <sys/mount.h>
#include <sys/statfs.h>

int main(void)
{
	static char block[70000];
	struct statfs figures;
	int fd;

	folder_enter();
	CHECK(mkdir("place", 0755) == 0);
	file_make("place/below", "b");
	CHECK_ERRNO(mount("x", "place/below", "tmpfs", 0, NULL), ENOTDIR);
	CHECK_ERRNO(mount("x", "place", "nosuchfs", 0, NULL), ENODEV);
	CHECK_ERRNO(mount("x", "place", "tmpfs", 0, "size=nonsense"), EINVAL);
	CHECK_ERRNO(mount("/dev/null", "place", "iso9660", 0, NULL), ENOTBLK);
	CHECK(mount("x", "place", "tmpfs", 0, "size=64k") == 0 && !is_there("place/below"));
	CHECK(statfs("place", &figures) == 0 && figures.f_blocks == 16);
	fd = open("place/file", O_CREAT | O_RDWR, 0644);
	CHECK(write(fd, block, sizeof(block)) == 65536);
	CHECK_ERRNO(write(fd, block, 1), ENOSPC);
	CHECK_ERRNO(rmdir("place"), EBUSY);
	CHECK_ERRNO(rename("place", "other"), EBUSY);
	CHECK_ERRNO(rename("place/file", "file"), EXDEV);
	CHECK_ERRNO(umount("place"), EBUSY);
	CHECK(close(fd) == 0 && mount("x", "place", "tmpfs", MS_REMOUNT | MS_RDONLY, NULL) == 0);
	CHECK_ERRNO(open("place/new", O_CREAT | O_RDWR, 0644), EROFS);
	CHECK(umount("place") == 0 && file_holds("place/below", "b"));
	CHECK_ERRNO(umount("place"), EINVAL);
	return 0;
}
