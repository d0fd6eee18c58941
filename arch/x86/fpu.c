/*
 * fpu.c: the x87 and SSE registers.
 *
 * The kernel is compiled without them, so between a thread's entry into the kernel and its return
 * they stay as the thread left them, unless another thread runs meanwhile: context_switch() saves
 * and loads them. Loading them only at the first use (CR0.TS) would save little and has leaked
 * registers between processes on CPUs that speculate.
 *
 * A CPU with FXSR keeps 512 bytes a thread (Intel SDM vol. 2, FXSAVE), an older one the first 108
 * of them (FSAVE).
 */

#include "arch/x86/context.h"
#include "arch/x86/cpu.h"
#include "arch/x86/fpu_image.h"
#include "kernel/lib/string.h"

#define FCW_INIT 0x037F		  /* All exceptions masked, 64-bit precision, round to nearest. */
#define MXCSR_INIT 0x1F80	  /* The same for SSE. */
#define MXCSR_MASK_DEFAULT 0xFFBF /* Where FXSAVE reports a mask of 0 (SDM vol. 1, 11.6.6). */

static uint32_t mxcsr_mask = MXCSR_MASK_DEFAULT;

static struct fpu_state initial; /* What a program starts with. */

void fpu_init(void)
{
	static struct fpu_state probe;
	struct fxsave_image *image = (struct fxsave_image *)&probe;

	__asm__ volatile("fninit");
	fpu_state_init(&initial);
	if (!cpu_features.fxsr)
		return;
	__asm__ volatile("fxsave %0" : "+m"(probe));
	if (image->mxcsr_mask != 0)
		mxcsr_mask = image->mxcsr_mask;
}

void fpu_state_init(struct fpu_state *fpu)
{
	memset(fpu, 0, sizeof(*fpu));
	if (cpu_features.fxsr) {
		struct fxsave_image *image = (struct fxsave_image *)fpu;

		image->fcw = FCW_INIT;
		image->mxcsr = MXCSR_INIT;
	} else {
		struct fsave_image *image = (struct fsave_image *)fpu;

		image->fcw = 0xFFFF0000u | FCW_INIT;
		image->fsw = 0xFFFF0000u;
		image->tags = 0xFFFFFFFFu; /* Two bits a register: all empty. */
	}
}

/* FNSAVE also resets the registers, which no caller but the switch wants. */
void fpu_save_x87(struct fsave_image *image)
{
	__asm__ volatile("fnsave %0; frstor %0" : "+m"(*image));
}

/* An exception pending in the registers that are replaced would strike at FRSTOR: clear it. */
void fpu_load_x87(const struct fsave_image *image)
{
	__asm__ volatile("fnclex; frstor %0" ::"m"(*image));
}

void fpu_save(struct fpu_state *fpu)
{
	if (cpu_features.fxsr)
		__asm__ volatile("fxsave %0" : "=m"(*fpu));
	else
		fpu_save_x87((struct fsave_image *)fpu);
}

void fpu_load(const struct fpu_state *fpu)
{
	if (cpu_features.fxsr)
		__asm__ volatile("fxrstor %0" ::"m"(*fpu));
	else
		fpu_load_x87((const struct fsave_image *)fpu);
}

/* Reserved bits in MXCSR are a general protection fault; a signal frame may hold anything. */
void fpu_restore(struct fpu_state *fpu)
{
	if (cpu_features.fxsr)
		((struct fxsave_image *)fpu)->mxcsr &= mxcsr_mask;
	fpu_load(fpu);
}

void fpu_reset(void)
{
	fpu_load(&initial);
}

uint32_t fpu_x87_exceptions(void)
{
	uint16_t fcw, fsw;

	__asm__ volatile("fnstcw %0; fnstsw %1" : "=m"(fcw), "=m"(fsw));
	return fsw & ~fcw & FPU_EXCEPTIONS;
}

uint32_t fpu_sse_exceptions(void)
{
	uint32_t mxcsr;

	__asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
	return mxcsr & ~(mxcsr >> 7) & FPU_EXCEPTIONS;
}
