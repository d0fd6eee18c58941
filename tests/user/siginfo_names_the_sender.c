/* A SA_SIGINFO handler learns who sent the signal, and by which call. */
#include "signals.h"

static volatile siginfo_t seen;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)context;
	CHECK(info->si_signo == sig);
	seen = *info;
}

static void send(void *parent)
{
	CHECK(kill(*(pid_t *)parent, SIGUSR1) == 0);
}

int main(void)
{
	pid_t me = getpid();

	handle_info(SIGUSR1, handler, SA_RESTART);
	CHECK(child_run(send, &me) == 0);
	CHECK(seen.si_code == SI_USER && seen.si_pid != me && seen.si_uid == getuid());
	CHECK(syscall(SYS_tgkill, me, me, SIGUSR1) == 0);
	CHECK(seen.si_code == SI_TKILL && seen.si_pid == me);
	CHECK(sigqueue(me, SIGUSR1, (union sigval){.sival_int = 42}) == 0);
	CHECK(seen.si_code == SI_QUEUE && seen.si_pid == me && seen.si_value.sival_int == 42);
	return 0;
}
