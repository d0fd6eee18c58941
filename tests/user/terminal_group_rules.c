/* Only a group of the session can be put in the foreground, and only a session leader can take a terminal. */
#include "terminal.h"

static void not_ours(void *tty_fd)
{
	int tty = *(int *)tty_fd;

	CHECK(tcgetpgrp(tty) > 0); /* In the session it can be asked. */
	CHECK_ERRNO(ioctl(tty, TIOCSCTTY, 0), EPERM);
	CHECK(setsid() == getpid());
	CHECK_ERRNO(tcgetpgrp(tty), ENOTTY);
	CHECK_ERRNO(tcsetpgrp(tty, getpgrp()), ENOTTY);
	CHECK_ERRNO(ioctl(tty, TIOCSCTTY, 0), EPERM); /* Another session has it. */
	CHECK_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
}

static void session(void *unused)
{
	int tty = terminal_take(), again;
	pid_t outside = getppid();

	(void)unused;
	again = open("/dev/tty", O_RDWR);
	CHECK(again >= 0 && tcgetsid(again) == getpid());
	CHECK_ERRNO(tcsetpgrp(tty, getpgid(outside)), EPERM);
	CHECK_ERRNO(tcsetpgrp(tty, 0x3FFFFFFF), ESRCH);
	CHECK_ERRNO(tcsetpgrp(tty, -1), EINVAL);
	CHECK(ioctl(tty, TIOCSCTTY, 0) == 0); /* It is ours already. */
	CHECK(child_run(not_ours, &tty) == 0);
	handle(SIGHUP, SIG_IGN, 0);
	CHECK(ioctl(tty, TIOCNOTTY) == 0);
	CHECK_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
}

int main(void)
{
	CHECK(child_run(session, NULL) == 0);
	return 0;
}
