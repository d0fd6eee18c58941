/* execve: handlers become the default, ignored stays ignored; mask, pending signals and alarm are kept. */
#include "signals.h"

static void after_exec(void)
{
	struct sigaction action;

	CHECK(sigaction(SIGUSR1, NULL, &action) == 0 && action.sa_handler == SIG_DFL);
	CHECK(!(action.sa_flags & SA_NODEFER));
	CHECK(sigaction(SIGUSR2, NULL, &action) == 0 && action.sa_handler == SIG_IGN);
	CHECK(is_blocked(SIGHUP) && is_pending(SIGHUP) && !is_blocked(SIGTERM));
	CHECK(alarm(0) > 50);
}

int main(int argc, char **argv)
{
	static char stack[16384];
	stack_t ss = {.ss_sp = stack, .ss_size = sizeof(stack)};

	if (argc > 1) {
		after_exec();
		CHECK(sigaltstack(NULL, &ss) == 0 && ss.ss_flags == SS_DISABLE);
		return 0;
	}
	handle(SIGUSR1, note_signal, SA_NODEFER);
	handle(SIGUSR2, SIG_IGN, 0);
	block(SIGHUP);
	CHECK(raise(SIGHUP) == 0 && sigaltstack(&ss, NULL) == 0);
	alarm(100);
	execl("/proc/self/exe", argv[0], "again", NULL);
	CHECK(false);
}
