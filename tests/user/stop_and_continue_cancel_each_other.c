/* A pending SIGCONT is gone when a stop signal comes, and pending stop signals when SIGCONT comes, blocked or not. */
#include "signals.h"

int main(void)
{
	static const int stops[] = {SIGTSTP, SIGTTIN, SIGTTOU};

	block(SIGCONT);
	for (int i = 0; i < 3; i++)
		block(stops[i]);
	for (int i = 0; i < 3; i++)
		CHECK(raise(stops[i]) == 0 && is_pending(stops[i]));
	CHECK(raise(SIGCONT) == 0);
	for (int i = 0; i < 3; i++)
		CHECK(!is_pending(stops[i]));
	handle(SIGCONT, note_signal, 0);
	CHECK(raise(SIGCONT) == 0 && is_pending(SIGCONT));
	CHECK(raise(SIGTSTP) == 0);
	CHECK(!is_pending(SIGCONT) && is_pending(SIGTSTP));
	CHECK(raise(SIGCONT) == 0 && !is_pending(SIGTSTP));
	unblock(SIGCONT);
	CHECK(signals_caught == 1);
	return 0;
}
