/* When a session leader ends, its terminal's foreground group gets SIGHUP, and the session has no terminal. */
#include "terminal.h"

static volatile sig_atomic_t *seen;

static void note(int sig)
{
	seen[0] = sig;
}

static void session(void *unused)
{
	int tty = terminal_take();
	pid_t child = fork();

	(void)unused;
	CHECK(child >= 0);
	if (child == 0) {
		handle(SIGHUP, note, 0);
		seen[1] = 1;
		while (!seen[0])
			sleep_ms(1);
		seen[2] = open("/dev/tty", O_RDWR) < 0 ? errno : 0;
		_exit(0);
	}
	(void)tty;
	while (!seen[1])
		sleep_ms(1);
}

int main(void)
{
	seen = map_shared(PAGE);
	CHECK(child_run(session, NULL) == 0);
	for (int i = 0; i < 2000 && !seen[2]; i++)
		sleep_ms(1);
	CHECK(seen[0] == SIGHUP && seen[2] == ENXIO);
	return 0;
}
