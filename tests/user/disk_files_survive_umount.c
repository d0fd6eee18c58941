/*
 * Files of every kind, with owners, modes, times, links, holes and long targets, are what they were
 * after their disk was unmounted and mounted again.
 *
 * quire-only
 * disk: 16M -b 1024
 */
#include "files.h"

#include <sys/mount.h>
#include <sys/sysmacros.h>

static const char far[] = "far";

static void make(const char *target)
{
	struct timespec times[2] = {{1000000000, 123456789}, {5000000000 & INT32_MAX, 987654321}};
	int fd;

	file_make("file", "text");
	fd = open("sparse", O_CREAT | O_RDWR, 0600);
	CHECK(pwrite(fd, far, 3, 5000000) == 3 && close(fd) == 0);
	CHECK(link("file", "again") == 0 && symlink("file", "short") == 0);
	CHECK(symlink(target, "long") == 0 && mkfifo("fifo", 0600) == 0);
	CHECK(mknod("device", S_IFCHR | 0600, makedev(300, 70000)) == 0);
	CHECK(mknod("old", S_IFBLK | 0600, makedev(3, 1)) == 0);
	CHECK(mkdir("folder", 0700) == 0 && chmod("file", 04751) == 0);
	CHECK(chown("folder", 70000, 80000) == 0 && utimensat(AT_FDCWD, "file", times, 0) == 0);
}

int main(void)
{
	static const char *const names[] = {"file", "again",  "sparse", "short", "long",
					    "fifo", "device", "old",	"folder"};
	struct stat st[9], now;
	char target[301] = "", found[301] = "", bytes[4] = "xxx";
	int fd;

	memset(target, 't', 300);
	make(target);
	for (int i = 0; i < 9; i++)
		st[i] = stat_of(names[i]);
	CHECK(chdir("/") == 0 && umount("/tmp") == 0);
	CHECK(mount("/dev/hda", "/tmp", "ext2", 0, NULL) == 0 && chdir("/tmp") == 0);
	for (int i = 0; i < 9; i++) {
		now = stat_of(names[i]);
		CHECK(memcmp(&now, &st[i], sizeof(now)) == 0);
	}
	CHECK(st[6].st_rdev == makedev(300, 70000) && st[1].st_nlink == 2);
	CHECK(file_holds("short", "text"));
	CHECK(readlink("long", found, 301) == 300 && strcmp(found, target) == 0);
	fd = open("sparse", O_RDONLY);
	CHECK(pread(fd, bytes, 3, 4999997) == 3 && memcmp(bytes, "\0\0\0", 3) == 0);
	CHECK(pread(fd, bytes, 4, 5000000) == 3 && memcmp(bytes, far, 3) == 0);
	return 0;
}
