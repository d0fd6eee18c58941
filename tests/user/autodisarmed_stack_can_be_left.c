/* With SS_AUTODISARM a handler is on no alternate stack and may set another; its return restores the first. */
#include "signals.h"

#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1u << 31)
#endif

static char first[16384], second[16384];

static void set_stack(void *sp, unsigned flags)
{
	stack_t ss = {.ss_sp = sp, .ss_flags = (int)flags, .ss_size = sizeof(first)};

	CHECK(syscall(SYS_sigaltstack, &ss, NULL) == 0);
}

static void handler(int sig, siginfo_t *info, void *context)
{
	stack_t ss;

	(void)info;
	(void)context;
	note_signal(sig);
	CHECK(sigaltstack(NULL, &ss) == 0 && ss.ss_flags & SS_DISABLE);
	set_stack(second, 0);
}

int main(void)
{
	stack_t ss;

	set_stack(first, SS_AUTODISARM);
	handle_info(SIGUSR1, handler, SA_ONSTACK);
	raise(SIGUSR1);
	CHECK(signals_caught == 1 && sigaltstack(NULL, &ss) == 0);
	CHECK(ss.ss_sp == first && ss.ss_size == sizeof(first));
	return 0;
}
