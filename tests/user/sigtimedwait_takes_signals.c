/* sigtimedwait takes a blocked signal with its details, without a handler; EAGAIN when none comes in time. */
#include "signals.h"

int main(void)
{
	struct timespec nothing = {0}, short_time = {.tv_nsec = 30000000}, bad = {.tv_nsec = -1};
	siginfo_t info;
	sigset_t set;
	double start;

	handle(SIGUSR1, note_signal, 0);
	block(SIGUSR1);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	CHECK_ERRNO(sigtimedwait(&set, &info, &nothing), EAGAIN);
	start = now();
	CHECK_ERRNO(sigtimedwait(&set, &info, &short_time), EAGAIN);
	CHECK(now() - start >= 0.03);
	CHECK_ERRNO(sigtimedwait(&set, &info, &bad), EINVAL);
	CHECK(sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 9}) == 0);
	CHECK(sigtimedwait(&set, &info, &nothing) == SIGUSR1);
	CHECK(info.si_code == SI_QUEUE && info.si_value.sival_int == 9 && !is_pending(SIGUSR1));
	if (fork() == 0) {
		sleep_ms(20);
		_exit(kill(getppid(), SIGUSR1) != 0);
	}
	CHECK(sigwaitinfo(&set, &info) == SIGUSR1 && info.si_code == SI_USER);
	handle(SIGALRM, note_signal, SA_RESTART);
	alarm_in_ms(20);
	/* Another signal ends it. By the bare call: musl would wait again. */
	CHECK_ERRNO(syscall(SYS_rt_sigtimedwait, &set, &info, NULL, 8), EINTR);
	CHECK(signals_caught == 1 && signal_last == SIGALRM);
	return 0;
}
