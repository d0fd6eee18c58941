/*
 * pmm.c: free frames: buddy lists, the per-CPU cache, the pool of zeroed frames.
 *
 * A free frame is in exactly one of three places: in a buddy block (the head has FRAME_FREE and the
 * block's order), in a CPU's cache, or in the zeroed pool (FRAME_ZEROED). refs is 0 in all three.
 *
 *	frame_alloc()		zeroed pool (if zeroes are asked for) -> this CPU's cache -> buddy, in batches
 *	frame_put(), last	this CPU's cache -> buddy, in batches
 *
 * Buddies: the block of order n at pfn p has its buddy at p ^ 2^n. A block is split on the way down
 * and joined with its free buddy on the way up, so both cost at most PMM_MAX_ORDER steps whatever the
 * size of memory.
 *
 * Locks: pmm_lock (RANK_LEAF) guards the buddy lists and the pool; a CPU's cache is guarded by
 * having interrupts off on that CPU. Interrupts are off under both, so handlers may free frames.
 */

#include "mm/pmm.h"

#include "kernel/lib/assert.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"
#include "kernel/sync/thread.h"
#include "mm/fail.h"
#include "mm/kmap.h"
#include "mm/pmm_zone.h"
#include "mm/policy_set.h"
#include "mm/pageout.h"
#include "mm/vmstat.h"

#define PCP_ORDER 5    /* The largest block that goes into a CPU's cache as it is. */
#define PCP_BATCH 16   /* Frames moved between a CPU's cache and the buddy lists at once. */
#define PCP_HIGH 64    /* A cache that has grown so large gives a batch back. */
#define PCP_RUN 4      /* So many frames in a row do not go into it. */
#define ZEROED_MAX 512 /* The pool's size: 2 MiB of faults served without clearing. */
#define JUNK 0x6B

struct pcp {
	uint32_t count;
	struct frame *frame[PCP_HIGH]; /* The first has been here longest. */
};

struct frame *frames;
uint32_t frame_count;
struct pmm_watermarks pmm_watermarks;

static struct spinlock pmm_lock = SPINLOCK_INIT("pmm", RANK_LEAF);
static struct list free_lists[ZONE_COUNT][PMM_MAX_ORDER + 1];
static uint32_t free_blocks[ZONE_COUNT][PMM_MAX_ORDER + 1];
static uint32_t buddy_free; /* Frames in all buddy lists. */
static struct list zeroed = LIST_INIT(zeroed);
static uint32_t zeroed_count;
static struct pcp pcps[1];	     /* By CPU id. */
static uint32_t managed[ZONE_COUNT]; /* Frames given to us at boot. */

/* ---- buddy lists, under pmm_lock ---- */

static void block_add(struct frame *f, uint32_t order)
{
	f->order = (uint8_t)order;
	frame_set(f, FRAME_FREE);
	list_add_head(&free_lists[f->zone][order], &f->link);
	free_blocks[f->zone][order]++;
	buddy_free += 1u << order;
}

static void block_remove(struct frame *f, uint32_t order)
{
	list_remove(&f->link);
	frame_clear(f, FRAME_FREE);
	f->order = 0;
	free_blocks[f->zone][order]--;
	buddy_free -= 1u << order;
}

/* The buddy of f's block if it is free as a whole and may be joined; else NULL. */
static struct frame *free_buddy(struct frame *f, uint32_t order)
{
	uint32_t pfn = frame_pfn(f) ^ 1u << order;
	struct frame *buddy = frame_of_pfn(pfn);

	if (order == PMM_MAX_ORDER || pfn + (1u << order) > frame_count)
		return NULL;
	if (!frame_is(buddy, FRAME_FREE) || buddy->order != order || buddy->zone != f->zone)
		return NULL;
	return buddy;
}

static void buddy_put(struct frame *f, uint32_t order)
{
	struct frame *buddy;

	while ((buddy = free_buddy(f, order)) != NULL) {
		block_remove(buddy, order);
		if (buddy < f)
			f = buddy;
		order++;
	}
	block_add(f, order);
}

