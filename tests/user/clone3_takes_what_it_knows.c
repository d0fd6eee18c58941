/*
 * clone3 makes what its arguments ask for, with handlers cleared on request, and refuses what it does not
 * know.
 */
#include "signals.h"

struct args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid,
		set_tid_size, cgroup, later;
};

#define CLEAR_SIGHAND 0x100000000ull

static pid_t clone3(const struct args *a, size_t size)
{
	return syscall(SYS_clone3, a, size);
}

static int status_of(struct args a)
{
	int status = -1;
	pid_t pid = clone3(&a, 64);

	if (pid == 0) {
		struct sigaction act;

		sigaction(SIGUSR1, NULL, &act);
		_exit(act.sa_handler == SIG_DFL ? 1 : 2);
	}
	CHECK(pid > 0 && waitpid(pid, &status, a.exit_signal == SIGCHLD ? 0 : __WALL) == pid);
	return WEXITSTATUS(status);
}

int main(void)
{
	struct args a = {.exit_signal = SIGCHLD}, bad = a;

	handle(SIGUSR1, note_signal, 0);
	CHECK(status_of(a) == 2);
	CHECK(status_of((struct args){.flags = CLEAR_SIGHAND, .exit_signal = SIGCHLD}) == 1);
	CHECK(status_of((struct args){0}) == 2);

	CHECK_ERRNO(clone3(&a, 63), EINVAL);
	CHECK_ERRNO(clone3(&a, PAGE + 1), E2BIG);
	CHECK_ERRNO(clone3((void *)-64, 64), EFAULT);
	bad.later = 1;
	CHECK_ERRNO(clone3(&bad, sizeof(bad)), E2BIG);
	bad = (struct args){.exit_signal = 65};
	CHECK_ERRNO(clone3(&bad, 64), EINVAL);
	bad = (struct args){.flags = SIGCHLD};
	CHECK_ERRNO(clone3(&bad, 64), EINVAL);
	bad = (struct args){.stack = PAGE, .exit_signal = SIGCHLD};
	CHECK_ERRNO(clone3(&bad, 64), EINVAL);
	bad = (struct args){.stack_size = PAGE, .exit_signal = SIGCHLD};
	CHECK_ERRNO(clone3(&bad, 64), EINVAL);
	bad = (struct args){.flags = 1ull << 40, .exit_signal = SIGCHLD};
	CHECK_ERRNO(clone3(&bad, 64), EINVAL);
	return 0;
}
