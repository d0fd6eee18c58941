/*
 * Endless recursion ends in SIGSEGV for the process, and in nothing for anyone else.
 *
 * rows: C14 E52
 */
#include "check.h"

#include <signal.h>
#include <sys/resource.h>

static volatile bool deeper = true;

static int recurse(volatile char *above)
{
	volatile char here[1000];

	here[0] = above[0] + 1;
	return deeper ? recurse(here) + here[0] : 0;
}

static void overflow(void *arg)
{
	recurse(arg);
}

static void overflow_with_handler(void *arg)
{
	/* A handler without a stack of its own cannot run either. */
	signal(SIGSEGV, (void (*)(int))overflow);
	recurse(arg);
}

int main(void)
{
	struct rlimit limit = {256 << 10, 256 << 10};
	char first[1] = {0};

	CHECK(setrlimit(RLIMIT_STACK, &limit) == 0);
	CHECK(child_signal(overflow, first) == SIGSEGV);
	CHECK(child_signal(overflow_with_handler, first) == SIGSEGV);
	return 0;
}
