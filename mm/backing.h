/*
 * backing.h: where the pages of a mapping come from, and the page cache over it.
 *
 * A backing is a numbered set of pages: a file, shared anonymous memory, a block device's metadata.
 * mm knows it only through its ops. Its resident pages are in a radix tree, each with one reference
 * from the cache; read, write, mmap and exec all use these same frames.
 *
 * The read protocol: the frame enters the cache BUSY before the read starts, so that the second
 * comer finds it and waits instead of reading twice.
 *
 *	err = cache_get(b, index, &f);		may sleep, may read
 *	... f is UPTODATE, not BUSY, and ours by a reference ...
 *	frame_put(f);
 *
 * Locks: backing->lock (RANK_BACKING) guards pages; BUSY guards a frame's contents while it is
 * filled. ops are called with the frame BUSY and no spinlock held.
 *
 * States of a frame in a cache:	BUSY, not UPTODATE	being read, contents undefined
 *					not BUSY, UPTODATE	usable
 *					BUSY, UPTODATE		usable; being written back or removed
 *					not BUSY, not UPTODATE	never seen by others: a failed read is removed first
 */
#pragma once

#include "kernel/lib/radix.h"
#include "mm/frame.h"

struct backing;

/* Most pages that are read or written at once. */
#define BACKING_CLUSTER_MAX 16

struct backing_ops {
	/*
	 * Fill n frames (BUSY), 1 to BACKING_CLUSTER_MAX, with the pages from f[0]->index on. Holes and
	 * bytes past the end are zeroed. May sleep. 0, or -errno for all of them: the caller tries
	 * again page by page, so that an error reaches only those whose page it is.
	 */
	int (*read)(struct backing *b, struct frame *const *f, uint32_t n);

	/* Write n frames (BUSY, DIRTY cleared by the caller) of consecutive pages, all below
	 * size_pages, to where they belong. May sleep. 0 or -errno, as read. NULL: there is no place
	 * to write to, dirty pages stay. */
	int (*write)(struct backing *b, struct frame *const *f, uint32_t n);

	/* The page is about to be changed, by write(2) or by a store to a shared mapping of it: make
	 * sure that there is room for it where it belongs: for what is in the file, and for its first
	 * end bytes. There may be already; the page may be behind the end so far, and stay there if the
	 * write fails after all. Called with nothing held but an inode's or an aspace's lock. May sleep.
	 * 0 or -errno. NULL: there always is room. */
	int (*reserve)(struct backing *b, uint32_t index, uint32_t end);

	/* A page comes (1; an error keeps it out) or goes (-1): into and out of the cache, and swap for shared
	 * memory. The backing is locked. NULL: nobody counts. */
	int (*charge)(struct backing *b, uint32_t index, int32_t pages);

	/* A page has become dirty. Must not sleep. NULL: nobody keeps a list. */
	void (*dirtied)(struct backing *b);

	/* Make durable what is dirty, and what finding it takes: fsync(2). May sleep, with no lock held. 0 or
	 * -errno. NULL: nothing is. */
	int (*sync)(struct backing *b);

	/* Give up pages [first, end): zero from now on. May sleep, with no lock held. 0 or -errno. NULL:
	 * such a backing cannot (-EOPNOTSUPP). */
	int (*punch)(struct backing *b, uint32_t first, uint32_t end);

	/* Take and drop a reference of whatever holds the backing. put may sleep. */
	void (*get)(struct backing *b);
	void (*put)(struct backing *b);
};

struct backing {
	const struct backing_ops *ops;
	uint16_t page_flags;	  /* That all its pages get: FRAME_ANON in a swap cache. */
	enum lock_rank busy_rank; /* RANK_BUSY; RANK_FSMETA for a block device's own pages. */
	struct spinlock lock;
	struct radix pages; /* index -> struct frame, one reference each. */
	uint32_t
		size_pages; /* Atomic: pages that exist, the last may be partial. Beyond: SIGBUS. */
	uint32_t dirty_pages;	  /* Atomic; a page counts until its write has ended. */
	uint32_t areas;		  /* Atomic: VMAs that show this backing. */
	uint32_t swapped_pages;	  /* Atomic: pages of shared memory in swap, */
	struct shm_swap *swapped; /* and which: mm/shm.h; NULL: none. Under lock. */
	int32_t write_error;	  /* Atomic: what nobody who asks for it was told yet; 0: none. */
};

