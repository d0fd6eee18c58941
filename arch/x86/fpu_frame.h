/*
 * fpu_frame.h: the FPU state as a signal frame holds it: Linux i386's struct _fpstate
 * (arch/x86/include/uapi/asm/sigcontext.h).
 *
 * The x87 registers come first in the old FSAVE format, for programs older than SSE; where the CPU
 * has FXSR its image follows. On the way back the old part counts for x87, the new one for SSE.
 */
#pragma once

#include "arch/x86/context.h"
#include "arch/x86/fpu_image.h"

#define FPU_FRAME_FXSR 0x0000	 /* fpu_frame.magic: fxsave is there. */
#define FPU_FRAME_NO_FXSR 0xFFFF /* It is not. */

struct fpu_head {
	struct fsave_image x87;
	uint16_t status; /* fsw at the time of the signal. */
	uint16_t magic;
};

struct fpu_frame {
	struct fpu_head head;
	struct fpu_state fxsave;
} __attribute__((packed, aligned(4)));

_Static_assert(sizeof(struct fpu_frame) == 624, "struct _fpstate is 624 bytes");

/* Write the live FPU registers to the frame at the user address va, where its fxsave is aligned to 16
 * bytes; they survive. 0 or -EFAULT. May sleep. */
int fpu_frame_push(uint32_t va);

/* Load them from the frame at va, which may be anywhere and hold anything. 0, or -EFAULT with some of them
 * loaded. May sleep. */
int fpu_frame_pop(uint32_t va);
