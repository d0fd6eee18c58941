/*
 * fail.h: make the kernel's allocations fail on demand, and fork under that.
 *
 * The failure must hit the kernel in the call that is tested and nobody's page fault. So from
 * arming it to disarming it neither parent nor child touches memory: all is done in registers.
 */
#pragma once

#include "check.h"

#include <sys/syscall.h>

#define FAIL_FILE "/proc/sys/debug/fail"

/* Arm the failure, fork, disarm. The child exits with status 0 at once. As fork, or a negative errno. */
static inline int fork_failing(int fail_fd, const char *arm)
{
	int result;

	__asm__ volatile("int $0x80\n\t" /* write(fail_fd, arm, length) */
			 "movl %3, %%eax\n\t"
			 "int $0x80\n\t" /* fork() */
			 "testl %%eax, %%eax\n\t"
			 "jz 2f\n\t"
			 "movl %%eax, %%esi\n"
			 "1:\tmovl %2, %%eax\n\t"
			 "movl %%edi, %%ecx\n\t"
			 "movl $3, %%edx\n\t"
			 "int $0x80\n\t" /* write(fail_fd, "off", 3), until it succeeds */
			 "cmpl $3, %%eax\n\t"
			 "jne 1b\n\t"
			 "jmp 3f\n"
			 "2:\txorl %%ebx, %%ebx\n\t"
			 "movl %4, %%eax\n\t"
			 "int $0x80\n" /* exit(0) */
			 "3:"
			 : "=&S"(result), "+b"(fail_fd)
			 : "i"(SYS_write), "i"(SYS_fork), "i"(SYS_exit), "a"(SYS_write), "c"(arm),
			   "d"(strlen(arm)), "D"("off")
			 : "memory");
	return result;
}

/* A system call of three arguments with the n-th allocation failing. No memory is touched. */
static inline long call_failing(int fail_fd, const char *arm, long number, void *a, long b, long c)
{
	long result;

	__asm__ volatile("int $0x80\n\t"
			 : "=a"(result)
			 : "0"(SYS_write), "b"(fail_fd), "c"(arm), "d"(strlen(arm))
			 : "memory");
	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "0"(number), "b"(a), "c"(b), "d"(c)
			 : "memory");
	while (write(fail_fd, "off", 3) != 3) /* The failure may have been left for this call. */
		CHECK(errno == ENOMEM);
	return result;
}
