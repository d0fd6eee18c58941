/* test_fpu_frame.c: the FPU state of a signal frame: what we make of an FXSAVE image is what the CPU
 * itself saves by FNSAVE, and comes back as the same image. */

#include "arch/x86/cpu.h"
#include "arch/x86/fpu_frame.h"
#include "arch/x86/fpu_image.h"
#include "kernel/lib/string.h"
#include "tests/host/check.h"

struct cpu_features cpu_features = {.fxsr = true};

void fpu_state_init(struct fpu_state *fpu)
{
	memset(fpu, 0, sizeof(*fpu));
}

/* Bring the FPU into the state number n: more and stranger registers each time. */
static void fpu_prepare(uint32_t n)
{
	double one_and_half = 1.5, denormal = 5e-324, infinite = __builtin_inf();

	__asm__ volatile("fninit");
	if (n > 0)
		__asm__ volatile("fldl %0" ::"m"(one_and_half));
	if (n > 1)
		__asm__ volatile("fldz");
	if (n > 2)
		__asm__ volatile("fldl %0" ::"m"(infinite));
	if (n > 3)
		__asm__ volatile("fldpi; fincstp; ffree %st(2)");
	if (n > 4)
		__asm__ volatile("fldl %0; fld1; fld1; fld1" ::"m"(denormal));
}

static void test_state(uint32_t n)
{
	struct fpu_state fx, back;
	struct fsave_image fs;
	struct fpu_head head;

	fpu_prepare(n);
	__asm__ volatile("fxsave %0" : "=m"(fx));
	__asm__ volatile("fnsave %0; fninit" : "=m"(fs));

	fpu_to_head(&fx, &head);
	CHECK(head.magic == FPU_FRAME_FXSR);
	CHECK(head.status == (uint16_t)fs.fsw);
	CHECK(head.fcw == fs.fcw && head.fsw == fs.fsw && head.tags == fs.tags);
	CHECK(memcmp(head.st, fs.st, sizeof(fs.st)) == 0);

	back = fx;
	memset(&back, 0xAA, offsetof(struct fxsave_image, mxcsr)); /* That is in the head. */
	fpu_from_head(&back, &head);
	CHECK(memcmp(&back, &fx, offsetof(struct fxsave_image, reserved)) == 0);
}

/* A handler that changes the old part changes the registers. */
static void test_old_part_counts(void)
{
	struct fpu_state fx, back;
	struct fpu_head head;
	struct fxsave_image *image = (struct fxsave_image *)&back;

	fpu_prepare(2);
	__asm__ volatile("fxsave %0; fninit" : "=m"(fx));
	fpu_to_head(&fx, &head);
	head.fcw = 0xFFFF027F;
	head.tags = 0xFFFFFFFF;
	head.st[0][9] = 0x55;
	back = fx;
	fpu_from_head(&back, &head);
	CHECK(image->fcw == 0x027F && image->used == 0 && image->st[0][9] == 0x55);
}

int main(void)
{
	for (uint32_t n = 0; n <= 5; n++)
		test_state(n);
	test_old_part_counts();
	return 0;
}
