/*
 * memfd_create makes an empty file that lives as long as somebody has it open or mapped, is shared like any
 * other, and refuses names and flags as its manual page says.
 *
 * rows: A12 A15 D31 D32
 */
#include "check.h"

#include <sys/stat.h>
#include <sys/syscall.h>

static int memfd(const char *name, unsigned flags)
{
	return syscall(SYS_memfd_create, name, flags);
}

int main(void)
{
	static char name[252], link[300], path[64];
	int fd = memfd("text", MFD_CLOEXEC), again;
	struct stat st;
	char *p, *q;

	CHECK(fd >= 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC);
	CHECK(fcntl(memfd("", 0), F_GETFD) == 0);
	CHECK(fstat(fd, &st) == 0 && st.st_mode == (S_IFREG | 0777) && st.st_size == 0);
	CHECK(st.st_nlink == 0 && st.st_uid == geteuid());
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	CHECK(readlink(path, link, sizeof(link)) == 21 && !strcmp(link, "/memfd:text (deleted)"));
	CHECK(write(fd, "hello", 5) == 5 && ftruncate(fd, 2 * PAGE) == 0);
	p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED && !strcmp(p, "hello"));
	again = open(path, O_RDWR);
	CHECK(again >= 0 && pwrite(again, "J", 1, 0) == 1 && close(again) == 0 && close(fd) == 0);
	CHECK(!strcmp(p, "Jello") && p[PAGE] == 0);
	if (fork() == 0) {
		strcpy(p + PAGE, "child");
		_exit(0);
	}
	CHECK(wait(NULL) > 0 && !strcmp(p + PAGE, "child"));
	q = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(munmap(p, 2 * PAGE) == 0);

	memset(name, 'n', 249);
	CHECK(memfd(name, 0) >= 0);
	name[249] = 'n';
	CHECK_ERRNO(memfd(name, 0), EINVAL);
	CHECK_ERRNO(memfd("x", 0x100), EINVAL);
	CHECK_ERRNO(memfd((char *)8, 0), EFAULT);
	CHECK_ERRNO(memfd(q + PAGE, 0x100), EINVAL);
	return 0;
}
