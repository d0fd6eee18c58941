/*
 * The walk follows 40 symbolic links and no more, takes names of 255 and paths of 4095 bytes, and
 * knows what a slash at the end means.
 *
 * disk-too: 16M -b 4096
 */
#include "files.h"

int main(void)
{
	char name[300], path[5000] = "", link[16], target[16];

	folder_enter();
	file_make("0", "found");
	for (int i = 1; i <= 41; i++) {
		snprintf(link, sizeof(link), "%d", i);
		snprintf(target, sizeof(target), "%d", i - 1);
		CHECK(symlink(target, link) == 0);
	}
	CHECK(file_holds("40", "found"));
	CHECK_ERRNO(open("41", O_RDONLY), ELOOP);
	CHECK(symlink("loop", "loop") == 0);
	CHECK_ERRNO(open("loop/x", O_RDONLY), ELOOP);
	CHECK_ERRNO(open("1", O_RDONLY | O_NOFOLLOW), ELOOP);
	memset(name, 'n', sizeof(name));
	name[256] = '\0';
	CHECK_ERRNO(open(name, O_CREAT | O_RDWR, 0644), ENAMETOOLONG);
	name[255] = '\0';
	CHECK(mkdir(name, 0755) == 0);
	for (int i = 0; i < 2047; i++)
		strcat(path, "./");
	strcat(path, "0"); /* 4095 bytes. */
	CHECK(file_holds(path, "found"));
	strcat(path, "0");
	CHECK_ERRNO(open(path, O_RDONLY), ENAMETOOLONG);
	CHECK_ERRNO(open("", O_RDONLY), ENOENT);
	CHECK_ERRNO(open("0/", O_RDONLY), ENOTDIR);
	CHECK_ERRNO(open("0/x", O_RDONLY), ENOTDIR);
	CHECK_ERRNO(open("new/", O_CREAT | O_RDWR, 0644), EISDIR);
	CHECK(mkdir("new//", 0755) == 0 && rmdir("new/") == 0);
	return 0;
}
