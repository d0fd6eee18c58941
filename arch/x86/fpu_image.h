/* fpu_image.h: what FXSAVE and FSAVE write (Intel SDM vol. 1, 8.1.10 and 10.5.1). */
#pragma once

#include "kernel/lib/types.h"

#define X87_REGS 8
#define X87_REG_SIZE 10

struct fxsave_image {
	uint16_t fcw, fsw;
	uint16_t used; /* Low byte: bit n is set when physical register n is in use. */
	uint16_t fop;
	uint32_t fip;
	uint32_t fcs; /* Selector in the low half. */
	uint32_t fdp, fds;
	uint32_t mxcsr, mxcsr_mask;
	uint8_t st[X87_REGS][16]; /* ST(0) first; 10 bytes each are used. */
	uint8_t xmm[8][16];
	uint8_t reserved[224];
};

_Static_assert(sizeof(struct fxsave_image) == 512, "an FXSAVE image is 512 bytes");

struct fsave_image {
	uint32_t fcw, fsw; /* 16 bits each; the upper halves are ones. */
	uint32_t tags;	   /* Two bits for each physical register. */
	uint32_t fip, fcs; /* Opcode in the upper half of fcs. */
	uint32_t fdp, fds;
	uint8_t st[X87_REGS][X87_REG_SIZE];
};

_Static_assert(sizeof(struct fsave_image) == 108, "an FSAVE image is 108 bytes");
