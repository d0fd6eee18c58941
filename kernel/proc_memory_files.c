/* proc_memory_files.c: the files of /proc about memory as a whole (proc(5)). */

#include "arch/x86/mmu.h"
#include "drivers/block.h"
#include "fs/procfs.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/printf.h"
#include "kernel/proc_files.h"
#include "mm/aspace.h"
#include "mm/balance.h"
#include "mm/census.h"
#include "mm/kmalloc.h"
#include "mm/kstack.h"
#include "mm/pmm.h"
#include "mm/report.h"
#include "mm/rmap.h"
#include "mm/swap.h"
#include "mm/vmstat.h"
#include "mm/zpool.h"

/* Memory as a whole, in pages. */
struct totals {
	struct census frames;
	uint32_t total, free, buffers;
	uint32_t dirty, writeback; /* Newer than their store, and on the way there. */
};

static void totals_take(struct totals *m)
{
	census_take(&m->frames);
	m->total = frame_total_count();
	m->free = frame_free_count();
	m->writeback = cache_writeback_frames();
	m->dirty = cache_dirty_frames();
	m->dirty -= MIN(m->writeback, m->dirty);
	m->buffers = 0;
	for (struct blockdev *dev = block_next(NULL); dev; dev = block_next(dev))
		m->buffers += dev->backing.pages.count;
	m->buffers = MIN(m->buffers, m->frames.file);
}

/* What programs can still get without anybody losing anything. */
static uint32_t available(const struct totals *m)
{
	uint32_t sum = m->free + m->frames.droppable;

	return sum > pmm_watermarks.low ? sum - pmm_watermarks.low : 0;
}

static int show_meminfo(struct text *t, const struct procfs_entry *e)
{
	struct totals m;

	(void)e;
	totals_take(&m);
	const struct {
		const char *label;
		uint32_t pages;
	} lines[] = {
		{"MemTotal:", m.total},
		{"MemFree:", m.free},
		{"MemAvailable:", available(&m)},
		{"Buffers:", m.buffers},
		{"Cached:", m.frames.file + m.frames.shmem - m.buffers},
		{"SwapCached:", swap_cached_pages()},
		{"SwapTotal:", swap_total_pages()},
		{"SwapFree:", swap_free_pages()},
		{"Zswap:", zpool_frames()},
		{"Zswapped:", zpool_pages()},
		{"Dirty:", m.dirty},
		{"Writeback:", m.writeback},
		{"AnonPages:", m.frames.anon},
		{"Mapped:", m.frames.mapped},
		{"Shmem:", m.frames.shmem},
		{"KReclaimable:", 0},
		{"Slab:", kmalloc_frames()},
		{"SReclaimable:", 0},
		{"SUnreclaim:", kmalloc_frames()},
		{"KernelStack:", kstack_count() * (KSTACK_SIZE / PAGE_SIZE)},
		{"PageTables:", m.frames.tables},
		{"CommitLimit:", commit_limit()},
		{"Committed_AS:", commit_total()},
	};

	for (uint32_t i = 0; i < ARRAY_SIZE(lines); i++)
		text_kb(t, lines[i].label, lines[i].pages * (PAGE_SIZE / 1024));
	return 0;
}

/* What went through the block devices, in kilobytes. */
static uint32_t paged_kb(bool out)
{
	enum block_stat_kind kind = out ? BLOCK_STAT_WRITE : BLOCK_STAT_READ;
	uint64_t sectors = 0;

	for (struct blockdev *dev = block_next(NULL); dev; dev = block_next(dev))
		if (dev->disk == dev) /* Partitions are in their disk's figures. */
			sectors += dev->stats.done[kind].sectors;
	return (uint32_t)(sectors / 2);
}

