/*
 * fpu_frame.c: between the CPU's FPU images and that of a signal frame.
 *
 * The two formats say differently which registers are in use: FSAVE has two bits for each, FXSAVE
 * one. The bits belong to physical registers; the values are stored from the top of the stack on.
 */

#include "arch/x86/fpu_frame.h"

#include "arch/x86/cpu.h"
#include "arch/x86/fpu_image.h"
#include "kernel/lib/string.h"

#define FSW_TOP_SHIFT 11
#define HIGH_ONES 0xFFFF0000u

struct x87_value {
	uint64_t significand;
	uint16_t exponent; /* With the sign in bit 15. */
} __attribute__((packed));

/* The tag FSAVE would give a register in use (Intel SDM vol. 1, 8.1.7). */
static uint32_t tag_of_value(const struct x87_value *v)
{
	uint32_t exponent = v->exponent & 0x7FFF;

	if (exponent == 0 && v->significand == 0)
		return X87_TAG_ZERO;
	if (exponent == 0 || exponent == 0x7FFF || !(v->significand >> 63))
		return X87_TAG_SPECIAL;
	return X87_TAG_VALID;
}

static uint32_t tags_of_fxsave(const struct fxsave_image *fx)
{
	uint32_t top = fx->fsw >> FSW_TOP_SHIFT & 7, tags = 0;

	for (uint32_t reg = 0; reg < X87_REGS; reg++) {
		uint32_t tag = X87_TAG_EMPTY;

		if (fx->used >> reg & 1)
			tag = tag_of_value((const void *)fx->st[(reg - top) & 7]);
		tags |= tag << 2 * reg;
	}
	return tags;
}

static uint16_t used_of_tags(uint32_t tags)
{
	uint16_t used = 0;

	for (uint32_t reg = 0; reg < X87_REGS; reg++)
		if ((tags >> 2 * reg & 3) != X87_TAG_EMPTY)
			used |= (uint16_t)(1u << reg);
	return used;
}

static void to_head_fxsr(const struct fxsave_image *fx, struct fpu_head *head)
{
	head->fcw = HIGH_ONES | fx->fcw;
	head->fsw = HIGH_ONES | fx->fsw;
	head->tags = HIGH_ONES | tags_of_fxsave(fx);
	head->fip = fx->fip;
	head->fcs = (fx->fcs & 0xFFFF) | (uint32_t)fx->fop << 16;
	head->fdp = fx->fdp;
	head->fds = HIGH_ONES | fx->fds;
	for (uint32_t i = 0; i < X87_REGS; i++)
		__builtin_memcpy(head->st[i], fx->st[i], X87_REG_SIZE);
	head->magic = FPU_FRAME_FXSR;
}

void fpu_to_head(const struct fpu_state *fpu, struct fpu_head *head)
{
	if (cpu_features.fxsr) {
		to_head_fxsr((const struct fxsave_image *)fpu, head);
	} else {
		memcpy(head, fpu, sizeof(struct fsave_image));
		head->magic = FPU_FRAME_NO_FXSR;
	}
	head->status = (uint16_t)head->fsw;
}

/* A program that has made its frame without the new part gets fresh SSE registers. */
static void from_head_fxsr(struct fxsave_image *fx, const struct fpu_head *head)
{
	if (head->magic != FPU_FRAME_FXSR)
		fpu_state_init((struct fpu_state *)fx);
	fx->fcw = (uint16_t)head->fcw;
	fx->fsw = (uint16_t)head->fsw;
	fx->used = used_of_tags(head->tags);
	fx->fop = (uint16_t)(head->fcs >> 16);
	fx->fip = head->fip;
	fx->fcs = head->fcs & 0xFFFF;
	fx->fdp = head->fdp;
	fx->fds = head->fds & 0xFFFF;
	for (uint32_t i = 0; i < X87_REGS; i++)
		__builtin_memcpy(fx->st[i], head->st[i], X87_REG_SIZE);
}

void fpu_from_head(struct fpu_state *fpu, const struct fpu_head *head)
{
	if (cpu_features.fxsr)
		from_head_fxsr((struct fxsave_image *)fpu, head);
	else
		memcpy(fpu, head, sizeof(struct fsave_image));
}
