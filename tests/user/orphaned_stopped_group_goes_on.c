/* When a group's last tie to its session goes, its stopped members get SIGHUP and SIGCONT. */
#include "signals.h"

static int ends[2];

static void tell(int sig)
{
	char c = (char)sig;

	CHECK(write(ends[1], &c, 1) == 1);
}

/* The parent of the group, its only tie, dies while the member is stopped. */
static void middle(void *arg)
{
	pid_t member = fork();
	int status;

	(void)arg;
	if (member == 0) {
		setpgid(0, 0);
		handle(SIGHUP, tell, 0);
		handle(SIGCONT, tell, 0);
		raise(SIGSTOP);
		for (int i = 0; i < 200; i++)
			nanosleep(&(struct timespec){0, 10000000}, NULL);
		_exit(0);
	}
	CHECK(waitpid(member, &status, WUNTRACED) == member && WIFSTOPPED(status));
	CHECK(write(ends[1], &member, sizeof(member)) == sizeof(member));
}

int main(void)
{
	char got[2] = "";
	pid_t member;

	CHECK(pipe(ends) == 0);
	CHECK(child_run(middle, NULL) == 0);
	CHECK(read(ends[0], &member, sizeof(member)) == sizeof(member));
	CHECK(read(ends[0], got, 1) == 1 && read(ends[0], got + 1, 1) == 1);
	CHECK((got[0] == SIGHUP && got[1] == SIGCONT) || (got[0] == SIGCONT && got[1] == SIGHUP));
	kill(member, SIGKILL);
	return 0;
}
