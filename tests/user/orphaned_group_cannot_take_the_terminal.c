/*
 * A background group that nobody could continue is not stopped for wanting to change the terminal: it is told
 * that the terminal is not its own, or that there was an error.
 */
#include "terminal.h"

struct result {
	int set_group, set_modes;
};

/* In a group whose only parent has gone. */
static void try(int tty, int report)
{
	struct result r = {0, 0};
	struct termios t;

	handle(SIGTTOU, SIG_DFL, 0);
	sleep_ms(50); /* Until the parent has ended. */
	if (tcsetpgrp(tty, getpgrp()) != 0)
		r.set_group = errno;
	if (tcgetattr(tty, &t) != 0 || tcsetattr(tty, TCSANOW, &t) != 0)
		r.set_modes = errno;
	_exit(write(report, &r, sizeof(r)) != sizeof(r));
}

static void session(void *unused)
{
	int tty = terminal_take(), fds[2];
	struct result r;
	pid_t pid;

	(void)unused;
	CHECK(pipe(fds) == 0);
	pid = fork();
	if (pid == 0) {
		CHECK(setpgid(0, 0) == 0);
		if (fork() == 0)
			try(tty, fds[1]);
		_exit(0);
	}
	CHECK(wait_status(pid, 0) == 0);
	CHECK(read(fds[0], &r, sizeof(r)) == sizeof(r));
	CHECK(r.set_group == ENOTTY && r.set_modes == EIO);
}

int main(void)
{
	CHECK(child_run(session, NULL) == 0);
	return 0;
}
