/* x87 and SSE registers are after a handler what they were before, and the handler starts with fresh ones. */
#include "signals.h"

static uint16_t handler_cw;
static uint32_t handler_mxcsr;

static void clobber(int sig)
{
	note_signal(sig);
	__asm__ volatile("fnstcw %0; stmxcsr %1" : "=m"(handler_cw), "=m"(handler_mxcsr));
	__asm__ volatile("fninit; fldz; fldz; fldz; pxor %%xmm0, %%xmm0; pxor %%xmm7, %%xmm7" ::
				 : "memory", "xmm0", "xmm7");
}

__attribute__((target("sse2"))) int main(void)
{
	static const double one_and_a_half = 1.5;
	uint16_t cw = 0x0F7F, cw_after;
	uint32_t mxcsr = 0x7F80, mxcsr_after, xmm[4] = {1, 2, 3, 4}, xmm_after[4];
	double x87_after;
	int result;

	handle(SIGUSR1, clobber, 0);
	__asm__ volatile("fldcw %5; ldmxcsr %6; fldl %7; movups %8, %%xmm7;"
			 "int $0x80;"
			 "movups %%xmm7, %1; fstpl %2; fnstcw %3; stmxcsr %4"
			 : "=a"(result), "=m"(xmm_after), "=m"(x87_after), "=m"(cw_after),
			   "=m"(mxcsr_after)
			 : "m"(cw), "m"(mxcsr), "m"(one_and_a_half), "m"(xmm), "0"(SYS_kill),
			   "b"(getpid()), "c"(SIGUSR1)
			 : "memory", "xmm7");
	CHECK(result == 0 && signals_caught == 1);
	CHECK(cw_after == cw && mxcsr_after == mxcsr && x87_after == 1.5);
	CHECK(memcmp(xmm, xmm_after, sizeof(xmm)) == 0);
	CHECK(handler_cw == 0x37F && handler_mxcsr == 0x1F80);
	return 0;
}
