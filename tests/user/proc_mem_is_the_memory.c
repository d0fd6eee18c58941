/*
 * /proc/PID/mem reads and writes a process's memory at its addresses, up to what is not mapped; an
 * execve or the end of the process ends it.
 */
#include "procfs.h"

#include <signal.h>

static char *p;

static void child_serve(int in, int out)
{
	char byte;

	CHECK(read(in, &byte, 1) == 1 && strcmp(p, "from outside") == 0 && p[PAGE] == 'x');
	CHECK(write(out, "d", 1) == 1);
	pause();
}

int main(void)
{
	int go[2], done[2], mem;
	char path[32], buf[3 * PAGE];
	pid_t pid;

	p = map_anon(3 * PAGE);
	CHECK(munmap(p + 2 * PAGE, PAGE) == 0 && pipe(go) == 0 && pipe(done) == 0);
	strcpy(p, "from inside");
	pid = fork();
	if (pid == 0)
		child_serve(go[0], done[1]);
	strcpy(p, "not seen");
	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	mem = open(path, O_RDWR);
	CHECK(mem >= 0 && pread64(mem, buf, 12, (uintptr_t)p) == 12);
	CHECK(strcmp(buf, "from inside") == 0);
	CHECK(lseek64(mem, (uintptr_t)p, SEEK_SET) == (uintptr_t)p &&
	      write(mem, "from outside", 13) == 13);
	CHECK(pwrite64(mem, "x", 1, (uintptr_t)p + PAGE) == 1);
	CHECK(pread64(mem, buf, sizeof(buf), (uintptr_t)p) == 2 * PAGE);
	CHECK_ERRNO(pread64(mem, buf, 1, (uintptr_t)p + 2 * PAGE), EIO);
	CHECK_ERRNO(pwrite64(mem, buf, 1, (uintptr_t)p + 2 * PAGE), EIO);
	CHECK_ERRNO(pread64(mem, (char *)8, 1, (uintptr_t)p), EFAULT);
	CHECK(write(go[1], "g", 1) == 1 && read(done[0], buf, 1) == 1);
	CHECK(strcmp(p, "not seen") == 0);
	CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid);
	CHECK(pread64(mem, buf, 1, (uintptr_t)p) == 0);
	return 0;
}
