/*
 * Whoever is switched away from at the first instruction of a system call keeps its segment registers.
 */
#include "check.h"

#include <signal.h>

/* Call the kernel and look at fs, which is nobody else's, until it changes. */
static void call_for_ever(void)
{
	uint16_t mine, now;

	__asm__ volatile("movw %%ds, %0\n\t"
			 "movw %0, %%fs"
			 : "=r"(mine));
	do {
		uint32_t call = 64; /* getppid */

		__asm__ volatile("int $0x80" : "+a"(call)::"memory");
		__asm__ volatile("movw %%fs, %0" : "=r"(now));
	} while (now == mine);
	_exit(1);
}

int main(void)
{
	const struct timespec nap = {.tv_nsec = 500000};
	pid_t child = fork();
	int status;

	if (child == 0)
		call_for_ever();
	for (int i = 0; i < 1000; i++)
		CHECK(nanosleep(&nap, NULL) == 0);
	CHECK(kill(child, SIGKILL) == 0);
	CHECK(waitpid(child, &status, 0) == child);
	CHECK(status == SIGKILL);
	return 0;
}
