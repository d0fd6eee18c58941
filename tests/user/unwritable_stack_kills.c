/* A signal whose frame does not fit on the stack becomes SIGSEGV, handled on another stack if there is one. */
#include "signals.h"

static void die_quietly(int sig)
{
	_exit(sig);
}

static void signal_without_stack(void *with_altstack)
{
	static char stack[16384];
	stack_t ss = {.ss_sp = stack, .ss_size = sizeof(stack)};

	handle(SIGUSR1, die_quietly, 0);
	handle(SIGSEGV, die_quietly, SA_ONSTACK);
	if (with_altstack)
		CHECK(sigaltstack(&ss, NULL) == 0);
	__asm__ volatile("movl $0x1000, %%esp; int $0x80" ::"a"(SYS_kill), "b"(getpid()),
			 "c"(SIGUSR1));
}

int main(void)
{
	int status = child_run(signal_without_stack, NULL);

	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	status = child_run(signal_without_stack, "yes");
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == SIGSEGV);
	return 0;
}
