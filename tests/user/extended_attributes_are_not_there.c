/*
 * A file without extended attributes says so in the ways that programs take for an answer: ls and cp
 * ask each file.
 */
#include "files.h"

#include <sys/xattr.h>

/* What a file system says that has none, or none of this name. */
static bool has_none(ssize_t n)
{
	return n < 0 && (errno == EOPNOTSUPP || errno == ENODATA);
}

int main(void)
{
	char value[16];
	int fd = temp_file(PAGE);
	ssize_t n = flistxattr(fd, value, sizeof(value));

	CHECK(n == 0 || errno == EOPNOTSUPP);
	CHECK(has_none(getxattr("/tmp", "user.none", value, sizeof(value))));
	CHECK(has_none(lgetxattr("/proc/self/exe", "security.none", value, sizeof(value))));
	CHECK(has_none(fgetxattr(fd, "user.none", value, sizeof(value))));
	CHECK(has_none(fremovexattr(fd, "user.none")));
	CHECK_ERRNO(getxattr("/none/such", "user.none", value, sizeof(value)), ENOENT);
	CHECK_ERRNO(setxattr("/none/such", "user.none", value, 1, 0), ENOENT);
	CHECK_ERRNO(listxattr("/none/such", value, sizeof(value)), ENOENT);
	CHECK_ERRNO(fgetxattr(99, "user.none", value, sizeof(value)), EBADF);
	return 0;
}
