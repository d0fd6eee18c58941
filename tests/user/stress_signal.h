/*
 * stress_signal.h: signals that are handled, blocked, exchanged, or end or stop a child; alarms that
 * ring in the middle of all else; sleeping.
 */
#pragma once

#include "stress_memory.h"

static uint32_t alarm_page[WORDS], alarm_mark;

/* Uses a page, so that a handler can come to a fault of its own anywhere. */
static inline void alarm_rang(int sig)
{
	int err = errno;

	note_signal(sig);
	page_expect(alarm_page, alarm_mark, "the alarm's page");
	alarm_mark = alarm_mark * 69069 + 1;
	page_fill(alarm_page, alarm_mark);
	errno = err;
}

static inline void alarm_every_ms(int ms)
{
	struct timeval period = {.tv_usec = ms * 1000};
	struct itimerval it = {.it_interval = period, .it_value = period};

	EXPECT(setitimer(ITIMER_REAL, &it, NULL) == 0, "An alarm can be set.");
}

/* From now on, whatever else is done. */
static inline void signal_alarms(void)
{
	alarm_every_ms(chance_one_in(2) ? 0 : 2 + (int)chance_below(40));
}

static inline void signal_self(void)
{
	int before;

	alarm_every_ms(0);
	before = signals_caught;
	EXPECT(raise(SIGUSR1) == 0 && signals_caught == before + 1,
	       "A signal to oneself is there at once.");
	block(SIGUSR1);
	raise(SIGUSR1);
	raise(SIGUSR1);
	EXPECT(signals_caught == before + 1 && is_pending(SIGUSR1), "A blocked signal waits.");
	unblock(SIGUSR1);
	EXPECT(signals_caught == before + 2, "Then it comes once.");
}

/* A child answers each signal of ours by one of its own: none may get lost, or come twice. */
static inline void signal_exchange(void)
{
	int rounds = 1 + (int)chance_below(8), before;
	sigset_t none;
	pid_t pid;

	alarm_every_ms(0);
	sigemptyset(&none);
	block(SIGUSR1);
	before = signals_caught;
	pid = child_fork();
	for (int i = before; i < before + rounds; i++) {
		if (pid > 0)
			EXPECT(kill(pid, SIGUSR1) == 0, "A child can be sent a signal.");
		while (signals_caught == i)
			sigsuspend(&none);
		EXPECT(signals_caught == i + 1, "A signal came twice.");
		if (pid == 0)
			EXPECT(kill(getppid(), SIGUSR1) == 0, "A parent can be sent a signal.");
	}
	if (pid == 0)
		_exit(0);
	child_expect_exit(pid, 0);
	unblock(SIGUSR1);
}

static inline void signal_kills(void)
{
	static const int deadly[] = {SIGKILL, SIGTERM, SIGUSR2, SIGVTALRM};
	int sig = deadly[chance_below(4)], status;
	pid_t pid = child_fork();

	if (pid == 0)
		regions_forget_shared();
	while (pid == 0)
		memory_write();
	sleep_ms((int)chance_below(4));
	EXPECT(kill(pid, sig) == 0, "A child can be sent a signal.");
	status = child_status(pid, 0);
	EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == sig, "A child dies of the signal sent.");
}

static inline void signal_stops(void)
{
	volatile uint32_t *count = map_shared(PAGE);
	uint32_t before;
	pid_t pid = child_fork();

	while (pid == 0) {
		memory_check();
		++*count;
	}
	EXPECT(kill(pid, SIGSTOP) == 0, "A child can be stopped.");
	EXPECT(WIFSTOPPED(child_status(pid, WUNTRACED)), "A stopped child is reported.");
	before = *count;
	sleep_ms(1 + (int)chance_below(4));
	EXPECT(*count == before, "A stopped child does nothing.");
	EXPECT(kill(pid, SIGCONT) == 0, "A child can be continued.");
	EXPECT(WIFCONTINUED(child_status(pid, WCONTINUED)), "A continued child is reported.");
	while (chance_one_in(2) && *count == before)
		sleep_ms(1);
	EXPECT(kill(pid, SIGKILL) == 0, "A child can be killed.");
	EXPECT(WIFSIGNALED(child_status(pid, 0)), "A killed child is reported.");
	EXPECT(munmap((void *)count, PAGE) == 0, "Shared memory can be unmapped.");
}

/* A child with a fault that it does not handle. */
static inline void signal_crash(void)
{
	pid_t pid = child_fork();
	int status;

	if (pid == 0) {
		handle(SIGSEGV, SIG_DFL, 0);
		*(volatile int *)8 = 1;
		_exit(0);
	}
	status = child_status(pid, 0);
	EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV, "A wild write ends in SIGSEGV.");
}

static inline void time_sleeps(void)
{
	double from = now();
	int ms = (int)chance_below(6);

	sleep_ms(ms);
	EXPECT(now() - from >= ms / 1e3, "A sleep lasts as long as asked.");
}

static inline void signals_prepare(void)
{
	handle_info(SIGSEGV, fault_caught, 0);
	handle_info(SIGBUS, fault_caught, 0);
	handle(SIGALRM, alarm_rang, SA_RESTART);
	handle(SIGUSR1, note_signal, SA_RESTART);
}
