/*
 * fpu_frame.h: the FPU state as a signal frame holds it: Linux i386's struct _fpstate
 * (arch/x86/include/uapi/asm/sigcontext.h).
 *
 * The x87 registers come first in the old FSAVE format, for programs older than SSE; where the CPU
 * has FXSR its image follows. On the way back the old part counts for x87, the new one for SSE.
 */
#pragma once

#include "arch/x86/context.h"

#define FPU_FRAME_FXSR 0x0000	 /* fpu_frame.magic: fxsave is there. */
#define FPU_FRAME_NO_FXSR 0xFFFF /* It is not. */

struct fpu_frame {
	uint32_t fcw, fsw, tags, fip, fcs, fdp, fds;
	uint8_t st[8][10];
	uint16_t status; /* fsw at the time of the signal. */
	uint16_t magic;
	struct fpu_state fxsave;
} __attribute__((packed, aligned(4)));

_Static_assert(sizeof(struct fpu_frame) == 624, "struct _fpstate is 624 bytes");

/* Every byte of *frame is written. */
void fpu_to_frame(const struct fpu_state *fpu, struct fpu_frame *frame);

/* The frame may hold anything; the result is for fpu_restore(). */
void fpu_from_frame(struct fpu_state *fpu, const struct fpu_frame *frame);
