/* A signal for the process is taken by a thread that does not block it; one for a thread by that thread alone. */
#include "signals.h"

#include <pthread.h>

static pid_t taker, thread_tid;
static volatile bool stop;

static void handler(int sig)
{
	note_signal(sig);
	taker = (pid_t)syscall(SYS_gettid);
}

static void *run(void *unused)
{
	thread_tid = (pid_t)syscall(SYS_gettid);
	unblock(SIGUSR1);
	while (!stop)
		sleep_ms(1);
	return unused;
}

int main(void)
{
	pthread_t thread;

	handle(SIGUSR1, handler, SA_RESTART);
	block(SIGUSR1);
	CHECK(pthread_create(&thread, NULL, run, NULL) == 0);
	sleep_ms(50);
	for (int i = 1; i <= 20; i++) {
		CHECK(kill(getpid(), SIGUSR1) == 0);
		while (signals_caught < i)
			sleep_ms(1);
		CHECK(taker == thread_tid && taker != getpid());
	}
	CHECK(syscall(SYS_tgkill, getpid(), getpid(), SIGUSR1) == 0);
	sleep_ms(20);
	CHECK(signals_caught == 20 && is_pending(SIGUSR1));
	unblock(SIGUSR1);
	CHECK(signals_caught == 21 && taker == getpid());
	stop = true;
	CHECK(pthread_join(thread, NULL) == 0);
	return 0;
}
