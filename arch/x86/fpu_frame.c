/*
 * fpu_frame.c: the FPU registers into a signal frame and back.
 *
 * Both formats in a frame are the CPU's own, so it is the CPU that translates: what FNSAVE writes and
 * FRSTOR reads is the old part, and the new one goes straight between the registers and the user's memory by
 * FXSAVE and FXRSTOR (together 580 instructions less than to translate and copy). The kernel does not use
 * the FPU, so the program's registers are live all the time, even if the thread sleeps for a page of the
 * frame.
 */

#include "arch/x86/fpu_frame.h"

#include "arch/x86/cpu.h"
#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"

/* Of fxsave, what the CPU uses in 32-bit mode, and where Linux says with its own magic number that more
 * follows. */
#define FXSAVE_USED 288u
#define FXSAVE_EXTENDED 464u

/* CPUs write ones into the unused halves, and Linux does; QEMU writes zeroes. */
#define HIGH_ONES 0xFFFF0000u

int fpu_frame_push(uint32_t va)
{
	uint32_t fxsave = va + offsetof(struct fpu_frame, fxsave);
	struct fpu_head head;

	fpu_save_x87(&head.x87);
	head.x87.fcw |= HIGH_ONES;
	head.x87.fsw |= HIGH_ONES;
	head.x87.tags |= HIGH_ONES;
	head.x87.fds |= HIGH_ONES;
	head.status = (uint16_t)head.x87.fsw;
	head.magic = cpu_features.fxsr ? FPU_FRAME_FXSR : FPU_FRAME_NO_FXSR;
	if (copy_to_user((void __user *)va, &head, sizeof(head)))
		return -EFAULT;
	if (!cpu_features.fxsr)
		return 0;
	if (fxsave_to_user((void __user *)fxsave))
		return -EFAULT;
	return put_user_u32((void __user *)(fxsave + FXSAVE_EXTENDED), 0);
}

/* FXRSTOR refuses what is not aligned or has reserved bits in MXCSR; Linux takes it and clears the bits. */
static int fxrstor_cleaned(uint32_t va)
{
	struct fpu_state fpu;

	if (copy_from_user(&fpu, (const void __user *)va, FXSAVE_USED))
		return -EFAULT;
	fpu_restore(&fpu);
	return 0;
}

/* FRSTOR is given a copy: after a fault half-way, an exception that it has just loaded would strike at its
 * repetition. A program that has made its frame without the new part gets fresh SSE registers. */
int fpu_frame_pop(uint32_t va)
{
	uint32_t fxsave = va + offsetof(struct fpu_frame, fxsave);
	struct fpu_head head;

	if (copy_from_user(&head, (const void __user *)va, sizeof(head)))
		return -EFAULT;
	if (!cpu_features.fxsr || head.magic != FPU_FRAME_FXSR)
		fpu_reset();
	else if (fxrstor_from_user((const void __user *)fxsave) && fxrstor_cleaned(fxsave))
		return -EFAULT;
	fpu_load_x87(&head.x87);
	return 0;
}
