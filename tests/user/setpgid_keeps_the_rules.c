/* setpgid: oneself or a child of the same session that has not called execve, into a group of it. */
#include "check.h"

#include <signal.h>

static pid_t child_that(int ready_fd, bool exec, bool session)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (session)
			CHECK(setsid() == getpid());
		if (exec)
			execl("/proc/self/exe", "setpgid", "pause", NULL);
		CHECK(write(ready_fd, "", 1) == 1);
		for (;;)
			pause();
	}
	CHECK(pid > 0);
	return pid;
}

static void end(pid_t pid)
{
	CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid);
}

static void wait_ready(int fd)
{
	char byte;

	CHECK(read(fd, &byte, 1) == 1);
}

int main(int argc, char **argv)
{
	int ends[2] = {-1, 11};
	pid_t pid, other;

	(void)argv;
	if (argc > 1) {
		CHECK(write(11, "", 1) == 1);
		for (;;)
			pause();
	}
	CHECK(pipe(ends) == 0 && dup2(ends[1], 11) == 11);
	CHECK(getpgid(0) == getpgrp() && getsid(0) > 0);
	pid = child_that(11, false, false);
	wait_ready(ends[0]);
	other = child_that(11, false, false);
	wait_ready(ends[0]);
	CHECK(getpgid(pid) == getpgrp());
	CHECK(setpgid(pid, 0) == 0 && getpgid(pid) == pid);
	CHECK(setpgid(other, pid) == 0 && getpgid(other) == pid);
	CHECK_ERRNO(setpgid(pid, 999999), EPERM);
	CHECK_ERRNO(setpgid(pid, -1), EINVAL);
	CHECK_ERRNO(setpgid(getppid(), 0), ESRCH);
	end(pid);
	CHECK(setpgid(0, 0) == 0 || errno == EPERM);
	CHECK(setpgid(other, getpgrp()) == 0);
	end(other);
	pid = child_that(11, true, false);
	wait_ready(ends[0]);
	CHECK_ERRNO(setpgid(pid, pid), EACCES);
	end(pid);
	pid = child_that(11, false, true);
	wait_ready(ends[0]);
	CHECK_ERRNO(setpgid(pid, pid), EPERM);
	CHECK(getsid(pid) == pid && getpgid(pid) == pid);
	end(pid);
	CHECK_ERRNO(getpgid(pid), ESRCH);
	return 0;
}
