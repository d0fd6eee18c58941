/*
 * Open files of /proc about memory stay with the memory they were opened for: after execve and after
 * the end they are empty; what is about the process ends with it.
 */
#include "procfs.h"

#include <signal.h>

static const char *const names[] = {"maps", "smaps", "pagemap", "mem", "status", "statm"};
static int fds[6];

static ssize_t read_some(int i)
{
	uint64_t bytes[8];

	/* 0x8048000 is where static programs begin; text is read from its beginning. */
	return pread64(fds[i], bytes, sizeof(bytes), i == 2 ? 0x8048 * 8 : i == 3 ? 0x8048000 : 0);
}

static void open_all(pid_t pid)
{
	char path[64];

	for (int i = 0; i < 6; i++) {
		snprintf(path, sizeof(path), "/proc/%d/%s", pid, names[i]);
		fds[i] = open(path, O_RDONLY);
		CHECK(fds[i] >= 0);
	}
}

int main(int argc, char **argv)
{
	int go[2], up[2];
	char byte;
	pid_t pid;

	if (argc > 1) {
		CHECK(write(1, "u", 1) == 1);
		pause();
	}
	CHECK(pipe(go) == 0 && pipe(up) == 0);
	pid = fork();
	if (pid == 0) {
		CHECK(read(go[0], &byte, 1) == 1 && dup2(up[1], 1) == 1);
		execl("/proc/self/exe", argv[0], "again", NULL);
		_exit(1);
	}
	open_all(pid);
	CHECK(read_some(0) > 0 && read_some(1) > 0 && read_some(2) > 0 && read_some(4) > 0);
	CHECK(write(go[1], "g", 1) == 1 && read(up[0], &byte, 1) == 1);
	for (int i = 0; i < 4; i++)
		CHECK(read_some(i) == 0);
	CHECK(read_some(4) > 0 && read_some(5) > 0);
	CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid);
	CHECK(read_some(2) == 0 && read_some(3) == 0);
	for (int i = 0; i < 6; i++)
		if (i != 2 && i != 3)
			CHECK_ERRNO(read_some(i), ESRCH);
	return 0;
}
