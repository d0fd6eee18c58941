/* SA_ONSTACK handlers run on the alternate stack, nested ones too; others stay on the normal one. */
#include "signals.h"

static char stack[32768];
static bool on_stack[3];

static bool is_on_stack(const char *p)
{
	return p >= stack && p < stack + sizeof(stack);
}

static void handler(int sig)
{
	char here;
	stack_t ss;

	on_stack[signals_caught] = is_on_stack(&here);
	note_signal(sig);
	CHECK(sigaltstack(NULL, &ss) == 0);
	CHECK(!(ss.ss_flags & SS_ONSTACK) == !is_on_stack(&here));
	if (sig == SIGUSR1)
		raise(SIGUSR2);
}

int main(void)
{
	stack_t ss = {.ss_sp = stack, .ss_size = sizeof(stack)}, old;

	CHECK(sigaltstack(NULL, &old) == 0 && old.ss_flags == SS_DISABLE);
	CHECK(sigaltstack(&ss, &old) == 0);
	handle(SIGUSR1, handler, SA_ONSTACK);
	handle(SIGUSR2, handler, 0);
	raise(SIGUSR1);
	CHECK(signals_caught == 2 && on_stack[0] && on_stack[1]);
	raise(SIGUSR2);
	CHECK(!on_stack[2]);
	CHECK(sigaltstack(NULL, &old) == 0 && old.ss_sp == stack && old.ss_size == sizeof(stack));
	return 0;
}
