/*
 * rename replaces what it may replace, refuses the rest with rename(2)'s error, and leaves both
 * names as they were then.
 *
 * disk-too: 16M -b 1024
 */
#include "files.h"

static void refuse(const char *from, const char *to, int error)
{
	CHECK_ERRNO(rename(from, to), error);
	CHECK(stat_of("dir").st_ino != stat_of("dir/sub").st_ino && file_holds("file", "f"));
}

int main(void)
{
	folder_enter();
	CHECK(mkdir("dir", 0755) == 0 && mkdir("dir/sub", 0755) == 0 && mkdir("empty", 0755) == 0);
	file_make("file", "f");
	file_make("other", "o");
	refuse("missing", "x", ENOENT);
	refuse("file", "missing/x", ENOENT);
	refuse("file", "other/x", ENOTDIR);
	refuse("file", "dir", EISDIR);
	refuse("file", "x/", ENOTDIR);
	refuse("dir", "file", ENOTDIR);
	refuse("dir", "dir/sub/x", EINVAL);
	refuse("dir", "dir/x", EINVAL);
	refuse("dir/sub", "dir", ENOTEMPTY);
	refuse("empty", "dir", ENOTEMPTY);
	refuse(".", "x", EBUSY);
	refuse("dir", "..", EBUSY);
	CHECK(rename("file", "file") == 0 && file_holds("file", "f"));
	CHECK(rename("file", "other") == 0 && !is_there("file") && file_holds("other", "f"));
	CHECK(link("other", "same") == 0 && rename("other", "same") == 0 && is_there("other"));
	CHECK(rename("dir/", "empty") == 0 && is_there("empty/sub") && !is_there("dir"));
	CHECK(stat_of("empty").st_nlink == 3);
	return 0;
}
