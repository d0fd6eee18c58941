/* A process cannot queue more real-time signals than RLIMIT_SIGPENDING: EAGAIN; and can again when they are taken. */
#include "signals.h"

#include <sys/resource.h>

int main(void)
{
	struct rlimit limit = {.rlim_cur = 20, .rlim_max = 20};
	const union sigval value = {.sival_int = 1};
	int queued = 0;

	CHECK(setrlimit(RLIMIT_SIGPENDING, &limit) == 0);
	handle(SIGRTMIN, note_signal, 0);
	block(SIGRTMIN);
	while (queued < 100 && sigqueue(getpid(), SIGRTMIN, value) == 0)
		queued++;
	CHECK(queued <= 20 && errno == EAGAIN);
	unblock(SIGRTMIN);
	CHECK(signals_caught == queued);
	if (queued > 0)
		CHECK(sigqueue(getpid(), SIGRTMIN, value) == 0);
	CHECK(kill(getpid(), SIGRTMIN) == 0); /* kill has no value to lose and never fails so. */
	return 0;
}
