/*
 * test_ends.c: a kernel that goes wrong on purpose, for tests/harness/test_ends.py to tell the ways apart.
 */

#include "arch/x86/cpu.h"
#include "drivers/debugexit.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/log.h"
#include "mm/kmalloc.h"
#include "mm/kmap.h"
#include "mm/pmm.h"
#include "mm/reclaim.h"
#include "tests/kernel/selftest.h"

static void go_fail(void)
{
	EXPECT_EQ(1 + 1, 3);
}

static void go_panic(void)
{
	panic("on purpose");
}

static void go_hang(void)
{
	irq_disable();
	for (;;)
		cpu_relax();
}

static void go_reboot(void)
{
	machine_reboot();
}

static uint32_t go_deeper(volatile uint32_t depth)
{
	volatile uint32_t pad[64];

	pad[depth % 64] = depth;
	return depth < UINT32_MAX ? go_deeper(depth + 1) + pad[depth % 64] : 0;
}

static void go_overflow(void)
{
	log("depth %u\n", go_deeper(0));
}

/* ---- frames and objects in wrong hands ---- */

static struct frame *image_frame(void)
{
	return frame_of_pfn(KERNEL_PHYS >> PAGE_SHIFT);
}

static void init_again(void)
{
	pmm_init(NULL);
}

static void free_twice(void)
{
	struct frame *f = frame_alloc(0);

	frame_put(f);
	frame_put(f);
}

static void free_busy(void)
{
	struct frame *f = frame_alloc(0);

	if (frame_busy_trylock(f, RANK_BUSY))
		frame_put(f);
}

static void free_image(void)
{
	frame_put(image_frame());
}

static void free_inside(void)
{
	kfree((char *)kmalloc(48) + 8);
}

static void free_inside_large(void)
{
	kfree((char *)kmalloc(4 * PAGE_SIZE) + 16);
}

static void free_foreign(void)
{
	kfree(kmap(image_frame()));
}

static void evict_image(void)
{
	reclaim_victim(image_frame());
}

const struct selftest_case selftest_ends[] = {
	{"fail", go_fail},
	{"panic", go_panic},
	{"hang", go_hang},
	{"reboot", go_reboot},
	{"stackoverflow", go_overflow},
	{"initagain", init_again},
	{"freetwice", free_twice},
	{"freebusy", free_busy},
	{"freeimage", free_image},
	{"freeinside", free_inside},
	{"freeinsidelarge", free_inside_large},
	{"freeforeign", free_foreign},
	{"evictimage", evict_image},
	{NULL, NULL},
};
