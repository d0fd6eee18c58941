/*
 * Under the Windows personality the kernel stacks of those who sleep long leave memory, whatever they wait for; and
 * whatever wakes them brings the stacks back: data, a time, a signal, a word, a lock, a child, SIGCONT.
 *
 * rows: D19 D21
 * quire-only
 * swap: 16M
 * append: personality=windows
 */
#include "windows.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>

#define KINDS 9u
#define STACKS (KINDS + 2) /* Two of them have a child. */
#define WAKE_BY_WORD(word) syscall(SYS_futex, word, 1 /* FUTEX_WAKE */, 1)

static int data[2], told[2], file;
static volatile uint32_t *word;

static void handler(int sig)
{
	(void)sig;
}

static void read_data(void)
{
	char c;

	CHECK(read(data[0], &c, 1) == 1);
}

static void poll_pipe(void)
{
	struct pollfd p = {.fd = told[0], .events = POLLIN};

	CHECK(poll(&p, 1, -1) == 1 && p.revents == POLLIN);
}

static void poll_for_a_time(void)
{
	time_t begin = time(NULL);

	CHECK(poll(NULL, 0, 9000) == 0 && time(NULL) - begin >= 8);
}

static void wait_for_word(void)
{
	CHECK(syscall(SYS_futex, word, 0 /* FUTEX_WAIT */, 0, NULL) == 0 && *word == 1);
}

static void wait_for_lock(void)
{
	CHECK(lockf(file, F_LOCK, 0) == 0);
}

static void wait_for_signal(void)
{
	CHECK(signal(SIGUSR1, handler) != SIG_ERR && pause() == -1 && errno == EINTR);
}

static void wait_for_child(void)
{
	int status;

	if (fork() == 0) {
		read_data();
		_exit(0);
	}
	CHECK(wait(&status) > 0 && status == 0);
}

static void wait_for_vfork(void)
{
	char c;

	if (vfork() == 0)
		_exit(read(data[0], &c, 1) != 1);
}

static void stop(void)
{
	CHECK(raise(SIGSTOP) == 0);
}

static void (*const kinds[KINDS])(void) = {
	read_data,	 poll_pipe,	 poll_for_a_time, wait_for_word, wait_for_lock,
	wait_for_signal, wait_for_child, wait_for_vfork,  stop,
};

static long kernel_stack_kib(void)
{
	return counter("/proc/meminfo", "KernelStack");
}

int main(void)
{
	long out, kib;
	pid_t pid[KINDS];
	int status;

	CHECK(pipe(data) == 0 && pipe(told) == 0);
	word = (uint32_t *)map_shared(PAGE);
	file = open("/tmp/lock", O_RDWR | O_CREAT, 0600);
	CHECK(lockf(file, F_LOCK, 0) == 0);
	out = stacks_settle();
	kib = kernel_stack_kib();
	for (unsigned i = 0; i < KINDS; i++) {
		pid[i] = fork();
		if (pid[i] == 0) {
			kinds[i]();
			_exit(0);
		}
	}
	stacks_await(out + STACKS);
	CHECK(kernel_stack_kib() == kib); /* All that came since is out. */
	*word = 1;
	CHECK(write(data[1], "abc", 3) == 3 && write(told[1], "", 1) == 1);
	CHECK(WAKE_BY_WORD(word) == 1 && lockf(file, F_ULOCK, 0) == 0);
	CHECK(kill(pid[5], SIGUSR1) == 0 && kill(pid[8], SIGCONT) == 0);
	for (unsigned i = 0; i < KINDS; i++)
		CHECK(waitpid(pid[i], &status, 0) == pid[i] && status == 0);
	CHECK(STACKS_OUT <= out);
	vm_check();
	return 0;
}
