/*
 * Who frees a robust lock and dies before it woke anybody has one waiter woken for it.
 */
#include "threads.h"

#include <linux/futex.h>
#include <sys/syscall.h>

static struct {
	struct robust_list_head head;
	struct robust_list entry;
	uint32_t word;
} * shared;

static void die_while_unlocking(void)
{
	shared->head.list.next = &shared->head.list;
	shared->head.futex_offset = (char *)&shared->word - (char *)&shared->entry;
	shared->head.list_op_pending = &shared->entry;
	CHECK(syscall(SYS_set_robust_list, &shared->head, sizeof(shared->head)) == 0);
	sleep_ms(50); /* The parent goes to sleep. */
}

int main(void)
{
	const struct timespec timeout = {.tv_sec = 10};
	pid_t pid;

	shared = map_shared(PAGE);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		die_while_unlocking();
		_exit(0);
	}
	CHECK(syscall(SYS_futex, &shared->word, FUTEX_WAIT, 0, &timeout) == 0);
	CHECK(waitpid(pid, NULL, 0) == pid);
	return 0;
}
