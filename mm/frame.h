/*
 * frame.h: one struct frame per physical page, and what its fields mean.
 *
 * Truth rule of mm: a private page that differs from its backing (every anonymous one, every
 * copy-on-write copy) exists only in a page table. Every other page belongs to its backing, and the
 * page table is a cache of it.
 *
 * References. refs = PTE slots that map the frame + (in a cache ? 1 : 0) + pins. A page table
 * frame's refs = page directories that point at it; a slab or kernel frame has 1. refs is 0 exactly
 * when the frame is free: on a free list, in no cache, in no page table. rmap says which slots these are.
 *
 * A private page that has a slot of a swap area is in the cache of that area, whose pages are numbered by slot.
 *
 * BUSY. A frame being filled or written has one owner, who alone changes its contents or identity;
 * everybody else sleeps in frame_wait(). BUSY is a sleeping lock of rank RANK_BUSY.
 */
#pragma once

#include "arch/x86/layout.h"
#include "kernel/lib/atomic.h"
#include "kernel/lib/list.h"
#include "kernel/sync/lock.h"

struct backing;

/* Flags, changed atomically. */
#define FRAME_BUSY 0x0001u     /* Being read, written or moved by its one owner. */
#define FRAME_UPTODATE 0x0002u /* The contents are what the backing has, or newer. */
#define FRAME_DIRTY 0x0004u    /* Newer than the backing. */
#define FRAME_TABLE 0x0008u    /* A page table or directory. */
#define FRAME_SLAB 0x0010u     /* Belongs to kmalloc: u.slab. */
#define FRAME_RESERVED 0x0020u /* Not RAM of ours: firmware, kernel image, the frame array. */
#define FRAME_FREE 0x0040u     /* Head of a free block on a buddy list; order says how large. */
#define FRAME_ANON 0x0080u     /* A private page: its truth is in page tables only. */
#define FRAME_WAITERS 0x0100u  /* Somebody sleeps until BUSY is cleared. */
#define FRAME_ZEROED 0x0200u   /* Free, and known to hold zeroes. */
#define FRAME_KERNEL 0x0400u   /* Kernel memory that is no slab: stacks, large kmalloc. */
#define FRAME_SHMEM 0x0800u    /* In the cache of a backing that has no store: mm/shm.h. */
#define FRAME_LISTED 0x1000u   /* A policy set has it, or is about to: policy_set.h. */
#define FRAME_USED 0x2000u     /* Since a policy looked, other than an entry that is there tells. */

/* What the kernel itself stands on, fault handling included: no policy is told of it, and eviction refuses it. */
#define FRAME_LOCKED_DOWN (FRAME_RESERVED | FRAME_TABLE | FRAME_SLAB | FRAME_KERNEL)

struct frame {
	uint32_t refs;	/* Atomic. */
	uint16_t flags; /* Atomic. */
	union {
		uint8_t order;	     /* Of a free block's or a large allocation's head. */
		uint8_t dirty_parts; /* In a cache: bit per CACHE_PART bytes; atomic. Usually all. */
	};
	uint8_t zone;		 /* enum zone; never changes. */
	struct backing *backing; /* The cache it is in, NULL for none. Guarded by BUSY. */
	union {
		uint32_t index;	 /* Page number in the backing. */
		uint32_t groups; /* FRAME_TABLE: where entries are in use. */
	};
	union {
		struct list link;	  /* Free lists; LISTED: its policy's. */
		struct {		  /* FRAME_TABLE, a page table. */
			uint16_t lock;	  /* Spin word of the table's lock: pgtable_lock(). */
			uint16_t present; /* Entries in use; under that lock. */
			uint16_t zero;	  /* Of these, those that show the shared zero frame, */
			uint16_t swapped; /* and those that hold a swap entry. */
		} table;
		struct slab *slab; /* FRAME_SLAB. */
	};
	uint32_t rmap[2];	/* The page table entries that show it: rmap.h. */
} __attribute__((aligned(32))); /* A power of two: from frame to number is a shift. */

/* Larger on a 64-bit host, which runs the policies. */
_Static_assert(sizeof(void *) != 4 || sizeof(struct frame) == 32,
	       "one struct frame to half a cache line");

/* Memory by what can reach it; a request may fall back to an earlier zone. */
enum zone {
	ZONE_DMA,    /* Below 16 MiB. */
	ZONE_NORMAL, /* The rest of the direct map. */
	ZONE_COUNT,
};

extern struct frame *frames; /* Indexed by pfn, [0, frame_count). */
extern uint32_t frame_count;

static inline uint32_t frame_pfn(const struct frame *f)
{
	return (uint32_t)(f - frames);
}

static inline struct frame *frame_of_pfn(uint32_t pfn)
{
	return &frames[pfn];
}

/* One more reference to a frame the caller already holds or looks at under its owner's lock. */
static inline void frame_get(struct frame *f)
{
	atomic_inc(&f->refs);
}

/* Drop one reference; the last one frees the frame. Any context. */
void frame_put(struct frame *f);

/* The same for each of n frames, with one hold of each lock for many of them. What f[] holds afterwards is
 * undefined. */
void frames_put(struct frame **f, uint32_t n);

/* Make the frame ours to fill: sleeps while another owner has it. The caller holds a reference. rank is
 * RANK_BUSY, or RANK_FSMETA for the frames a file system reads while it fills another. */
void frame_busy_lock(struct frame *f, enum lock_rank rank);
bool frame_busy_trylock(struct frame *f, enum lock_rank rank);
void frame_busy_unlock(struct frame *f, enum lock_rank rank);

void frame_waitq_init(void); /* Once at boot. */

/* Sleep until the frame is not BUSY. The caller holds a reference and looks again afterwards. */
void frame_wait(struct frame *f);

static inline bool frame_is(const struct frame *f, uint16_t flags)
{
	return (atomic_load(&f->flags) & flags) == flags;
}

static inline void frame_set(struct frame *f, uint16_t flags)
{
	atomic_or(&f->flags, flags);
}

static inline void frame_clear(struct frame *f, uint16_t flags)
{
	atomic_and(&f->flags, (uint16_t)~flags);
}
