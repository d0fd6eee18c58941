/*
 * sys_signal.h: the calls about signals. Each does what the section 2 page of its name says, for Linux
 * i386; words are as in syscall.h. size: of the signal set, always 8.
 */
#pragma once

#include "kernel/lib/types.h"

/* sys_signal.c: actions, masks, waiting */
int32_t sys_rt_sigaction(uint32_t sig, uint32_t new_action, uint32_t old_action, uint32_t size);
int32_t sys_rt_sigprocmask(uint32_t how, uint32_t new_mask, uint32_t old_mask, uint32_t size);
int32_t sys_rt_sigpending(uint32_t set, uint32_t size);
int32_t sys_rt_sigsuspend(uint32_t mask, uint32_t size);
int32_t sys_rt_sigtimedwait(uint32_t set, uint32_t info, uint32_t timeout, uint32_t size);
int32_t sys_rt_sigtimedwait_time64(uint32_t set, uint32_t info, uint32_t timeout, uint32_t size);
int32_t sys_pause(void);

/* The same as they were before there were 64 signals. */
int32_t sys_signal(uint32_t sig, uint32_t handler);
int32_t sys_sigaction(uint32_t sig, uint32_t new_action, uint32_t old_action);
int32_t sys_sigprocmask(uint32_t how, uint32_t new_mask, uint32_t old_mask);
int32_t sys_sigpending(uint32_t set);
int32_t sys_sigsuspend(uint32_t unused0, uint32_t unused1, uint32_t mask);
int32_t sys_sgetmask(void);
int32_t sys_ssetmask(uint32_t mask);

/* sys_kill.c: sending */
int32_t sys_kill(uint32_t pid, uint32_t sig);
int32_t sys_tkill(uint32_t tid, uint32_t sig);
int32_t sys_tgkill(uint32_t pid, uint32_t tid, uint32_t sig);
int32_t sys_rt_sigqueueinfo(uint32_t pid, uint32_t sig, uint32_t info);
int32_t sys_rt_tgsigqueueinfo(uint32_t pid, uint32_t tid, uint32_t sig, uint32_t info);

/* altstack.c */
int32_t sys_sigaltstack(uint32_t new_stack, uint32_t old_stack);

/* sigframe.c: the result is the eax that the frame holds. */
int32_t sys_sigreturn(void);
int32_t sys_rt_sigreturn(void);
