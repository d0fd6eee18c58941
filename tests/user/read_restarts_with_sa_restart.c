/* A read that a signal interrupts begins again with SA_RESTART and gives EINTR without it. */
#include "signals.h"

static int fds[2];

static void put_byte(int sig)
{
	note_signal(sig);
	CHECK(write(fds[1], "x", 1) == 1);
}

int main(void)
{
	char c = 0;

	CHECK(pipe(fds) == 0);
	handle(SIGALRM, put_byte, SA_RESTART);
	alarm_in_ms(50);
	CHECK(read(fds[0], &c, 1) == 1 && c == 'x');
	CHECK(signals_caught == 1);
	handle(SIGALRM, note_signal, 0);
	alarm_in_ms(50);
	CHECK_ERRNO(read(fds[0], &c, 1), EINTR);
	CHECK(signals_caught == 2);
	return 0;
}
