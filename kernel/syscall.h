/*
 * syscall.h: the door of system calls.
 *
 * Each call is a function of up to six 32-bit words, int32_t sys_name(uint32_t a, ...), that
 * returns the result or -errno as the section 2 page of its name says; syscalls.def lists them. User
 * addresses are among these words and stay numbers until uaccess follows them; 64-bit numbers come as two
 * words, the lower first (_llseek: the upper first).
 *
 * Calls that need the registers themselves (fork, execve, sigreturn) find them by
 * task_frame(task_current()).
 */
#pragma once

#include "arch/x86/trapframe.h"

/* arch's door: run the call in tf->orig_eax with the arguments in ebx ecx edx esi edi ebp; eax
 * gets the result. Interrupts are on. False when tf may be another frame than the call's (execve, sigreturn). */
bool syscall_dispatch(struct trapframe *tf);

#define WORDS0 void
#define WORDS1 uint32_t a
#define WORDS2 WORDS1, uint32_t b
#define WORDS3 WORDS2, uint32_t c
#define WORDS4 WORDS3, uint32_t d
#define WORDS5 WORDS4, uint32_t e
#define WORDS6 WORDS5, uint32_t f

#define CALL(number, n, name) int32_t sys_##name(WORDS##n);
#define FORM(number, n, name, function, ...)
#define TIMED(number, number64, n, name) int32_t sys_##name(WORDS##n, bool time64);
#include "kernel/syscalls.def"
#undef CALL
#undef FORM
#undef TIMED
