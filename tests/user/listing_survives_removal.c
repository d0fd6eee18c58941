/*
 * A directory that is emptied while it is being listed shows every name exactly once, in buffers of
 * any size.
 *
 * disk-too: 16M -b 1024
 */
#include "files.h"

#include <sys/syscall.h>

#define COUNT 300

struct entry {
	uint64_t ino;
	int64_t off;
	unsigned short reclen;
	unsigned char type;
	char name[];
};

int main(void)
{
	static bool seen[COUNT];
	char name[32], buf[200];
	int fd, count = 0;
	long n;

	folder_enter();
	for (int i = 0; i < COUNT; i++) {
		snprintf(name, sizeof(name), "file%d", i);
		file_make(name, "");
	}
	fd = open(".", O_RDONLY | O_DIRECTORY);
	CHECK_ERRNO(syscall(SYS_getdents64, fd, buf, 8), EINVAL);
	while ((n = syscall(SYS_getdents64, fd, buf, sizeof(buf))) > 0) {
		for (long at = 0; at < n; at += ((struct entry *)(buf + at))->reclen) {
			struct entry *e = (struct entry *)(buf + at);
			int i = atoi(e->name + 4);

			if (e->name[0] == '.')
				continue;
			CHECK(e->type == DT_REG && !seen[i] && unlink(e->name) == 0);
			seen[i] = true;
			count++;
		}
	}
	CHECK(n == 0 && count == COUNT && stat_of(".").st_nlink == 2);
	return 0;
}
