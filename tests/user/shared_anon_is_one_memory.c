/*
 * Shared anonymous memory is one memory for all generations: each sees at once what another writes.
 *
 * rows: A12 B17 B19 B21 B23 B24 D31
 */
#include "check.h"

#define BYTES (40 * PAGE)

/* One turn of the conversation: wait for the number, say the next. */
static void answer(volatile int *word, int heard, int said)
{
	while (*word != heard)
		sleep_ms(1);
	*word = said;
}

int main(void)
{
	char *p = map_shared(BYTES);
	volatile int *word = (int *)(p + BYTES - PAGE);
	int status;
	pid_t pid;

	p[0] = 'p';
	*word = 42;
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		CHECK(p[0] == 'p');
		answer(word, 42, 53); /* Never touched by the parent before: */
		touch_write(p + PAGE, 10 * PAGE, 'c');
		answer(word, 43, 54);
		if (fork() == 0)
			p[20 * PAGE] = 'g';
		wait(NULL);
		_exit(0);
	}
	answer(word, 53, 43);
	while (*word != 54)
		sleep_ms(1);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	CHECK(pages_hold(p + PAGE, 10 * PAGE, 'c') && p[20 * PAGE] == 'g' && p[0] == 'p');
	return 0;
}
