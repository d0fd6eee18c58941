/* All registers but the result are after a system call what they were, even if a handler ran meanwhile. */
#include "signals.h"

uint32_t ebp_after; /* By this name the assembly knows it. */

static void clobber(int sig)
{
	note_signal(sig);
	__asm__ volatile("movl $-1, %%eax; movl %%eax, %%ecx; movl %%eax, %%edx;"
			 "movl %%eax, %%esi; movl %%eax, %%edi; addl %%eax, %%eax" ::
				 : "eax", "ecx", "edx", "esi", "edi", "cc");
}

int main(void)
{
	uint32_t b = (uint32_t)getpid(), c = SIGUSR1, d = 0x11111111, si = 0x22222222;
	uint32_t di = 0x33333333;
	int a = SYS_kill;

	handle(SIGUSR1, clobber, 0);
	/* sbbl gives 0 - (-1) - carry. */
	__asm__ volatile("pushl %%ebp; movl $0x44444444, %%ebp; stc; int $0x80; sbbl $-1, %%eax;"
			 "movl %%ebp, ebp_after; popl %%ebp"
			 : "+a"(a), "+b"(b), "+c"(c), "+d"(d), "+S"(si), "+D"(di)
			 :
			 : "memory", "cc");
	CHECK(signals_caught == 1);
	CHECK(a == 0); /* The flags survived as well. */
	CHECK(b == (uint32_t)getpid() && c == SIGUSR1 && d == 0x11111111);
	CHECK(si == 0x22222222 && di == 0x33333333 && ebp_after == 0x44444444);
	return 0;
}
