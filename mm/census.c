/* census.c: see census.h. */

#include "mm/census.h"

#include "kernel/lib/string.h"
#include "mm/fault_internal.h"
#include "mm/rmap.h"

/* A frame in a cache. */
static void count_cached(struct census *c, struct frame *f, uint16_t flags)
{
	bool dirty = flags & FRAME_DIRTY, mapped = rmap_is_mapped(f);

	if (flags & FRAME_ANON) { /* In the swap cache, which counts its pages itself. */
		c->anon += mapped;
		return;
	}
	c->mapped += mapped;
	if (flags & FRAME_SHMEM) {
		c->shmem++;
		return;
	}
	c->file++;
	c->droppable += !dirty && !mapped && !(flags & FRAME_BUSY);
}

void census_take(struct census *c)
{
	memset(c, 0, sizeof(*c));
	for (struct frame *f = frames; f < frames + frame_count; f++) {
		uint16_t flags = atomic_load(&f->flags);

		if (flags & FRAME_RESERVED || atomic_load(&f->refs) == 0)
			continue;
		if (atomic_load(&f->backing))
			count_cached(c, f, flags);
		else if (flags & FRAME_ANON)
			c->anon++;
		else if (flags & FRAME_TABLE)
			c->tables++;
	}
}

/* ---- kpageflags ---- */

enum kpf {
	KPF_LOCKED = 0,
	KPF_UPTODATE = 3,
	KPF_DIRTY = 4,
	KPF_LRU = 5,
	KPF_SLAB = 7,
	KPF_BUDDY = 10,
	KPF_MMAP = 11,
	KPF_ANON = 12,
	KPF_SWAPCACHE = 13,
	KPF_SWAPBACKED = 14,
	KPF_UNEVICTABLE = 18,
	KPF_ZERO_PAGE = 24,
	KPF_PGTABLE = 26,
	KPF_RESERVED = 32,
};

/* Frame flags that are a bit there too. */
static const struct {
	uint16_t flag;
	uint8_t bit;
} same[] = {
	{FRAME_BUSY, KPF_LOCKED},   {FRAME_UPTODATE, KPF_UPTODATE}, {FRAME_DIRTY, KPF_DIRTY},
	{FRAME_SLAB, KPF_SLAB},	    {FRAME_ANON, KPF_ANON},	    {FRAME_ANON, KPF_SWAPBACKED},
	{FRAME_TABLE, KPF_PGTABLE}, {FRAME_SHMEM, KPF_SWAPBACKED},  {FRAME_RESERVED, KPF_RESERVED},
};

uint64_t census_kpageflags(struct frame *f)
{
	uint16_t flags = atomic_load(&f->flags);
	bool evictable = atomic_load(&f->backing) || flags & FRAME_ANON;
	uint64_t word = 0;

	if (atomic_load(&f->refs) == 0)
		return 1ull << KPF_BUDDY;
	for (uint32_t i = 0; i < ARRAY_SIZE(same); i++)
		if (flags & same[i].flag)
			word |= 1ull << same[i].bit;
	if (evictable)
		word |= 1ull << KPF_LRU;
	if (evictable && rmap_is_mapped(f))
		word |= 1ull << KPF_MMAP;
	if (evictable && rmap_is_pinned(f))
		word |= 1ull << KPF_UNEVICTABLE;
	if (atomic_load(&f->backing) && flags & FRAME_ANON)
		word |= 1ull << KPF_SWAPCACHE;
	if (f == zero_frame)
		word |= 1ull << KPF_ZERO_PAGE;
	return word;
}
