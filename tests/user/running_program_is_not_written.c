/*
 * A file cannot be written while it runs (ETXTBSY), nor run while it is open for writing.
 *
 * disk-too: 16M -b 4096
 */
#include "files.h"

static void copy_self(const char *to)
{
	int from = open("/proc/self/exe", O_RDONLY), fd = open(to, O_WRONLY | O_CREAT, 0755);
	static char block[65536];
	ssize_t n;

	while ((n = read(from, block, sizeof(block))) > 0)
		CHECK(write(fd, block, n) == n);
	CHECK(n == 0 && close(fd) == 0 && close(from) == 0);
}

static void run(void *arg)
{
	execl("program", "program", "sleep", NULL);
	_exit(errno == *(int *)arg ? 0 : 1);
}

int main(int argc, char **argv)
{
	int fd, no_error = 0, busy = ETXTBSY;

	(void)argv;
	if (argc > 1) {
		CHECK_ERRNO(open("program", O_WRONLY), ETXTBSY);
		CHECK_ERRNO(truncate("program", 0), ETXTBSY);
		CHECK(open("program", O_RDONLY) >= 0);
		return 0;
	}
	folder_enter();
	copy_self("program");
	fd = open("program", O_WRONLY);
	CHECK(fd >= 0 && child_run(run, &busy) == 0 && close(fd) == 0);
	CHECK(child_run(run, &no_error) == 0);
	fd = open("program", O_WRONLY);
	CHECK(fd >= 0);
	return 0;
}