/* Put n consecutive frames of one zone back, in the largest blocks that they make. */
static void buddy_put_run(struct frame *f, uint32_t n)
{
	while (n > 0) {
		uint32_t size = 1u << (31 - __builtin_clz(n)), pfn = frame_pfn(f);
		uint32_t order = MIN((uint32_t)__builtin_ctz(pfn | size), PMM_MAX_ORDER);

		buddy_put(f, order);
		f += 1u << order;
		n -= 1u << order;
	}
}

/* The smallest block of 2^least frames or more, cut down to 2^most; its order is in it. */
static struct frame *buddy_take_zone(enum zone zone, uint32_t least, uint32_t most)
{
	for (uint32_t o = least; o <= PMM_MAX_ORDER; o++) {
		struct frame *f;

		if (list_empty(&free_lists[zone][o]))
			continue;
		f = list_first(&free_lists[zone][o], struct frame, link);
		block_remove(f, o);
		while (o > most) {
			o--;
			block_add(f + (1u << o), o); /* The upper half stays. */
		}
		f->order = (uint8_t)o;
		return f;
	}
	return NULL;
}

/* How many frames a request must leave. */
static uint32_t reserve_for(uint32_t how)
{
	const struct thread *t = thread_current();
	uint32_t share = how & ALLOC_PATIENT ? 1 : 2;

	/* During start-up there is no thread yet. */
	if (how & ALLOC_RESERVE || !t || t->frees_memory)
		return 0;
	return pmm_watermarks.min / (t->is_victim ? 2 * share : share);
}

/* A block of 2^least to 2^most frames; low memory is taken last, since some requests can use nothing else. */
static struct frame *buddy_take(uint32_t least, uint32_t most, uint32_t how)
{
	struct frame *f = NULL;

	if (buddy_free < reserve_for(how) + (1u << most))
		return NULL;
	if (!(how & ALLOC_DMA))
		f = buddy_take_zone(ZONE_NORMAL, least, most);
	return f ? f : buddy_take_zone(ZONE_DMA, least, most);
}

/* ---- this CPU's cache, interrupts off ---- */

static struct pcp *this_pcp(void)
{
	return &pcps[this_cpu()->id];
}

/*
 * Whole blocks, so that frames are given out in a row and mostly come back so: cutting and joining a block for
 * each frame took 97 and 117 instructions of a fault and of its undoing. Apart, so that who finds a frame there does
 * not pay for it.
 */
static __attribute__((noinline)) void pcp_refill(struct pcp *pcp, uint32_t how)
{
	bool scarce;

	spin_lock(&pmm_lock);
	do { /* The last frames singly: what is in the cache is anybody's. */
		uint32_t plenty = 2 * pmm_watermarks.min + (1u << PCP_ORDER);
		uint32_t most = buddy_free > plenty ? PCP_ORDER : 0;
		struct frame *f = buddy_take(0, most, how);
		uint32_t n = f ? 1u << f->order : 0;

		if (!f)
			break;
		f->order = 0;
		while (n > 0) /* The last one in is the first one out. */
			pcp->frame[pcp->count++] = f + --n;
	} while (pcp->count < PCP_BATCH && buddy_free > pmm_watermarks.min);
	scarce = buddy_free + zeroed_count < pmm_watermarks.low;
	spin_unlock(&pmm_lock);
	if (scarce)
		pageout_wake();
}

/* How many of the n frames, from the first on, follow one another. */
static uint32_t run_length(struct frame *const *f, uint32_t n)
{
	uint32_t run = 1;

	while (run < n && f[run] == f[0] + run)
		run++;
	return run;
}

static void pcp_drain(struct pcp *pcp, uint32_t keep)
{
	uint32_t n = pcp->count - MIN(pcp->count, keep);

	spin_lock(&pmm_lock);
	for (uint32_t i = 0, run; i < n; i += run) {
		run = run_length(pcp->frame + i, n - i);
		buddy_put_run(pcp->frame[i], run);
	}
	spin_unlock(&pmm_lock);
	pcp->count -= n;
	memmove(pcp->frame, pcp->frame + n, pcp->count * sizeof(pcp->frame[0]));
}

