/* signals.h: what the programs about signals share. */
#pragma once

#include "check.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <ucontext.h>

/* How often note_signal() ran, and for which signal last. */
static volatile sig_atomic_t signals_caught, signal_last;

static inline void note_signal(int sig)
{
	signals_caught++;
	signal_last = sig;
}

static inline void handle(int sig, void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

	CHECK(sigaction(sig, &action, NULL) == 0);
}

static inline void handle_info(int sig, void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction action = {.sa_sigaction = handler, .sa_flags = flags | SA_SIGINFO};

	CHECK(sigaction(sig, &action, NULL) == 0);
}

/* Block or unblock one signal. */
static inline void mask_change(int how, int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	CHECK(sigprocmask(how, &set, NULL) == 0);
}

static inline void block(int sig)
{
	mask_change(SIG_BLOCK, sig);
}

static inline void unblock(int sig)
{
	mask_change(SIG_UNBLOCK, sig);
}

static inline bool is_pending(int sig)
{
	sigset_t set;

	CHECK(sigpending(&set) == 0);
	return sigismember(&set, sig);
}

static inline bool is_blocked(int sig)
{
	sigset_t set;

	CHECK(sigprocmask(SIG_BLOCK, NULL, &set) == 0);
	return sigismember(&set, sig);
}

/* A child that does nothing but wait for signals. */
static inline pid_t child_that_waits(void)
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	while (pid == 0)
		pause();
	return pid;
}

static inline int wait_status(pid_t pid, int options)
{
	int status;

	CHECK(waitpid(pid, &status, options) == pid);
	return status;
}

static inline int64_t nanoseconds_on(clockid_t clock)
{
	struct timespec ts;

	CHECK(clock_gettime(clock, &ts) == 0);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

static inline double now_on(clockid_t clock)
{
	return (double)nanoseconds_on(clock) / 1e9;
}

static inline double now(void)
{
	return now_on(CLOCK_MONOTONIC);
}

/* Signal me with SIGALRM in so many milliseconds. */
static inline void alarm_in_ms(int ms)
{
	struct itimerval it = {.it_value = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000}};

	CHECK(setitimer(ITIMER_REAL, &it, NULL) == 0);
}
