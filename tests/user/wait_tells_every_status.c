/*
 * wait4 and waitid tell how a child ended, stopped or went on; each end once, and WNOWAIT leaves it for
 * the next.
 */
#include "check.h"

#include <signal.h>
#include <sys/resource.h>

static void exit_7(void *arg)
{
	(void)arg;
	_exit(7);
}

static void die_of(void *arg)
{
	raise(*(int *)arg);
}

static void check_ends(void)
{
	int sig = SIGTERM, status = child_run(exit_7, NULL);

	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	status = child_run(die_of, &sig);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM && !WCOREDUMP(status));
}

static pid_t child_pausing(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	CHECK(pid > 0);
	return pid;
}

static void check_stops(void)
{
	pid_t pid = child_pausing();
	siginfo_t info;
	int status;

	CHECK(waitpid(pid, &status, WNOHANG | WUNTRACED | WCONTINUED) == 0);
	CHECK(kill(pid, SIGSTOP) == 0 && waitpid(pid, &status, WUNTRACED) == pid);
	CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
	CHECK(waitpid(pid, &status, WNOHANG | WUNTRACED) == 0);
	CHECK(kill(pid, SIGCONT) == 0 && waitpid(pid, &status, WCONTINUED) == pid);
	CHECK(WIFCONTINUED(status));
	CHECK(kill(pid, SIGSTOP) == 0);
	CHECK(waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOWAIT) == 0);
	CHECK(info.si_signo == SIGCHLD && info.si_code == CLD_STOPPED && info.si_pid == pid);
	CHECK(info.si_status == SIGSTOP);
	CHECK(waitid(P_ALL, 0, &info, WSTOPPED) == 0 && info.si_pid == pid);
	CHECK(kill(pid, SIGKILL) == 0);
	CHECK(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) == 0);
	CHECK(info.si_code == CLD_KILLED && info.si_status == SIGKILL);
	CHECK(waitpid(pid, &status, 0) == pid && status == SIGKILL);
	CHECK_ERRNO(waitpid(pid, &status, 0), ECHILD);
}

static void check_choice(void)
{
	pid_t first = child_pausing(), second = child_pausing();
	struct rusage usage;
	siginfo_t info;
	int status;

	CHECK(setpgid(second, second) == 0);
	CHECK(kill(first, SIGKILL) == 0 && kill(second, SIGINT) == 0);
	CHECK(waitpid(-second, &status, 0) == second && WTERMSIG(status) == SIGINT);
	CHECK(wait4(0, &status, 0, &usage) == first && WTERMSIG(status) == SIGKILL);
	CHECK(usage.ru_maxrss >= 0);
	CHECK_ERRNO(waitpid(-1, NULL, WNOHANG), ECHILD);
	CHECK_ERRNO(waitpid(-1, NULL, 0x1000), EINVAL);
	CHECK_ERRNO(waitid(P_ALL, 0, &info, WNOHANG), EINVAL);
	CHECK_ERRNO(waitid(P_PID, 0, &info, WEXITED), EINVAL);
}

int main(void)
{
	check_ends();
	check_stops();
	check_choice();
	return 0;
}