void backing_init(struct backing *b, const struct backing_ops *ops, uint32_t size_pages);

/* Call ops->reserve. */
static inline int backing_reserve(struct backing *b, uint32_t index, uint32_t end)
{
	return b->ops->reserve ? b->ops->reserve(b, index, end) : 0;
}

/* For ops->read: zero all bytes of the n frames from byte from of the first on. */
void backing_zero_from(struct frame *const *f, uint32_t n, uint32_t from);

/* The page at index, read in if need be, with a reference for the caller. May sleep.
 * -ENXIO beyond size_pages, -ENOMEM, or what ops->read said (nothing stays in the cache then). */
int cache_get(struct backing *b, uint32_t index, struct frame **out);

/* The same, but when the page has to be read, those of [first, end), which includes it, that are missing too
 * are read with it, as long as memory is not short. That they cannot be had matters to nobody. */
int cache_get_cluster(struct backing *b, uint32_t index, uint32_t first, uint32_t end,
		      struct frame **out);

/* Bring in those of [first, end) that are missing, as far as that is possible. May sleep. */
void cache_read_ahead(struct backing *b, uint32_t first, uint32_t end);

/* As cache_get, but a page that is not there is created zeroed instead of read: for a writer who will
 * overwrite all of it. Does not check size_pages. */
int cache_get_new(struct backing *b, uint32_t index, struct frame **out);

/* The page if it is resident and UPTODATE, with a reference; else NULL. Never sleeps. */
struct frame *cache_peek(struct backing *b, uint32_t index);

/* The same for n pages from first on; and up to the first that is not there: how many were. */
uint32_t cache_peek_run(struct backing *b, uint32_t first, uint32_t n, struct frame **f);
void cache_peek_range(struct backing *b, uint32_t first, uint32_t n, struct frame **f);

/* Let go of a page of b that we made BUSY, and of our reference. */
void cache_release(struct backing *b, struct frame *f);

/* Mark a page we hold a reference to as newer than its store. */
void cache_dirty(struct frame *f);

/*
 * The same for some of its bytes, in whole CACHE_PARTs, for a store that writes the dirty parts of a
 * page only; and undo it, because these bytes are no longer the cache's: waits until nobody writes
 * them. What is to be written: the store takes them, and gives them back when it fails.
 */
#define CACHE_PART 512u
void cache_dirty_part(struct frame *f, uint32_t off, uint32_t len);
void cache_clean_part(struct backing *b, uint32_t index, uint32_t off, uint32_t len);
uint8_t cache_take_parts(struct frame *f);
void cache_give_parts(struct frame *f, uint8_t parts);

/* Remove all pages from index on (waiting for BUSY ones), from every address space too, private copies
 * included. Pinned ones live on without a backing until their last reference goes. The caller keeps
 * new ones from coming by having lowered size_pages before, and holds no aspace's lock. May sleep. */
void cache_truncate(struct backing *b, uint32_t index);

/* Remove pages [first, end), from every address space too, but not copies made of them. Without a store
 * they are zero afterwards. As cache_truncate otherwise, but new ones may come at once. */
void cache_punch(struct backing *b, uint32_t first, uint32_t end);

/*
 * Give back up to want frames of clean pages that nobody maps or holds; they are read again when they are
 * wanted. For when memory has run out; reclaim in a steady state is another matter. Never waits for a
 * BUSY page. Returns how many.
 */
uint32_t cache_shrink(struct backing *b, uint32_t want);

/* The same for the pages [first, end). */
uint32_t cache_drop(struct backing *b, uint32_t first, uint32_t end, uint32_t want);

/*
 * Write the dirty pages of [first, end), or all, in clusters, and wait for those that somebody else is
 * writing. 0 or the first error; what could not be written stays dirty. Whoever can store to such a page
 * through a mapping faults at his next store. May sleep; the caller holds no page BUSY.
 */
int cache_flush_range(struct backing *b, uint32_t first, uint32_t end);
int cache_flush(struct backing *b);

void cache_init(void); /* Once, after kmalloc_init. */

/* Resident pages of all caches: "Cached" in meminfo. */
uint32_t cache_frames(void);

/* Pages that are to be written to some store, and those of them whose write is under way. */
uint32_t cache_dirty_frames(void);
uint32_t cache_writeback_frames(void);
