/* futex: sleeps while the word has the value, until a wake, a timeout or a signal; over fork, too. */
#include "signals.h"

#include <linux/futex.h>

/* The old call takes a timeout of two 32-bit words. */
static long futex(uint32_t *word, int op, uint32_t value, const int32_t *timeout)
{
	return syscall(SYS_futex, word, op, value, timeout, NULL, FUTEX_BITSET_MATCH_ANY);
}

static void sleeper(void *arg)
{
	uint32_t *word = arg;

	while (__atomic_load_n(word, __ATOMIC_SEQ_CST) == 0)
		CHECK(futex(word, FUTEX_WAIT, 0, NULL) == 0 || errno == EAGAIN);
}

static void check_over_fork(void)
{
	uint32_t *word = map_shared(PAGE);
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		sleeper(word);
		_exit(0);
	}
	nanosleep(&(struct timespec){0, 50000000}, NULL);
	__atomic_store_n(word, 1, __ATOMIC_SEQ_CST);
	CHECK(futex(word, FUTEX_WAKE, 1, NULL) == 1);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

int main(void)
{
	const int32_t soon[2] = {0, 20000000}, bad[2] = {0, 1000000000};
	uint32_t *word = (uint32_t *)map_anon(PAGE);

	handle(SIGALRM, note_signal, 0);
	CHECK(futex(word, FUTEX_WAKE, 1, NULL) == 0);
	CHECK_ERRNO(futex(word, FUTEX_WAIT, 1, NULL), EAGAIN);
	CHECK_ERRNO(futex(word, FUTEX_WAIT, 0, soon), ETIMEDOUT);
	CHECK_ERRNO(futex(word, FUTEX_WAIT_PRIVATE, 0, soon), ETIMEDOUT);
	CHECK_ERRNO(futex(word, FUTEX_WAIT, 0, bad), EINVAL);
	CHECK_ERRNO(futex((uint32_t *)((char *)word + 2), FUTEX_WAIT, 0, NULL), EINVAL);
	CHECK_ERRNO(futex((uint32_t *)PAGE, FUTEX_WAIT, 0, NULL), EFAULT);
	CHECK_ERRNO(futex(word, 77, 0, NULL), ENOSYS);
	setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {0, 20000}}, NULL);
	CHECK_ERRNO(futex(word, FUTEX_WAIT, 0, NULL), EINTR);
	check_over_fork();
	return 0;
}
