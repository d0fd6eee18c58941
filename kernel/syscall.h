/*
 * syscall.h: the door of system calls.
 *
 * Each call is a function of up to six 32-bit words, int32_t sys_name(uint32_t a, ...), that
 * returns the result or -errno; kernel/syscall.c has the one table, which says how many words each
 * takes. User addresses are among these words and stay numbers until uaccess follows them. A call
 * the kernel does not have gives -ENOSYS and one log line per number.
 *
 * Calls that need the registers themselves (fork, execve, sigreturn) find them by
 * task_frame(task_current()).
 */
#pragma once

#include "arch/x86/trapframe.h"

/* arch's door: run the call in tf->orig_eax with the arguments in ebx ecx edx esi edi ebp; eax
 * gets the result. Interrupts are on. False when the call has made another frame of tf (execve, sigreturn). */
bool syscall_dispatch(struct trapframe *tf);
