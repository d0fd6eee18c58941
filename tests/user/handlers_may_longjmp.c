/* A handler may leave by siglongjmp: a hundred faults in a row are each handled, and the mask is restored. */
#include "signals.h"

#include <setjmp.h>

static sigjmp_buf back;

static void handler(int sig)
{
	note_signal(sig);
	siglongjmp(back, 1);
}

int main(void)
{
	handle(SIGSEGV, handler, 0);
	for (int i = 1; i <= 100; i++) {
		if (sigsetjmp(back, 1) == 0)
			*(volatile int *)8 = 1;
		CHECK(signals_caught == i && !is_blocked(SIGSEGV));
	}
	return 0;
}
