/*
 * Writing, linking and changing a file move the times they should; utimensat sets them to the
 * nanosecond, or to now, or not at all.
 *
 * disk-too: 16M -b 4096
 */
#include "files.h"

static bool is(struct timespec t, time_t sec, long nsec)
{
	return t.tv_sec == sec && t.tv_nsec == nsec;
}

int main(void)
{
	struct timespec set[2] = {{100, 5}, {200, 7}};
	struct stat st;

	folder_enter();
	file_make("file", "x");
	CHECK(utimensat(AT_FDCWD, "file", set, 0) == 0);
	st = stat_of("file");
	CHECK(is(st.st_atim, 100, 5) && is(st.st_mtim, 200, 7) && st.st_ctime > 1000000000);
	set[0].tv_nsec = UTIME_OMIT;
	set[1].tv_nsec = UTIME_NOW;
	CHECK(utimensat(AT_FDCWD, "file", set, 0) == 0);
	st = stat_of("file");
	CHECK(is(st.st_atim, 100, 5) && st.st_mtime > 1000000000);
	CHECK(utimensat(AT_FDCWD, "file", (struct timespec[2]){{1, 0}, {1, 0}}, 0) == 0);
	CHECK(chmod("file", 0600) == 0 && stat_of("file").st_mtime == 1);
	file_make("file", "y");
	CHECK(stat_of("file").st_mtime > 1000000000);
	CHECK(utimensat(AT_FDCWD, ".", (struct timespec[2]){{1, 0}, {1, 0}}, 0) == 0);
	CHECK(link("file", "name") == 0 && stat_of(".").st_mtime > 1000000000);
	CHECK(symlink("file", "link") == 0);
	set[0] = set[1] = (struct timespec){300, 0};
	CHECK(utimensat(AT_FDCWD, "link", set, AT_SYMLINK_NOFOLLOW) == 0);
	CHECK(stat_of("link").st_mtime == 300 && stat_of("file").st_mtime != 300);
	set[0].tv_nsec = 1000000000;
	CHECK_ERRNO(utimensat(AT_FDCWD, "file", set, 0), EINVAL);
	return 0;
}
