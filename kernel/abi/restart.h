/*
 * abi/restart.h: results of interrupted calls that never reach a user: the way back to user mode
 * turns them into a restart or -EINTR (Linux's numbers, include/linux/errno.h, as ptrace shows
 * them).
 */
#pragma once

#define ERESTARTSYS 512		  /* Restart if SA_RESTART, else -EINTR. */
#define ERESTARTNOINTR 513	  /* Always restart. */
#define ERESTARTNOHAND 514	  /* Restart only when no handler ran. */
#define ERESTART_RESTARTBLOCK 516 /* Restart through restart_syscall. */
