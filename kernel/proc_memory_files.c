/* proc_memory_files.c: the files of /proc about memory as a whole (proc(5)). */

#include "arch/x86/mmu.h"
#include "drivers/block.h"
#include "fs/procfs.h"
#include "kernel/lib/string.h"
#include "kernel/proc.h"
#include "kernel/proc_files.h"
#include "mm/aspace.h"
#include "mm/backing.h"
#include "mm/kmalloc.h"
#include "mm/pmm.h"
#include "mm/vmstat.h"

/* What the frames are used for, counted one by one. */
struct frame_uses {
	uint32_t anon, tables, kernel, buffers;
};

static void count_uses(struct frame_uses *u)
{
	memset(u, 0, sizeof(*u));
	for (uint32_t pfn = 0; pfn < frame_count; pfn++) {
		const struct frame *f = &frames[pfn];
		uint16_t flags = atomic_load(&f->flags);

		u->anon += (flags & FRAME_ANON) != 0;
		u->tables += (flags & FRAME_TABLE) != 0;
		u->kernel += (flags & FRAME_KERNEL) != 0;
	}
	for (struct blockdev *dev = block_next(NULL); dev; dev = block_next(dev))
		u->buffers += dev->backing.pages.count;
}

static void line_kb(struct text *t, const char *name, uint32_t pages)
{
	char label[24];

	snprintf(label, sizeof(label), "%s:", name);
	text_printf(t, "%-16s%8u kB\n", label, pages * (PAGE_SIZE / 1024));
}

static int show_meminfo(struct text *t, const struct procfs_entry *e)
{
	uint32_t total = frame_total_count(), free = frame_free_count(), cached = cache_frames();
	struct frame_uses u;

	(void)e;
	count_uses(&u);
	cached -= MIN(u.buffers, cached);
	line_kb(t, "MemTotal", total);
	line_kb(t, "MemFree", free);
	line_kb(t, "MemAvailable", free > pmm_watermarks.low ? free - pmm_watermarks.low : 0);
	line_kb(t, "Buffers", u.buffers);
	line_kb(t, "Cached", cached);
	line_kb(t, "SwapCached", 0);
	line_kb(t, "SwapTotal", 0);
	line_kb(t, "SwapFree", 0);
	line_kb(t, "Dirty", cache_dirty_frames());
	line_kb(t, "Writeback", cache_writeback_frames());
	line_kb(t, "AnonPages", u.anon);
	line_kb(t, "Slab", kmalloc_frames());
	line_kb(t, "KernelStack", task_count() * (KSTACK_SIZE / PAGE_SIZE));
	line_kb(t, "PageTables", u.tables);
	line_kb(t, "CommitLimit", commit_limit());
	line_kb(t, "Committed_AS", commit_total());
	return 0;
}

static int show_vmstat(struct text *t, const struct procfs_entry *e)
{
	(void)e;
	text_printf(t, "nr_free_pages %u\nnr_zeroed_pages %u\nnr_file_pages %u\n",
		    frame_free_count(), frame_zeroed_count(), cache_frames());
	for (uint32_t i = 0; i < VM_EVENT_COUNT; i++)
		text_printf(t, "%s %u\n", vm_event_names[i], atomic_load(&vm_events[i]));
	return 0;
}

static int show_buddyinfo(struct text *t, const struct procfs_entry *e)
{
	static const char *const names[ZONE_COUNT] = {[ZONE_DMA] = "DMA", [ZONE_NORMAL] = "Normal"};

	(void)e;
	for (uint32_t zone = 0; zone < ZONE_COUNT; zone++) {
		text_printf(t, "Node 0, zone %8s", names[zone]);
		for (uint32_t order = 0; order <= PMM_MAX_ORDER; order++)
			text_printf(t, " %6u", pmm_free_blocks(zone, order));
		text_printf(t, "\n");
	}
	return 0;
}

static void show_cache(const struct kmem_cache *c, void *arg)
{
	char name[32];
	uint32_t i = 0;

	for (; c->name[i] && i < sizeof(name) - 1; i++)
		name[i] = c->name[i] == ' ' ? '_' : c->name[i];
	name[i] = '\0';
	text_printf(
		arg,
		"%-17s %6u %6u %6u %4u %4u : tunables    0    0    0 : slabdata %6u %6u      0\n",
		name, c->used, c->slabs * c->per_slab, c->size, c->per_slab, 1u, c->slabs,
		c->slabs);
}

static int show_slabinfo(struct text *t, const struct procfs_entry *e)
{
	(void)e;
	text_printf(t,
		    "slabinfo - version: 2.1\n# name            <active_objs> <num_objs> <objsize> "
		    "<objperslab> <pagesperslab> : tunables <limit> <batchcount> <sharedfactor> : "
		    "slabdata <active_slabs> <num_slabs> <sharedavail>\n");
	kmem_cache_each(show_cache, t);
	return 0;
}

/* ---- the kernel's own addresses (features A8) ---- */

struct map_area {
	uint32_t start, end; /* end 0: the top. */
	const char *use;
};

static int show_kernelmap(struct text *t, const struct procfs_entry *e)
{
	uint32_t ram_end = KERNEL_BASE + pmm_phys_end();
	const struct map_area areas[] = {
		{KERNEL_BASE, ram_end,
		 "direct map of RAM: kernel image, page tables, slabs, page cache"},
		{ram_end, DIRECT_END, "unused: room of the direct map"},
		{KSTACK_BASE, KSTACK_END, "kernel stacks, each above a guard page"},
		{KSTACK_END, KMAP_BASE, "unused"},
		{KMAP_BASE, DEVMAP_BASE, "kmap window"},
		{DEVMAP_BASE, DEVMAP_END, "device registers"},
		{DEVMAP_END, 0, "unused guard"},
	};
	uint32_t total = 0;

	(void)e;
	for (uint32_t i = 0; i < ARRAY_SIZE(areas); i++) {
		uint32_t size = areas[i].end - areas[i].start;

		text_printf(t, "%08x-%08x %8u kB  %s\n", areas[i].start, areas[i].end - 1,
			    size >> 10, areas[i].use);
		total += size;
	}
	text_printf(t, "total             %8u kB\n", total >> 10);
	return 0;
}

static struct procfs_entry entries[] = {
	{.path = "meminfo", .show = show_meminfo},
	{.path = "vmstat", .show = show_vmstat},
	{.path = "buddyinfo", .show = show_buddyinfo},
	{.path = "slabinfo", .mode = 0400, .show = show_slabinfo},
	{.path = "kernelmap", .show = show_kernelmap},
};

void proc_memory_files_init(void)
{
	for (uint32_t i = 0; i < ARRAY_SIZE(entries); i++)
		procfs_register(&entries[i]);
}
