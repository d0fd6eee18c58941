/* rt_sigqueueinfo to another process cannot look like the kernel, kill or tkill: EPERM. To itself it may. */
#include "signals.h"

static long queue(pid_t pid, int sig, int code)
{
	siginfo_t info = {.si_code = code};

	return syscall(SYS_rt_sigqueueinfo, pid, sig, &info);
}

int main(void)
{
	pid_t child = child_that_waits();

	CHECK_ERRNO(queue(child, SIGUSR1, SI_USER), EPERM);
	CHECK_ERRNO(queue(child, SIGUSR1, SI_KERNEL), EPERM);
	CHECK_ERRNO(queue(child, SIGSEGV, SEGV_MAPERR), EPERM);
	CHECK_ERRNO(queue(child, SIGUSR1, SI_TKILL), EPERM);
	CHECK(queue(child, SIGUSR1, SI_QUEUE) == 0);
	CHECK(WTERMSIG(wait_status(child, 0)) == SIGUSR1);
	handle(SIGUSR1, note_signal, 0);
	CHECK(queue(getpid(), SIGUSR1, SI_USER) == 0 && signals_caught == 1);
	CHECK_ERRNO(syscall(SYS_rt_sigqueueinfo, getpid(), SIGUSR1, 1), EFAULT);
	return 0;
}
