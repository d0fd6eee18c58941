/* Reading from the terminal in the background stops the group by SIGTTIN, or is EIO when that is ignored. */
#include "terminal.h"

static int read_byte(int tty)
{
	char c;

	return read(tty, &c, 1) == 1 ? 0 : errno;
}

static int read_ignoring(int tty)
{
	handle(SIGTTIN, SIG_IGN, 0);
	return read_byte(tty);
}

static int read_blocking(int tty)
{
	block(SIGTTIN);
	return read_byte(tty);
}

static void session(void *unused)
{
	int tty = terminal_take(), status;
	pid_t child;

	(void)unused;
	CHECK(tcgetpgrp(tty) == getpgrp() && tcgetsid(tty) == getpid());
	CHECK(WEXITSTATUS(wait_status(background_start(read_ignoring, tty), 0)) == EIO);
	CHECK(WEXITSTATUS(wait_status(background_start(read_blocking, tty), 0)) == EIO);
	child = background_start(read_byte, tty);
	status = wait_status(child, WUNTRACED);
	CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == SIGTTIN);
	/* Continued in the background, it tries again. */
	CHECK(kill(child, SIGCONT) == 0);
	status = wait_status(child, WUNTRACED);
	CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == SIGTTIN);
	CHECK(kill(child, SIGKILL) == 0);
	wait_status(child, 0);
}

int main(void)
{
	CHECK(child_run(session, NULL) == 0);
	return 0;
}
