/*
 * A signal ends swapoff in the middle of shared memory too: what came back stays, the area goes on.
 *
 * rows: E20
 * quire-only
 * swap: 64M
 */
#include "swap.h"

#include <signal.h>
#include <sys/swap.h>
#include <sys/time.h>

#define SIZE (48 << 20)

static void ring(int sig)
{
	(void)sig;
}

int main(void)
{
	struct itimerval soon = {.it_value.tv_usec = 10000};
	struct sigaction ringing = {.sa_handler = ring};
	char *at = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	CHECK(at != MAP_FAILED);
	for (int i = 0; i < SIZE; i += PAGE)
		at[i] = (char)(i / PAGE);
	CHECK(madvise(at, SIZE, MADV_PAGEOUT) == 0);
	CHECK(SWAP_USED > SIZE / 1024 / 2);
	CHECK(sigaction(SIGALRM, &ringing, NULL) == 0 && setitimer(ITIMER_REAL, &soon, NULL) == 0);
	CHECK(swapoff("/dev/hda") == -1 && errno == EINTR);
	CHECK(SWAP_USED > 0);
	CHECK(swapoff("/dev/hda") == 0);
	for (int i = 0; i < SIZE; i += PAGE)
		CHECK(at[i] == (char)(i / PAGE));
	return 0;
}
