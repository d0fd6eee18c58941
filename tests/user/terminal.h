/*
 * terminal.h: a terminal of one's own to try job control on.
 *
 * On Linux that is a new pseudo terminal. Quire has none; there it is the console, which nobody else
 * uses while one program runs.
 */
#pragma once

#include "signals.h"

#include <sys/ioctl.h>
#include <termios.h>

/* Become the leader of a new session and open the terminal as its controlling one. In a child. */
static inline int terminal_take(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), tty;

	CHECK(setsid() == getpid());
	if (master >= 0) {
		CHECK(grantpt(master) == 0 && unlockpt(master) == 0);
		tty = open(ptsname(master), O_RDWR | O_NOCTTY);
	} else {
		tty = open("/dev/console", O_RDWR | O_NOCTTY);
	}
	CHECK(tty >= 0 && ioctl(tty, TIOCSCTTY, 0) == 0);
	return tty;
}

/* A child in a group of its own, hence in the background, that does act(tty) and exits with what it returns. */
static inline pid_t background_start(int (*act)(int tty), int tty)
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		CHECK(setpgid(0, 0) == 0);
		_exit(act(tty));
	}
	setpgid(pid, pid); /* Whoever is first; too late is harmless. */
	return pid;
}
