/*
 * A program that overflowed its stack can find out on a signal stack, and go on.
 *
 * rows: C14 C23
 * lab: stack
 */
#include "probe.h"

#include <sys/resource.h>

static volatile bool deeper = true;

static void recurse(void *above)
{
	volatile char here[1000];

	here[0] = *(char *)above + 1;
	if (deeper)
		recurse((char *)here);
	here[1] = here[0];
}

int main(void)
{
	struct rlimit limit = {256 << 10, 256 << 10};
	char first = 0;

	CHECK(setrlimit(RLIMIT_STACK, &limit) == 0);
	for (int round = 0; round < 3; round++) {
		struct probe got = probe(recurse, &first);

		CHECK(got.number == SIGSEGV && got.code == SEGV_MAPERR);
		CHECK((char *)got.addr < &first && (char *)got.addr > &first - (300 << 10));
	}
	return 0;
}
