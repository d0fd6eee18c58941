/*
 * utimensat sets either time, both or none; for none it does not even look, and without a path it means the
 * descriptor and takes no flags.
 */
#include "check.h"

#include <sys/stat.h>
#include <sys/syscall.h>

static long set(int fd, const char *path, long access_ns, long change_ns, int flags)
{
	const int64_t times[4] = {1000, access_ns, 2000, change_ns};

	return syscall(SYS_utimensat_time64, fd, path, times, flags);
}

int main(void)
{
	char name[] = "/tmp/timesXXXXXX";
	int fd = mkstemp(name);
	struct stat st;

	CHECK(fd >= 0 && set(fd, NULL, 1, 2, 0) == 0 && fstat(fd, &st) == 0);
	CHECK(st.st_atim.tv_sec == 1000 && st.st_atim.tv_nsec == 1);
	CHECK(st.st_mtim.tv_sec == 2000 && st.st_mtim.tv_nsec == 2);
	CHECK(set(AT_FDCWD, name, UTIME_OMIT, 5, 0) == 0 && fstat(fd, &st) == 0);
	CHECK(st.st_atim.tv_nsec == 1 && st.st_mtim.tv_nsec == 5);
	CHECK(set(AT_FDCWD, name, UTIME_NOW, UTIME_OMIT, 0) == 0 && fstat(fd, &st) == 0);
	CHECK(st.st_atim.tv_sec > 1000 && st.st_mtim.tv_nsec == 5);
	CHECK(set(AT_FDCWD, "/no/such/file", UTIME_OMIT, UTIME_OMIT, 0) == 0);
	CHECK_ERRNO(set(fd, NULL, 1, 2, AT_SYMLINK_NOFOLLOW), EINVAL);
	CHECK_ERRNO(set(AT_FDCWD, NULL, 1, 2, 0), EFAULT);
	CHECK_ERRNO(set(AT_FDCWD, name, 1000000000, 2, 0), EINVAL);
	CHECK(unlink(name) == 0);
	return 0;
}
