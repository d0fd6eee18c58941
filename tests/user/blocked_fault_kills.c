/* A fault whose signal is blocked or ignored ends the process: it cannot go on. */
#include "signals.h"

static void fault(void)
{
	*(volatile int *)8 = 1;
}

static void fault_blocked(void *handled)
{
	if (handled)
		handle(SIGSEGV, note_signal, 0);
	block(SIGSEGV);
	fault();
}

static void fault_ignored(void *unused)
{
	(void)unused;
	handle(SIGSEGV, SIG_IGN, 0);
	fault();
}

static void fault_in_handler(int sig)
{
	(void)sig;
	fault();
}

static void fault_twice(void *unused)
{
	(void)unused;
	handle(SIGSEGV, fault_in_handler, 0);
	fault();
}

int main(void)
{
	CHECK(child_signal(fault_blocked, NULL) == SIGSEGV);
	CHECK(child_signal(fault_blocked, "handled") == SIGSEGV);
	CHECK(child_signal(fault_ignored, NULL) == SIGSEGV);
	CHECK(child_signal(fault_twice, NULL) == SIGSEGV);
	return 0;
}
