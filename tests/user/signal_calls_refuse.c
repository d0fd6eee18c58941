/* The calls about signals: EINVAL for numbers and sizes that cannot be, EFAULT for pointers that lead nowhere. */
#include "signals.h"

#define BAD ((void *)0x1000)

int main(void)
{
	uint64_t set = 0;
	char action[20] = {0};

	CHECK_ERRNO(syscall(SYS_rt_sigaction, 0, NULL, NULL, 8), EINVAL);
	CHECK_ERRNO(syscall(SYS_rt_sigaction, 65, NULL, NULL, 8), EINVAL);
	CHECK_ERRNO(syscall(SYS_rt_sigaction, SIGUSR1, NULL, NULL, 4), EINVAL);
	CHECK_ERRNO(syscall(SYS_rt_sigaction, SIGUSR1, BAD, NULL, 8), EFAULT);
	CHECK_ERRNO(syscall(SYS_rt_sigaction, SIGUSR1, NULL, BAD, 8), EFAULT);
	CHECK(syscall(SYS_rt_sigaction, SIGUSR1, action, action, 8) == 0);
	CHECK_ERRNO(syscall(SYS_rt_sigprocmask, 3, &set, NULL, 8), EINVAL);
	CHECK_ERRNO(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, 4), EINVAL);
	CHECK_ERRNO(syscall(SYS_rt_sigprocmask, SIG_BLOCK, BAD, NULL, 8), EFAULT);
	CHECK_ERRNO(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, BAD, 8), EFAULT);
	CHECK(syscall(SYS_rt_sigprocmask, 3, NULL, &set, 8) == 0); /* how is not looked at. */
	CHECK_ERRNO(syscall(SYS_rt_sigpending, &set, 9), EINVAL);
	CHECK_ERRNO(syscall(SYS_rt_sigpending, BAD, 8), EFAULT);
	CHECK_ERRNO(syscall(SYS_rt_sigsuspend, &set, 4), EINVAL);
	CHECK_ERRNO(syscall(SYS_rt_sigsuspend, BAD, 8), EFAULT);
	CHECK_ERRNO(syscall(SYS_rt_sigtimedwait, &set, NULL, NULL, 4), EINVAL);
	CHECK_ERRNO(syscall(SYS_rt_sigtimedwait, BAD, NULL, NULL, 8), EFAULT);
	CHECK_ERRNO(syscall(SYS_rt_sigtimedwait, &set, NULL, BAD, 8), EFAULT);
	return 0;
}
