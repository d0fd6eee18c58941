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

struct fpu_head {
	uint32_t fcw, fsw, tags, fip, fcs, fdp, fds;
	uint8_t st[8][10];
	uint16_t status; /* fsw at the time of the signal. */
	uint16_t magic;
} __attribute__((packed, aligned(4)));

struct fpu_frame {
	struct fpu_head head;
	struct fpu_state fxsave;
} __attribute__((packed, aligned(4)));

/* Of fxsave, what the CPU uses in 32-bit mode, and where Linux says with its own magic number that more
 * follows. */
#define FXSAVE_USED 288u
#define FXSAVE_EXTENDED 464u

_Static_assert(sizeof(struct fpu_frame) == 624, "struct _fpstate is 624 bytes");

/* The head of a frame whose fxsave is *fpu. */
void fpu_to_head(const struct fpu_state *fpu, struct fpu_head *head);

/* What head says comes into *fpu, which holds the frame's fxsave, if the head's magic tells of one. They may
 * hold anything; the result is for fpu_restore(). */
void fpu_from_head(struct fpu_state *fpu, const struct fpu_head *head);
