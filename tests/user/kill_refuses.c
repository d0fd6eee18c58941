/* kill, tkill and tgkill: EINVAL for a signal or task that cannot be, ESRCH for what is not there; 0 only asks. */
#include "signals.h"

#define NOBODY 0x3FFFFFFF

int main(void)
{
	pid_t me = getpid(), child;

	CHECK_ERRNO(kill(me, 65), EINVAL);
	CHECK_ERRNO(kill(me, -1), EINVAL);
	CHECK_ERRNO(kill(NOBODY, SIGTERM), ESRCH);
	CHECK_ERRNO(kill(-NOBODY, SIGTERM), ESRCH);
	CHECK_ERRNO(kill(INT32_MIN, SIGTERM), ESRCH);
	CHECK(kill(me, 0) == 0 && kill(0, 0) == 0);
	CHECK_ERRNO(syscall(SYS_tkill, 0, SIGTERM), EINVAL);
	CHECK_ERRNO(syscall(SYS_tkill, NOBODY, SIGTERM), ESRCH);
	CHECK_ERRNO(syscall(SYS_tgkill, me, 0, SIGTERM), EINVAL);
	CHECK_ERRNO(syscall(SYS_tgkill, -1, me, SIGTERM), EINVAL);
	CHECK_ERRNO(syscall(SYS_tgkill, NOBODY, me, SIGTERM), ESRCH);
	CHECK_ERRNO(syscall(SYS_tgkill, me, me, 65), EINVAL);
	child = child_that_waits();
	CHECK(kill(child, SIGKILL) == 0);
	while (kill(child, 0) == 0 && waitpid(child, NULL, WNOHANG) == 0)
		sleep_ms(1); /* A zombie can still be signalled. */
	CHECK_ERRNO(kill(child, 0), ESRCH);
	return 0;
}
