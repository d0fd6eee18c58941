/*
 * A setting below /proc/sys takes what its bounds allow and refuses the rest; its mode binds root too.
 */
#include "procfs.h"

#define MEMORY "/proc/sys/vm/overcommit_memory"

/* 0, or the error of writing text. */
static int set(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), err;

	if (fd < 0)
		return errno;
	err = write(fd, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : errno;
	close(fd);
	return err;
}

int main(void)
{
	char *was = strdup(proc_text(MEMORY)), spaced[16];

	snprintf(spaced, sizeof(spaced), " %c \n", *was);
	CHECK(set(MEMORY, was) == 0 && set(MEMORY, spaced) == 0);
	CHECK(set(MEMORY, "3") == EINVAL && set(MEMORY, "-1") == EINVAL);
	CHECK(set(MEMORY, "word") == EINVAL && set(MEMORY, "99999999999999999999") == EINVAL);
	CHECK(set(MEMORY, "0000000000000000000000000000001") == EINVAL);
	CHECK(strcmp(proc_text(MEMORY), was) == 0);
	CHECK(set("/proc/sys/kernel/osrelease", "x") == EACCES);
	CHECK(open("/proc/sys/vm/drop_caches", O_RDONLY) == -1 && errno == EACCES);
	CHECK(set("/proc/sys/vm/drop_caches", "0") == EINVAL);
	CHECK(set("/proc/meminfo", "x") == EIO && set("/proc/self/statm", "x") == EINVAL);
	return 0;
}
