/*
 * sys_proc.h: the calls about processes, who they are and what they use. Each does what the section
 * 2 page of its name says, for Linux i386; words are as in syscall.h.
 */
#pragma once

#include "kernel/lib/types.h"

/* sys_proc.c: birth, programs, death */
int32_t sys_fork(void);
int32_t sys_vfork(void);
int32_t sys_clone(uint32_t flags, uint32_t sp, uint32_t ptid, uint32_t tls, uint32_t ctid);
int32_t sys_clone3(uint32_t args, uint32_t size);
int32_t sys_execve(uint32_t path, uint32_t argv, uint32_t envp);
int32_t sys_execveat(uint32_t dirfd, uint32_t path, uint32_t argv, uint32_t envp, uint32_t flags);
int32_t sys_exit(uint32_t code);
int32_t sys_exit_group(uint32_t code);
int32_t sys_getpid(void);
int32_t sys_getppid(void);
int32_t sys_gettid(void);
int32_t sys_set_tid_address(uint32_t address);
int32_t sys_prctl(uint32_t option, uint32_t b, uint32_t c, uint32_t d, uint32_t e);

/* wait.c */
int32_t sys_wait4(uint32_t pid, uint32_t status, uint32_t options, uint32_t usage);
int32_t sys_waitpid(uint32_t pid, uint32_t status, uint32_t options);
int32_t sys_waitid(uint32_t which, uint32_t id, uint32_t info, uint32_t options, uint32_t usage);

/* group.c: process groups and sessions */
int32_t sys_setpgid(uint32_t pid, uint32_t pgrp);
int32_t sys_getpgid(uint32_t pid);
int32_t sys_getpgrp(void);
int32_t sys_setsid(void);
int32_t sys_getsid(uint32_t pid);

/* cred.c */
int32_t sys_setuid(uint32_t uid);
int32_t sys_setgid(uint32_t gid);
int32_t sys_setreuid(uint32_t real, uint32_t effective);
int32_t sys_setregid(uint32_t real, uint32_t effective);
int32_t sys_setresuid(uint32_t real, uint32_t effective, uint32_t saved);
int32_t sys_setresgid(uint32_t real, uint32_t effective, uint32_t saved);
int32_t sys_getresuid(uint32_t real, uint32_t effective, uint32_t saved);
int32_t sys_getresgid(uint32_t real, uint32_t effective, uint32_t saved);
int32_t sys_getuid(void);
int32_t sys_geteuid(void);
int32_t sys_getgid(void);
int32_t sys_getegid(void);
int32_t sys_setfsuid(uint32_t uid);
int32_t sys_setfsgid(uint32_t gid);
int32_t sys_setuid16(uint32_t uid);
int32_t sys_setgid16(uint32_t gid);
int32_t sys_getuid16(void);
int32_t sys_geteuid16(void);
int32_t sys_getgid16(void);
int32_t sys_getegid16(void);
int32_t sys_getgroups(uint32_t size, uint32_t list);
int32_t sys_setgroups(uint32_t count, uint32_t list);
int32_t sys_capget(uint32_t header, uint32_t data);
int32_t sys_capset(uint32_t header, uint32_t data);

/* rlimit.c */
int32_t sys_ugetrlimit(uint32_t resource, uint32_t limit);
int32_t sys_getrlimit(uint32_t resource, uint32_t limit);
int32_t sys_setrlimit(uint32_t resource, uint32_t limit);
int32_t sys_prlimit64(uint32_t pid, uint32_t resource, uint32_t new_limit, uint32_t old_limit);

/* usage.c */
int32_t sys_getrusage(uint32_t who, uint32_t usage);
int32_t sys_times(uint32_t tms);

/* tls.c */
int32_t sys_set_thread_area(uint32_t desc);
int32_t sys_get_thread_area(uint32_t desc);

/* sys_sched.c */
int32_t sys_sched_yield(void);
int32_t sys_sched_getaffinity(uint32_t pid, uint32_t size, uint32_t mask);
int32_t sys_sched_setaffinity(uint32_t pid, uint32_t size, uint32_t mask);
int32_t sys_sched_getscheduler(uint32_t pid);
int32_t sys_sched_setscheduler(uint32_t pid, uint32_t policy, uint32_t param);
int32_t sys_sched_getparam(uint32_t pid, uint32_t param);
int32_t sys_sched_setparam(uint32_t pid, uint32_t param);
int32_t sys_sched_get_priority_max(uint32_t policy);
int32_t sys_sched_get_priority_min(uint32_t policy);
int32_t sys_sched_rr_get_interval(uint32_t pid, uint32_t interval);
int32_t sys_sched_rr_get_interval_time64(uint32_t pid, uint32_t interval);
int32_t sys_getpriority(uint32_t which, uint32_t who);
int32_t sys_setpriority(uint32_t which, uint32_t who, uint32_t nice);
int32_t sys_nice(uint32_t increment);
int32_t sys_getcpu(uint32_t cpu, uint32_t node);

/* futex.c */
int32_t sys_futex(uint32_t word, uint32_t op, uint32_t value, uint32_t timeout, uint32_t word2,
		  uint32_t value3);
int32_t sys_futex_time64(uint32_t word, uint32_t op, uint32_t value, uint32_t timeout,
			 uint32_t word2, uint32_t value3);
int32_t sys_set_robust_list(uint32_t head, uint32_t size);
int32_t sys_get_robust_list(uint32_t pid, uint32_t head, uint32_t size);
