/* vdso.c: mapping the vDSO: see vdso.h. */

#include "kernel/vdso.h"

#include "arch/x86/clock.h"
#include "arch/x86/cpu.h"
#include "kernel/abi/elf.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/cmdline.h"
#include "kernel/lib/string.h"
#include "mm/backing.h"
#include "mm/kmap.h"

#define DATA_PAGES 1u

extern const uint8_t vdso_image[], vdso_image_end[];

static int vdso_read(struct backing *b, struct frame *const *f, uint32_t n);
static void vdso_hold(struct backing *b);

static const struct backing_ops vdso_ops = {
	.read = vdso_read,
	.get = vdso_hold,
	.put = vdso_hold,
};

static struct vdso_data boot_data;
struct vdso_data *vdso_data = &boot_data;

static struct backing vdso_backing;
static uint32_t image_pages; /* 0: programs have no vDSO. */

/* The backing is there for good. */
static void vdso_hold(struct backing *b)
{
	(void)b;
}

static uint32_t image_size(void)
{
	return (uint32_t)(vdso_image_end - vdso_image);
}

static uint32_t image_entry(void)
{
	return ((const struct elf_header *)vdso_image)->entry;
}

/* Every page is read once, by vdso_init(). */
static int vdso_read(struct backing *b, struct frame *const *f, uint32_t n)
{
	(void)b;
	backing_zero_from(f, n, 0);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t from = (f[i]->index - DATA_PAGES) * PAGE_SIZE;
		uint8_t *page = kmap(f[i]);

		if (f[i]->index >= DATA_PAGES)
			memcpy(page, vdso_image + from, MIN(image_size() - from, PAGE_SIZE));
		kunmap(f[i], page);
	}
	return 0;
}

/* A page that is dirty, of a backing that cannot be written, stays. */
static uint8_t *page_make(uint32_t index)
{
	struct frame *f;
	uint8_t *page;

	if (cache_get(&vdso_backing, index, &f) != 0)
		panic("no memory for the vDSO");
	page = kmap(f);
	cache_dirty(f);
	frame_put(f);
	return page;
}

/* Without sysenter the program falls through to int $0x80: a NOP of two bytes. */
static void patch_sysenter(uint8_t *code)
{
	static const uint8_t nop[] = {0x66, 0x90};

	memcpy(code + image_entry() + VDSO_SYSENTER, nop, sizeof(nop));
}

void vdso_init(void)
{
	char value[4];
	uint8_t *code;

	boot_data.clock = *clock_scale();
	boot_data.tick_ns = NSEC_PER_TICK;
	if (cmdline_get("vdso", value, sizeof(value)) && strcmp(value, "0") == 0)
		return;
	image_pages = DIV_ROUND_UP(image_size(), PAGE_SIZE);
	backing_init(&vdso_backing, &vdso_ops, DATA_PAGES + image_pages);
	vdso_data = (struct vdso_data *)page_make(0);
	*vdso_data = boot_data;
	code = page_make(DATA_PAGES);
	for (uint32_t i = 1; i < image_pages; i++)
		(void)page_make(DATA_PAGES + i);
	if (!sysenter_init())
		patch_sysenter(code);
}

int vdso_map(struct aspace *as)
{
	uint32_t size = image_pages * PAGE_SIZE;
	int32_t at;

	if (image_pages == 0)
		return 0;
	at = aspace_map(as, 0, DATA_PAGES * PAGE_SIZE + size, VM_READ, 0, &vdso_backing, 0);
	if (IS_MAP_ERROR(at))
		return at;
	at = aspace_map(as, (uint32_t)at + DATA_PAGES * PAGE_SIZE, size,
			VM_READ | VM_EXEC | VM_MAYWRITE, MAP_HOW_FIXED, &vdso_backing, DATA_PAGES);
	if (IS_MAP_ERROR(at))
		return at;
	as->image.vdso = (uint32_t)at;
	as->image.vsyscall = (uint32_t)at + image_entry();
	return 0;
}

const char *vdso_area_name(const struct vma *v)
{
	if (v->backing != &vdso_backing)
		return NULL;
	return v->pgoff < DATA_PAGES ? "[vvar]" : "[vdso]";
}
