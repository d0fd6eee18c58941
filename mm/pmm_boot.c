/*
 * pmm_boot.c: memory before there is an allocator: the boot map, the first pages, frames[].
 *
 * pmm_early_alloc() cuts zeroed pages off the usable RAM above the kernel image, upwards, stepping over
 * boot modules. pmm_init() makes frames[] there, then hands every usable page that was not cut off to
 * pmm.c. What is not usable stays RESERVED for good (features A51).
 */

#include "arch/x86/multiboot.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/cmdline.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"
#include "mm/check.h"
#include "mm/kmap.h"
#include "mm/pmm.h"
#include "mm/pmm_zone.h"
#include "mm/policy_set.h"

#define ZONE_DMA_END (16u << 20 >> PAGE_SHIFT)
#define RESERVE_LEAST 16u /* Frames. */

static const struct boot_info *boot;
static uint32_t early_next; /* Physical address of the next page to cut off. */
uint32_t vm_min_free_kbytes;

static uint32_t phys_end; /* RAM we use ends here. */

/* Is the whole page usable RAM? Unusable regions win where regions overlap. */
static bool page_usable(uint32_t phys)
{
	uint64_t start = phys, end = start + PAGE_SIZE;
	bool usable = false;

	for (uint32_t i = 0; i < boot->region_count; i++) {
		const struct boot_region *r = &boot->regions[i];

		if (r->usable && r->start <= start && end <= r->end)
			usable = true;
		if (!r->usable && r->start < end && start < r->end)
			return false;
	}
	return usable;
}

static bool page_in_module(uint32_t phys)
{
	for (uint32_t i = 0; i < boot->module_count; i++)
		if (phys < boot->modules[i].end && boot->modules[i].start < phys + PAGE_SIZE)
			return true;
	return false;
}

static bool page_in_kernel(uint32_t phys)
{
	return phys >= KERNEL_PHYS && phys < early_next;
}

static bool page_is_free(uint32_t phys)
{
	return page_usable(phys) && !page_in_module(phys) && !page_in_kernel(phys);
}

void pmm_early_init(const struct boot_info *info)
{
	uint64_t end = 0, limit = cmdline_get_size("mem", UINT64_MAX);

	boot = info;
	for (uint32_t i = 0; i < info->region_count; i++)
		if (info->regions[i].usable)
			end = MAX(end, info->regions[i].end);
	if (end > DIRECT_MAX)
		log("pmm: RAM ends at %llu MiB; only the first %u MiB are used\n", end >> 20,
		    DIRECT_MAX >> 20);
	phys_end = (uint32_t)ALIGN_DOWN(MIN(MIN(end, limit), (uint64_t)DIRECT_MAX), PAGE_SIZE);
	early_next = ALIGN_UP(virt_to_phys(kernel_end), PAGE_SIZE);
}

uint32_t pmm_phys_end(void)
{
	return phys_end;
}

uint32_t pmm_early_alloc(void)
{
	uint32_t phys;

	while (early_next < phys_end && (!page_usable(early_next) || page_in_module(early_next)))
		early_next += PAGE_SIZE;
	if (early_next >= phys_end)
		panic("%u KiB of RAM are not enough to boot", phys_end >> 10);
	phys = early_next;
	early_next += PAGE_SIZE;
	memset(phys_to_virt(phys), 0, PAGE_SIZE);
	return phys;
}

/* A zeroed array in consecutive pages; a hole in RAM or a module makes it start behind it. */
static void *early_array(size_t size)
{
	uint32_t pages = DIV_ROUND_UP(size, PAGE_SIZE), start = pmm_early_alloc();

	for (uint32_t got = 1; got < pages; got++) {
		uint32_t phys = pmm_early_alloc();

		if (phys != start + got * PAGE_SIZE) {
			start = phys;
			got = 0;
		}
	}
	return phys_to_virt(start);
}

/* Most of a small memory must remain for programs, or the first to need a frame would be killed, and then the next. */
void pmm_set_watermarks(void)
{
	uint32_t min = MIN(atomic_load(&vm_min_free_kbytes) / (PAGE_SIZE >> 10),
			   MAX(frame_total_count() / 8, RESERVE_LEAST));

	pmm_watermarks.high = min * 3; /* From the top, so that they are in order at any time. */
	pmm_watermarks.low = min * 2;
	pmm_watermarks.min = min;
}

void pmm_default_reserve(void)
{
	vm_min_free_kbytes =
		MIN(MAX(frame_total_count() / 256, RESERVE_LEAST), 256u) * (PAGE_SIZE >> 10);
	pmm_set_watermarks();
}

/* How many pages from pfn on nobody has, all of one zone. */
static uint32_t free_run(uint32_t pfn)
{
	uint32_t end = pfn;

	while (end < frame_count && page_is_free(end << PAGE_SHIFT) &&
	       frames[end].zone == frames[pfn].zone)
		end++;
	return end - pfn;
}

void pmm_init(const struct boot_info *info)
{
	BUG_ON(frames);
	boot = info;
	frame_count = phys_end >> PAGE_SHIFT;
	frames = early_array(frame_count * sizeof(struct frame));
	vm_check_init(early_array(frame_count * sizeof(uint32_t)));
	policy_set_notes = early_array(frame_count * sizeof(struct policy_note));
	pmm_zone_init();
	for (uint32_t pfn = 0; pfn < frame_count; pfn++) {
		frames[pfn].zone = pfn < ZONE_DMA_END ? ZONE_DMA : ZONE_NORMAL;
		frames[pfn].flags = FRAME_RESERVED;
		frames[pfn].refs = 1;
	}
	for (uint32_t pfn = 1, n; pfn < frame_count;
	     pfn += MAX(n, 1u)) { /* Page 0 is the firmware's. */
		n = free_run(pfn);
		pmm_zone_add(&frames[pfn], n);
	}
	pmm_default_reserve();
	frame_waitq_init();
	log("pmm: %u MiB of RAM, %u KiB free, kernel and tables take %u KiB\n", phys_end >> 20,
	    frame_free_count() * (PAGE_SIZE >> 10), (early_next - KERNEL_PHYS) >> 10);
}
