/*
 * Whichever allocation of execve fails, it says ENOMEM, the caller goes on with all it had, and
 * nothing is left behind.
 *
 * rows: A30 C25
 * quire-only
 */
#include "counters.h"
#include "fail.h"

/* Arm the failure, execve, disarm: in registers, so that the failure hits the kernel's work for
 * execve and no page fault of ours. A negative errno. */
static int exec_failing(int fail_fd, const char *arm, char **argv)
{
	static char path[] = "/proc/self/exe";
	int result;

	CHECK(path[0] == '/');		 /* All that execve reads is in memory. */
	__asm__ volatile("int $0x80\n\t" /* write(fail_fd, arm, length) */
			 "movl %2, %%eax\n\t"
			 "movl %%esi, %%ebx\n\t"
			 "movl %%edi, %%ecx\n\t"
			 "xorl %%edx, %%edx\n\t"
			 "int $0x80" /* execve(path, argv, NULL) */
			 : "=a"(result), "+b"(fail_fd)
			 : "i"(SYS_execve), "0"(SYS_write), "c"(arm), "d"(strlen(arm)), "S"(path),
			   "D"(argv)
			 : "memory");
	return result;
}

static void disarm(int fail_fd)
{
	while (write(fail_fd, "off", 3) != 3)
		CHECK(errno == ENOMEM);
}

struct attempt {
	const char *arm;
	int fail_fd;
};

/* The child's memory, handler and close-on-exec descriptor are as before, or it is another program. */
static void try(void *arg)
{
	char *argv[] = {"exec_fails_cleanly", "done", NULL};
	struct attempt *a = arg;
	char *p = map_anon(3 * PAGE);
	int result;

	touch_write(p, 3 * PAGE, 'e');
	result = exec_failing(a->fail_fd, a->arm, argv);
	disarm(a->fail_fd);
	CHECK(result == -ENOMEM);
	CHECK(pages_hold(p, 3 * PAGE, 'e') && fcntl(a->fail_fd, F_GETFD) == FD_CLOEXEC);
	_exit(3);
}

/* Make the n-th allocation fail for n = 1, 2, ... until execve no longer notices. */
static void fail_each(int fd, const char *point)
{
	int failures = 0;

	for (int n = 1; n <= failures + 20; n++) {
		char word[32];
		struct attempt a = {word, fd};
		int status;

		snprintf(word, sizeof(word), "%s:%d", point, n);
		status = child_run(try, &a);
		CHECK(status == 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 3));
		if (status)
			failures = n;
	}
	dprintf(1, "%s: the last allocation that matters is number %d\n", point, failures);
	CHECK(failures >= 1);
}

int main(int argc, char **argv)
{
	long before = 0;
	int fd;

	(void)argv;
	while ((fd = open(FAIL_FILE, O_WRONLY | O_CLOEXEC)) < 0)
		CHECK(argc > 1 && errno == ENOMEM);
	if (argc > 1) { /* The program that an execve became. */
		disarm(fd);
		return 0;
	}
	for (int round = 0; round < 2; round++) {
		fail_each(fd, "kmalloc");
		fail_each(fd, "frame_alloc");
		if (round == 0)
			before = frames_free();
	}
	CHECK(before - frames_free() <= 2);
	vm_check();
	return 0;
}