/* Warm in the CPU's cache: first out again. */
static void pcp_add(struct pcp *pcp, struct frame *f)
{
	pcp->frame[pcp->count++] = f;
	if (pcp->count == PCP_HIGH)
		pcp_drain(pcp, PCP_HIGH - PCP_BATCH);
}

static struct frame *pcp_take(uint32_t how)
{
	struct pcp *pcp = this_pcp();

	if (pcp->count == 0)
		pcp_refill(pcp, how);
	return pcp->count > 0 ? pcp->frame[--pcp->count] : NULL;
}

static struct frame *zeroed_take(void)
{
	struct frame *f = NULL;

	if (zeroed_count == 0)
		return NULL;
	spin_lock(&pmm_lock);
	if (zeroed_count > 0) {
		f = list_first(&zeroed, struct frame, link);
		list_remove(&f->link);
		zeroed_count--;
	}
	spin_unlock(&pmm_lock);
	return f;
}

/* Give everything in this CPU's cache and the pool back to the buddy lists, to make large or low
 * blocks out of it. Interrupts off. */
static void pools_drain(void)
{
	struct frame *f;

	pcp_drain(this_pcp(), 0);
	while ((f = zeroed_take()) != NULL) {
		frame_clear(f, FRAME_ZEROED);
		spin_lock(&pmm_lock);
		buddy_put(f, 0);
		spin_unlock(&pmm_lock);
	}
}

/* ---- the interface ---- */

/* A frame that came off a list becomes somebody's. */
static void frame_born(struct frame *f, uint32_t how)
{
	bool is_zero = frame_is(f, FRAME_ZEROED);

	ASSERT(f->refs == 0 && !f->backing && !f->rmap[0]);
	f->flags = 0;
	f->index = 0;
	atomic_store(&f->refs, 1);
	vm_count(VM_PGALLOC_DMA + f->zone);
	if (how & ALLOC_ZERO && !is_zero) {
		void *va = kmap(f);

		memset(va, 0, PAGE_SIZE);
		kunmap(f, va);
	}
}

struct frame *frame_alloc_again(uint32_t how)
{
	struct frame *f = NULL;
	uint32_t flags;

	if (how & ALLOC_DMA)
		return frame_alloc_contig(0, how);
	flags = irq_save();
	if (how & ALLOC_ZERO)
		f = zeroed_take();
	if (!f)
		f = pcp_take(how);
	if (!f)
		f = zeroed_take();
	irq_restore(flags);
	if (f)
		frame_born(f, how);
	return f;
}

struct frame *frame_alloc(uint32_t how)
{
	return fail_now(FAIL_FRAME_ALLOC) ? NULL : frame_alloc_again(how);
}

struct frame *frame_alloc_contig(uint32_t order, uint32_t how)
{
	struct frame *f;
	uint32_t flags;

	if (order > PMM_MAX_ORDER)
		return NULL;
	flags = spin_lock_irq(&pmm_lock);
	f = buddy_take(order, order, how);
	spin_unlock_irq(&pmm_lock, flags);
	if (!f) {
		flags = irq_save();
		pools_drain();
		irq_restore(flags);
		flags = spin_lock_irq(&pmm_lock);
		f = buddy_take(order, order, how);
		spin_unlock_irq(&pmm_lock, flags);
	}
	if (!f)
		return NULL;
	for (uint32_t i = 0; i < 1u << order; i++)
		frame_born(f + i, how);
	f->order = (uint8_t)order;
	return f;
}

/* What nobody refers to belongs to nobody, a policy's set included. */
static void frame_dies(struct frame *f)
{
	if (unlikely(f->backing || f->rmap[0] ||
		     f->flags & (FRAME_RESERVED | FRAME_FREE | FRAME_BUSY | FRAME_LISTED)))
		panic("freeing frame %x: flags %x backing %p index %u", frame_pfn(f), f->flags,
		      (void *)f->backing, f->index);
	f->flags = 0;
	f->order = 0;
	vm_count(VM_PGFREE);
}