static int show_vmstat(struct text *t, const struct procfs_entry *e)
{
	struct totals m;

	(void)e;
	totals_take(&m);
	const struct {
		const char *name;
		uint32_t value;
	} lines[] = {
		{"nr_free_pages", m.free},
		{"nr_zeroed_pages", frame_zeroed_count()},
		{"nr_slab_reclaimable", 0},
		{"nr_slab_unreclaimable", kmalloc_frames()},
		{"nr_anon_pages", m.frames.anon},
		{"nr_mapped", m.frames.mapped},
		{"nr_file_pages", m.frames.file + m.frames.shmem},
		{"nr_dirty", m.dirty},
		{"nr_writeback", m.writeback},
		{"nr_shmem", m.frames.shmem},
		{"nr_kernel_stack", kstack_count() * (KSTACK_SIZE / 1024)},
		{"nr_page_table_pages", m.frames.tables},
		{"pgpgin", paged_kb(false)},
		{"pgpgout", paged_kb(true)},
	};

	for (uint32_t i = 0; i < ARRAY_SIZE(lines); i++)
		text_printf(t, "%s %u\n", lines[i].name, lines[i].value);
	for (uint32_t i = 0; i < VM_EVENT_COUNT; i++)
		text_printf(t, "%s %u\n", vm_event_names[i], atomic_load(&vm_events[i]));
	return 0;
}

