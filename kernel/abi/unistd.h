/*
 * abi/unistd.h: numbers of the system calls that the kernel and its vDSO name themselves, as Linux i386 has
 * them (arch/x86/entry/syscalls/syscall_32.tbl). kernel/syscalls.def has all that are answered.
 */
#pragma once

#define NR_restart_syscall 0
#define NR_time 13
#define NR_gettimeofday 78
#define NR_sigreturn 119
#define NR_rt_sigreturn 173
#define NR_clock_gettime 265
#define NR_clock_getres 266
#define NR_clock_gettime64 403

#define NR_SYSCALLS 528 /* Linux 6.1 knows those below 451; kernel/abi/course.h has 512 to 527. */
