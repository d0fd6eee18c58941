/*
 * FUTEX_REQUEUE moves each waiter at most once, even when both words are the same one; and the second
 * word may be one that nobody ever waited for.
 *
 * rows: A47
 */
#include "check.h"

#include <limits.h>
#include <signal.h>
#include <sys/syscall.h>

#define WAITERS 3
#define FUTEX_WAIT 0
#define FUTEX_WAKE 1
#define FUTEX_REQUEUE 3

static long futex(uint32_t *word, int op, uint32_t value, long count2, uint32_t *word2)
{
	return syscall(SYS_futex, word, op, value, count2, word2, 0);
}

/* Until all wait: requeueing counts those it finds. */
static void waiters_expect(uint32_t *word, long count)
{
	for (int i = 0; i < 200 && futex(word, FUTEX_REQUEUE, 0, INT_MAX, word) != count; i++)
		sleep_ms(10);
	CHECK(futex(word, FUTEX_REQUEUE, 0, INT_MAX, word) == count);
}

int main(void)
{
	uint32_t *words = map_shared(PAGE);
	int status;

	for (int i = 0; i < WAITERS; i++)
		if (fork() == 0)
			_exit(futex(words, FUTEX_WAIT, 0, 0, NULL) != 0);
	waiters_expect(words, WAITERS);
	for (int i = 1; i < 200; i++) { /* From word to word, through all of the kernel's table. */
		CHECK(futex(words + i - 1, FUTEX_REQUEUE, 0, INT_MAX, words + i) == WAITERS);
		CHECK(futex(words + i - 1, FUTEX_WAKE, INT_MAX, 0, NULL) == 0);
	}
	CHECK(futex(words + 199, FUTEX_WAKE, INT_MAX, 0, NULL) == WAITERS);
	for (int i = 0; i < WAITERS; i++)
		CHECK(wait(&status) > 0 && status == 0);
	return 0;
}
