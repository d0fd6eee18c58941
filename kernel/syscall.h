/*
 * syscall.h: the table of system calls.
 *
 * Each call is a function of up to six 32-bit words that returns the result or -errno; kernel/syscall.c
 * has the one table. A call the kernel does not have gives -ENOSYS and one log line per number.
 */
#pragma once

#include "arch/x86/trapframe.h"

/* arch's door: run the call in tf->orig_eax with the arguments in ebx ecx edx esi edi ebp; eax gets the
 * result. Interrupts are on. */
void syscall_dispatch(struct trapframe *tf);

typedef int32_t (*syscall_fn)(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e, uint32_t f);

/* Calls that need the whole frame (fork, clone, execve, sigreturn) find it by task_frame(). */
