/*
 * A handler's frame has the x87 registers as FNSAVE writes them and again, with SSE's, as FXSAVE does.
 * On the way back the old part counts for x87, the new one for SSE.
 */
#include "signals.h"

struct x87 {
	uint32_t control, status, tags, ip, cs, data, ds;
	uint8_t st[8][10];
};

struct fxsave {
	uint16_t control, status;
	uint8_t used, unused[27], st[8][16], xmm[8][16], rest[224];
} __attribute__((aligned(16)));

struct frame {
	struct x87 x87;
	uint16_t status, magic;
	struct fxsave fx;
} __attribute__((packed));

static struct frame seen;
static struct x87 x87; /* What the CPU says after the handler. */
static struct fxsave fx;

static void look(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	memcpy(&seen, ((ucontext_t *)context)->uc_mcontext.fpregs, sizeof(seen));
}

static void change(int sig, siginfo_t *info, void *context)
{
	struct frame *f = (struct frame *)((ucontext_t *)context)->uc_mcontext.fpregs;

	look(sig, info, context);
	f->x87.control = 0xFFFF027F;
	f->x87.tags = 0xFFFFFFFF;
	f->x87.st[0][9] = 0x55;
	f->fx.st[1][9] = 0x66;
	f->fx.xmm[7][5] = 0x77;
}

/* Raise SIGUSR1 with more and stranger values in the registers, the larger n is. */
static void raise_with_values(int n)
{
	static const double one_and_a_half = 1.5, denormal = 5e-324, zero;

	__asm__ volatile("fninit");
	if (n > 0)
		__asm__ volatile("fldl %0; fldz" ::"m"(one_and_a_half));
	if (n > 1)
		__asm__ volatile("fld1; fdivl %0" ::"m"(zero)); /* Infinity, and an exception. */
	if (n > 2)
		__asm__ volatile("fldpi; fincstp; ffree %st(2)");
	if (n > 3)
		__asm__ volatile("fldl %0; fld1; fld1; fld1" ::"m"(denormal));
	syscall(SYS_kill, getpid(), SIGUSR1);
	__asm__ volatile("fxsave %0; fnsave %1; fninit" : "=m"(fx), "=m"(x87));
}

int main(void)
{
	handle_info(SIGUSR1, look, 0);
	for (int n = 0; n <= 4; n++) {
		raise_with_values(n);
		CHECK(seen.magic == 0 && seen.status == (uint16_t)x87.status);
		CHECK(seen.x87.control == (x87.control | 0xFFFF0000));
		CHECK(seen.x87.status == (x87.status | 0xFFFF0000));
		CHECK(seen.x87.tags == (x87.tags | 0xFFFF0000));
		CHECK(memcmp(seen.x87.st, x87.st, sizeof(x87.st)) == 0);
		CHECK(seen.fx.control == fx.control && seen.fx.status == fx.status);
		CHECK(seen.fx.used == fx.used && memcmp(seen.fx.st, fx.st, 256) == 0);
	}
	handle_info(SIGUSR1, change, 0);
	raise_with_values(1);
	CHECK((uint16_t)x87.control == 0x027F && (uint16_t)x87.tags == 0xFFFF);
	CHECK(x87.st[0][9] == 0x55 && x87.st[1][9] == seen.x87.st[1][9] && fx.xmm[7][5] == 0x77);
	return 0;
}
