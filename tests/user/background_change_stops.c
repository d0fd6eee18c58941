/* Changing the terminal in the background stops the group by SIGTTOU, writing only with TOSTOP; ignored, both work. */
#include "terminal.h"

static int write_byte(int tty)
{
	handle(SIGTTOU, SIG_DFL, 0);
	return write(tty, "\n", 1) == 1 ? 0 : errno;
}

static int change(int tty)
{
	struct termios t;

	handle(SIGTTOU, SIG_DFL, 0);
	return tcgetattr(tty, &t) == 0 && tcsetattr(tty, TCSANOW, &t) == 0 ? 0 : errno;
}

/* The session has it ignored, and so have its children unless they say otherwise. */
static int change_ignoring(int tty)
{
	return tcsetpgrp(tty, getpgrp());
}

static void check_stops(int (*act)(int), int tty)
{
	pid_t child = background_start(act, tty);
	int status = wait_status(child, WUNTRACED);

	CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == SIGTTOU);
	CHECK(tcsetpgrp(tty, child) == 0); /* Now it is in the foreground. */
	CHECK(kill(child, SIGCONT) == 0);
	CHECK(WEXITSTATUS(wait_status(child, 0)) == 0);
	CHECK(tcsetpgrp(tty, getpgrp()) == 0);
}

static void session(void *unused)
{
	int tty = terminal_take();
	struct termios t;

	(void)unused;
	handle(SIGTTOU, SIG_IGN, 0);
	CHECK(WEXITSTATUS(wait_status(background_start(write_byte, tty), 0)) == 0);
	CHECK(WEXITSTATUS(wait_status(background_start(change_ignoring, tty), 0)) == 0);
	CHECK(tcsetpgrp(tty, getpgrp()) == 0 && tcgetattr(tty, &t) == 0);
	check_stops(change, tty);
	t.c_lflag |= TOSTOP;
	CHECK(tcsetattr(tty, TCSANOW, &t) == 0);
	check_stops(write_byte, tty);
	t.c_lflag &= ~(tcflag_t)TOSTOP;
	CHECK(tcsetattr(tty, TCSANOW, &t) == 0);
}

int main(void)
{
	CHECK(child_run(session, NULL) == 0);
	return 0;
}