static int show_swaps(struct text *t, const struct procfs_entry *e)
{
	(void)e;
	struct swap_area_info info;

	text_printf(t, "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
	for (uint32_t next = 0; swap_area_info(&next, &info);)
		text_printf(t, "%-40spartition\t%u\t\t%u\t\t%d\n", info.name,
			    info.slots * (PAGE_SIZE / 1024), info.in_use * (PAGE_SIZE / 1024),
			    info.priority);
	return 0;
}

/* How many frames are in each of the states that Windows gives them. */
static int show_frame_states(struct text *t, const struct procfs_entry *e)
{
	uint32_t counts[FRAME_STATE_COUNT] = {0};

	(void)e;
	for (uint32_t pfn = 0; pfn < frame_count; pfn++)
		counts[frame_state(frame_of_pfn(pfn))]++;
	for (uint32_t i = 0; i < FRAME_STATE_COUNT; i++)
		text_printf(t, "%s %u\n", frame_state_names[i], counts[i]);
	return 0;
}

/* ---- zones ---- */

static const char *const zone_names[ZONE_COUNT] = {[ZONE_DMA] = "DMA", [ZONE_NORMAL] = "Normal"};

static uint32_t zone_free(enum zone zone)
{
	uint32_t n = 0;

	for (uint32_t order = 0; order <= PMM_MAX_ORDER; order++)
		n += pmm_free_blocks(zone, order) << order;
	return n;
}

/* A watermark's share that falls to a zone, as Linux divides it. */
static uint32_t zone_mark(enum zone zone, uint32_t mark)
{
	return (uint32_t)((uint64_t)mark * pmm_zone_frames(zone) / MAX(frame_total_count(), 1u));
}

static int show_zoneinfo(struct text *t, const struct procfs_entry *e)
{
	uint32_t end[ZONE_COUNT] = {0}, zone_start = 0;

	(void)e;
	for (uint32_t pfn = 0; pfn < frame_count; pfn++)
		end[frames[pfn].zone] = pfn + 1;
	for (uint32_t z = 0; z < ZONE_COUNT; z++) {
		const struct {
			const char *name;
			uint32_t value;
		} lines[] = {
			{"boost", 0},
			{"min", zone_mark(z, pmm_watermarks.min)},
			{"low", zone_mark(z, pmm_watermarks.low)},
			{"high", zone_mark(z, pmm_watermarks.high)},
			{"spanned", end[z] > zone_start ? end[z] - zone_start : 0},
			{"present", pmm_zone_frames(z)},
			{"managed", pmm_zone_frames(z)},
		};

		text_printf(t, "Node 0, zone %8s\n  pages free     %u\n", zone_names[z],
			    zone_free(z));
		for (uint32_t i = 0; i < ARRAY_SIZE(lines); i++)
			text_printf(t, "        %-8s %u\n", lines[i].name, lines[i].value);
		text_printf(t, "      nr_free_pages %u\n  start_pfn:           %u\n", zone_free(z),
			    zone_start);
		zone_start = end[z];
	}
	return 0;
}

static int show_buddyinfo(struct text *t, const struct procfs_entry *e)
{
	(void)e;
	for (uint32_t zone = 0; zone < ZONE_COUNT; zone++) {
		text_printf(t, "Node 0, zone %8s ", zone_names[zone]);
		for (uint32_t order = 0; order <= PMM_MAX_ORDER; order++)
			text_printf(t, "%6u ", pmm_free_blocks(zone, order));
		text_printf(t, "\n");
	}
	return 0;
}

/* ---- slabs ---- */

static void slab_line(struct text *t, const char *name, uint32_t used, uint32_t slabs,
		      uint32_t size, uint32_t per_slab)
{
	text_printf(
		t,
		"%-17s %6u %6u %6u %4u %4u : tunables    0    0    0 : slabdata %6u %6u      0\n",
		name, used, slabs * per_slab, size, per_slab, DIV_ROUND_UP(size, PAGE_SIZE), slabs,
		slabs);
}

static void show_cache(const struct kmem_cache *c, void *arg)
{
	char name[32];
	uint32_t i = 0;

	for (; c->name[i] && i < sizeof(name) - 1; i++)
		name[i] = c->name[i] == ' ' ? '_' : c->name[i];
	name[i] = '\0';
	slab_line(arg, name, c->used, c->slabs, c->size, c->per_slab);
}

/* Large requests are shown as slabs of one object. */
static int show_slabinfo(struct text *t, const struct procfs_entry *e)
{
	(void)e;
	text_printf(t,
		    "slabinfo - version: 2.1\n# name            <active_objs> <num_objs> <objsize> "
		    "<objperslab> <pagesperslab> : tunables <limit> <batchcount> <sharedfactor> : "
		    "slabdata <active_slabs> <num_slabs> <sharedavail>\n");
	kmem_cache_each(show_cache, t);
	for (uint32_t order = 0; order <= PMM_MAX_ORDER; order++) {
		uint32_t blocks = kmalloc_large_blocks(order), size = PAGE_SIZE << order;
		char name[16];

		snprintf(name, sizeof(name), "kmalloc-%uk", size >> 10);
		slab_line(t, name, blocks, blocks, size, 1);
	}
	return 0;
}

/* ---- frame by frame ---- */

#define WORDS_AT_ONCE 64u /* On the stack. */

static uint64_t mapcount_word(struct frame *f)
{
	return rmap_is_mapped(f) ? rmap_mapcount(f) : 0;
}

/* A word of 64 bits for each frame: kpagecount and kpageflags. */
static ssize_t read_frames(const struct procfs_entry *e, struct uio *u, loff_t *pos)
{
	uint64_t (*word)(struct frame * f) = e->arg;
	const loff_t end = (loff_t)frame_count * sizeof(uint64_t);
	uint64_t words[WORDS_AT_ONCE];
	ssize_t done = 0;

	if ((*pos | u->resid) % sizeof(uint64_t) != 0)
		return -EINVAL;
	while (u->resid > 0 && *pos < end) {
		size_t want = MIN(MIN(u->resid, sizeof(words)), (size_t)(end - *pos)), moved;
		struct frame *f = &frames[*pos / sizeof(uint64_t)];

		for (uint32_t i = 0; i < want / sizeof(uint64_t); i++)
			words[i] = word(f + i);
		moved = uio_copy_out(u, words, want);
		done += (ssize_t)moved;
		*pos += moved;
		if (moved < want)
			return done > 0 ? done : -EFAULT;
	}
	return done;
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
	{.path = "swaps", .show = show_swaps},
	{.path = "frame_states", .show = show_frame_states},
	{.path = "zoneinfo", .show = show_zoneinfo},
	{.path = "buddyinfo", .show = show_buddyinfo},
	{.path = "slabinfo", .mode = 0400, .show = show_slabinfo},
	{.path = "kpagecount", .mode = 0400, .read = read_frames, .arg = mapcount_word},
	{.path = "kpageflags", .mode = 0400, .read = read_frames, .arg = census_kpageflags},
	{.path = "kernelmap", .show = show_kernelmap},
};

void proc_memory_files_init(void)
{
	procfs_register_all(entries, ARRAY_SIZE(entries));
}
