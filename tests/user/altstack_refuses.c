/* sigaltstack: ENOMEM for a stack too small, EINVAL for unknown flags, EPERM while on it, EFAULT. */
#include "signals.h"

static char stack[16384];

static long set_stack(void *sp, int flags, size_t size)
{
	stack_t ss = {.ss_sp = sp, .ss_flags = flags, .ss_size = size};

	return syscall(SYS_sigaltstack, &ss, NULL);
}

static void handler(int sig)
{
	note_signal(sig);
	CHECK_ERRNO(set_stack(stack, 0, sizeof(stack)), EPERM);
	CHECK_ERRNO(set_stack(NULL, SS_DISABLE, 0), EPERM);
}

int main(void)
{
	CHECK_ERRNO(set_stack(stack, 0, 2047), ENOMEM);
	CHECK_ERRNO(set_stack(stack, 4, sizeof(stack)), EINVAL);
	CHECK_ERRNO(syscall(SYS_sigaltstack, 1, NULL), EFAULT);
	CHECK_ERRNO(syscall(SYS_sigaltstack, NULL, 1), EFAULT);
	CHECK(set_stack(stack, 0, sizeof(stack)) == 0);
	handle(SIGUSR1, handler, SA_ONSTACK);
	raise(SIGUSR1);
	CHECK(signals_caught == 1);
	CHECK(set_stack(NULL, SS_DISABLE, 0) == 0);
	return 0;
}