static void frame_junk(struct frame *f)
{
	if (QUIRE_DEBUG)
		memset(kmap(f), JUNK, PAGE_SIZE);
}

void frame_free_contig(struct frame *head)
{
	uint32_t order = head->order, flags;

	for (uint32_t i = 0; i < 1u << order; i++) {
		ASSERT(head[i].refs == 1);
		head[i].refs = 0;
		frame_dies(head + i);
		frame_junk(head + i);
	}
	flags = spin_lock_irq(&pmm_lock);
	buddy_put(head, order);
	spin_unlock_irq(&pmm_lock, flags);
}

/* refs just became 0. */
static void frame_free(struct frame *f)
{
	uint32_t flags;

	if (f->flags & FRAME_LISTED)
		policy_set_remove(f);
	frame_dies(f);
	frame_junk(f);
	flags = irq_save();
	pcp_add(this_pcp(), f);
	irq_restore(flags);
}

/*
 * The same for n frames. Many in a row, which is how they were given out, go to the buddies at once: leaving their set
 * one by one and going through the CPU's cache took 175 instructions a frame, and this takes 90.
 */
static void frames_free(struct frame *const *f, uint32_t n)
{
	uint32_t flags;

	policy_set_remove_all(f, n);
	for (uint32_t i = 0; i < n; i++) {
		frame_dies(f[i]);
		frame_junk(f[i]);
	}
	flags = irq_save();
	for (uint32_t i = 0, run; i < n; i += run) {
		run = run_length(f + i, n - i);
		if (run < PCP_RUN) {
			run = 1;
			pcp_add(this_pcp(), f[i]);
			continue;
		}
		spin_lock(&pmm_lock);
		buddy_put_run(f[i], run);
		spin_unlock(&pmm_lock);
	}
	irq_restore(flags);
}

/* Drop a reference. Was it the last? */
static bool ref_put(struct frame *f)
{
	uint32_t left = atomic_dec_return(&f->refs);

	if (unlikely(left == UINT32_MAX))
		panic("frame %x: put without a reference, flags %x", frame_pfn(f), f->flags);
	return left == 0;
}

void frame_put(struct frame *f)
{
	if (ref_put(f))
		frame_free(f);
}

void frames_put(struct frame **f, uint32_t n)
{
	uint32_t last = 0;

	for (uint32_t i = 0; i < n; i++)
		if (ref_put(f[i]))
			f[last++] = f[i];
	if (last == 1)
		frame_free(f[0]);
	else if (last > 1)
		frames_free(f, last);
}

static void zeroed_add(struct frame *f)
{
	uint32_t flags;

	frame_set(f, FRAME_ZEROED);
	flags = spin_lock_irq(&pmm_lock);
	list_add_tail(&zeroed, &f->link);
	zeroed_count++;
	spin_unlock_irq(&pmm_lock, flags);
}

void frame_put_zeroed(struct frame *f)
{
	const uint8_t *va = kmap(f);

	ASSERT(f->refs == 1 && va[0] == 0 && memcmp(va, va + 1, PAGE_SIZE - 1) == 0);
	if (zeroed_count >= ZEROED_MAX) {
		frame_put(f);
		return;
	}
	f->refs = 0;
	frame_dies(f);
	zeroed_add(f);
}

bool pmm_idle_work(void)
{
	struct frame *f;
	uint32_t flags;

	/* Leave other uses of free memory the larger part. */
	if (zeroed_count >= MIN(ZEROED_MAX, buddy_free / 4) || buddy_free < pmm_watermarks.high)
		return false;
	flags = spin_lock_irq(&pmm_lock);
	f = buddy_take(0, 0, 0);
	spin_unlock_irq(&pmm_lock, flags);
	if (!f)
		return false;
	memset(kmap(f), 0, PAGE_SIZE);
	zeroed_add(f);
	return true;
}

