/* fork.h: fork with a child that touches no memory at all, so that only the fork itself is counted. */
#pragma once

#include "check.h"

#include <signal.h>
#include <sys/syscall.h>

/* The child's registers are its only data: it sleeps until it is killed. */
static inline pid_t fork_still(void)
{
	pid_t pid;

	__asm__ volatile("int $0x80\n\t"
			 "testl %%eax, %%eax\n\t"
			 "jnz 2f\n"
			 "1:\tmovl %1, %%eax\n\t"
			 "int $0x80\n\t"
			 "jmp 1b\n"
			 "2:"
			 : "=a"(pid)
			 : "i"(SYS_pause), "0"(SYS_fork)
			 : "memory");
	CHECK(pid > 0);
	return pid;
}

static inline void child_kill(pid_t pid)
{
	int status;

	CHECK(kill(pid, SIGKILL) == 0);
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}
