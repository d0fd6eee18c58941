/*
 * FUTEX_WAKE_OP changes the second word in one step, wakes the first one's waiters, and the second one's if
 * what it was compares as asked; bit sets choose whom to wake.
 */
#include "check.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>

static uint32_t first, second = 7;
static int woken;

static long futex(uint32_t *word, int op, uint32_t value, uintptr_t value2, uint32_t *word2,
		  uint32_t value3)
{
	return syscall(SYS_futex, word, op | FUTEX_PRIVATE_FLAG, value, value2, word2, value3);
}

static long wake_op(uint32_t op, uint32_t arg, uint32_t cmp, uint32_t cmp_arg)
{
	return futex(&first, FUTEX_WAKE_OP, 1, 1, &second, FUTEX_OP(op, arg, cmp, cmp_arg));
}

static void *waiter(void *word)
{
	uint32_t bit = word == &first ? 1 : 2;

	CHECK(futex(word, FUTEX_WAIT_BITSET, *(uint32_t *)word, 0, NULL, bit) == 0);
	__atomic_fetch_add(&woken, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

static void wait_until_asleep(pthread_t *thread, uint32_t *word)
{
	CHECK(pthread_create(thread, NULL, waiter, word) == 0);
	while (futex(word, FUTEX_CMP_REQUEUE, 0, 1, word, *word) != 1)
		sleep_ms(1);
}

int main(void)
{
	pthread_t a, b;

	CHECK(wake_op(FUTEX_OP_ADD, 5, FUTEX_OP_CMP_EQ, 0) == 0 && second == 12);
	CHECK(wake_op(FUTEX_OP_OR, 3, FUTEX_OP_CMP_EQ, 0) == 0 && second == 15);
	CHECK(wake_op(FUTEX_OP_ANDN, 9, FUTEX_OP_CMP_EQ, 0) == 0 && second == 6);
	CHECK(wake_op(FUTEX_OP_XOR, 5, FUTEX_OP_CMP_EQ, 0) == 0 && second == 3);
	CHECK(wake_op(FUTEX_OP_SET | FUTEX_OP_OPARG_SHIFT, 4, 0, 0) == 0 && second == 16);
	CHECK_ERRNO(wake_op(7, 0, 0, 0), ENOSYS);
	CHECK_ERRNO(wake_op(0, 0, 9, 0), ENOSYS);

	wait_until_asleep(&a, &first);
	wait_until_asleep(&b, &second);
	CHECK(futex(&first, FUTEX_WAKE_BITSET, 1, 0, NULL, 2) == 0 && woken == 0);
	CHECK(wake_op(FUTEX_OP_SET, 1, FUTEX_OP_CMP_GT, 16) == 1 && second == 1);
	CHECK(pthread_join(a, NULL) == 0 && woken == 1);
	CHECK(wake_op(FUTEX_OP_SET, 2, FUTEX_OP_CMP_LE, 1) == 1);
	CHECK(pthread_join(b, NULL) == 0 && woken == 2);
	return 0;
}
