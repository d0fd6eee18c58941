/*
 * The CD can be read as a block device and mounted a second time; both show what the root shows,
 * and nothing on it can be changed.
 *
 * quire-only
 */
#include "files.h"

#include <sys/mount.h>

static unsigned hash_file(const char *path)
{
	static unsigned char block[65536];
	int fd = open(path, O_RDONLY);
	unsigned hash = 5381;
	ssize_t n;

	CHECK(fd >= 0);
	while ((n = read(fd, block, sizeof(block))) > 0)
		for (ssize_t i = 0; i < n; i++)
			hash = hash * 33 + block[i];
	CHECK(n == 0);
	close(fd);
	return hash;
}

int main(void)
{
	char magic[6] = "";
	int fd = open("/dev/hdc", O_RDONLY);

	CHECK(fd >= 0 && pread(fd, magic, 5, 32769) == 5 && strcmp(magic, "CD001") == 0);
	folder_enter();
	CHECK(mkdir("cd", 0755) == 0 && mount("/dev/hdc", "cd", "iso9660", MS_RDONLY, NULL) == 0);
	CHECK(hash_file("cd/bin/busybox") == hash_file("/bin/busybox"));
	CHECK_ERRNO(open("/bin/busybox", O_RDWR), EROFS);
	CHECK_ERRNO(unlink("/init"), EROFS);
	CHECK_ERRNO(mkdir("/new", 0755), EROFS);
	CHECK_ERRNO(open("/dev/hdc", O_RDWR), EROFS);
	CHECK(umount("cd") == 0);
	return 0;
}
