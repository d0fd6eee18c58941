/* All registers but the result are after a system call what they were, even if a handler ran meanwhile. */
#include "signals.h"

static void clobber(int sig)
{
	note_signal(sig);
	__asm__ volatile("std; cld; movl $-1, %%eax; movl %%eax, %%ecx; movl %%eax, %%edx;"
			 "movl %%eax, %%esi; movl %%eax, %%edi" ::
				 : "eax", "ecx", "edx", "esi", "edi", "cc");
}

static void kill_me(int number)
{
	uint32_t b = (uint32_t)getpid(), c = SIGUSR1, d = 0x11111111, si = 0x22222222;
	uint32_t di = 0x33333333, bp = 0;
	int a = number;

	__asm__ volatile("pushl %%ebp; movl $0x44444444, %%ebp; stc; int $0x80;"
			 "sbbl $-1, %%eax; movl %%ebp, %%ebp; xchgl %%ebp, (%%esp); popl %[bp];"
			 : "+a"(a), "+b"(b), "+c"(c), "+d"(d), "+S"(si), "+D"(di), [bp] "=m"(bp)
			 :
			 : "memory", "cc");
	CHECK(a == 0); /* 0 - (-1) - carry: the carry flag survived as well. */
	CHECK(b == (uint32_t)getpid() && c == SIGUSR1 && d == 0x11111111);
	CHECK(si == 0x22222222 && di == 0x33333333);
}

int main(void)
{
	handle(SIGUSR1, clobber, 0);
	kill_me(SYS_kill);
	CHECK(signals_caught == 1);
	return 0;
}