uint32_t frame_free_count(void)
{
	uint32_t n, flags = spin_lock_irq(&pmm_lock);

	n = buddy_free + zeroed_count;
	for (uint32_t i = 0; i < ARRAY_SIZE(pcps); i++)
		n += pcps[i].count;
	spin_unlock_irq(&pmm_lock, flags);
	return n;
}

uint32_t frame_total_count(void)
{
	uint32_t n = 0;

	for (uint32_t zone = 0; zone < ZONE_COUNT; zone++)
		n += managed[zone];
	return n;
}

uint32_t pmm_zone_frames(enum zone zone)
{
	return managed[zone];
}

uint32_t frame_zeroed_count(void)
{
	return zeroed_count;
}

uint32_t pmm_free_blocks(enum zone zone, uint32_t order)
{
	return free_blocks[zone][order];
}

void pmm_limit_free(uint32_t keep)
{
	struct frame *f;
	uint32_t held = 0;

	while (frame_free_count() > keep && (f = frame_alloc(ALLOC_RESERVE)) != NULL) {
		frame_set(f, FRAME_RESERVED);
		managed[f->zone]--;
		held++;
	}
	pmm_default_reserve();
	log("pmm: userframes: %u frames withdrawn, %u left free\n", held, frame_free_count());
}

/* ---- boot ---- */

void pmm_zone_init(void)
{
	for (uint32_t z = 0; z < ZONE_COUNT; z++)
		for (uint32_t o = 0; o <= PMM_MAX_ORDER; o++)
			list_init(&free_lists[z][o]);
}

void pmm_zone_add(struct frame *f, uint32_t n)
{
	uint32_t flags = spin_lock_irq(&pmm_lock);

	for (uint32_t i = 0; i < n; i++) {
		frame_clear(f + i, FRAME_RESERVED);
		f[i].refs = 0;
	}
	buddy_put_run(f, n);
	managed[f->zone] += n;
	spin_unlock_irq(&pmm_lock, flags);
}

/* ---- recount ---- */

static uint32_t check_free(const struct frame *f, uint16_t must_have, uint32_t order,
			   const char *what)
{
	if (f->refs == 0 && !f->backing && (f->flags & ~FRAME_RESERVED) == must_have &&
	    f->order == order)
		return 0;
	log("check: frame %x, %s: refs %u flags %x order %u\n", frame_pfn(f), what, f->refs,
	    f->flags, f->order);
	return 1;
}

static uint32_t check_list(struct list *head, uint16_t must_have, uint32_t order, const char *what)
{
	struct frame *f;
	uint32_t bad = 0;

	list_for_each_entry(f, head, link)
		bad += check_free(f, must_have, order, what);
	return bad;
}

static uint32_t list_length(struct list *head)
{
	struct list *l;
	uint32_t n = 0;

	for (l = head->next; l != head; l = l->next)
		n++;
	return n;
}

static uint32_t check_count(const char *what, uint32_t counted, uint32_t said)
{
	if (counted == said)
		return 0;
	log("check: %s: %u counted, %u said\n", what, counted, said);
	return 1;
}

uint32_t pmm_check(void)
{
	uint32_t bad = 0, total = 0, flags = spin_lock_irq(&pmm_lock);

	for (uint32_t z = 0; z < ZONE_COUNT; z++) {
		for (uint32_t o = 0; o <= PMM_MAX_ORDER; o++) {
			uint32_t n = list_length(&free_lists[z][o]);

			bad += check_list(&free_lists[z][o], FRAME_FREE, o, "buddy");
			bad += check_count("free blocks", n, free_blocks[z][o]);
			total += n << o;
		}
	}
	bad += check_count("free frames", total, buddy_free);
	bad += check_list(&zeroed, FRAME_ZEROED, 0, "zeroed");
	bad += check_count("zeroed frames", list_length(&zeroed), zeroed_count);
	for (uint32_t cpu = 0; cpu < ARRAY_SIZE(pcps); cpu++)
		for (uint32_t i = 0; i < pcps[cpu].count; i++)
			bad += check_free(pcps[cpu].frame[i], 0, 0, "per-CPU");
	spin_unlock_irq(&pmm_lock, flags);
	return bad;
}
