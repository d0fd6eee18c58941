/* Without a handler a signal ends the process, is ignored, or stops it, as signal(7) says of each. */
#include "signals.h"

enum action { END, IGNORE, STOP };

static enum action default_of(int sig)
{
	switch (sig) {
	case SIGCHLD:
	case SIGCONT:
	case SIGURG:
	case SIGWINCH:
		return IGNORE;
	case SIGSTOP:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
		return STOP;
	default:
		return END;
	}
}

static void check_one(int sig)
{
	pid_t child = fork();
	int status;

	CHECK(child >= 0);
	if (child == 0) {
		CHECK(setpgid(0, 0) == 0); /* Not orphaned: our parent is in another group. */
		CHECK(syscall(SYS_kill, getpid(), sig) == 0);
		_exit(0);
	}
	status = wait_status(child, WUNTRACED);
	if (default_of(sig) == END)
		CHECK(WIFSIGNALED(status) && WTERMSIG(status) == sig);
	if (default_of(sig) == IGNORE)
		CHECK(WIFEXITED(status));
	if (default_of(sig) != STOP)
		return;
	CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == sig);
	CHECK(kill(child, SIGCONT) == 0);
	CHECK(WIFEXITED(wait_status(child, 0)));
}

int main(void)
{
	for (int sig = 1; sig <= 64; sig++)
		check_one(sig);
	return 0;
}
