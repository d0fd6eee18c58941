/*
 * Two processes with different data at one address never see each other's, over a thousand
 * switches.
 *
 * rows: A2 A7 C20
 */
#include "check.h"

#include <sched.h>

static void guard(volatile uint32_t *words, uint32_t mine)
{
	for (int i = 0; i < 16; i++)
		words[i * 1024] = mine;
	for (int round = 0; round < 1000; round++) {
		for (int i = 0; i < 16; i++)
			CHECK(words[i * 1024] == mine + round);
		for (int i = 0; i < 16; i++)
			words[i * 1024]++;
		sched_yield();
	}
}

int main(void)
{
	uint32_t *words = (uint32_t *)map_anon(16 * PAGE);
	int status;
	pid_t pid = fork();

	CHECK(pid >= 0);
	guard(words, pid ? 0x11110000 : 0x22220000);
	if (pid == 0)
		_exit(0);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	return 0;
}
