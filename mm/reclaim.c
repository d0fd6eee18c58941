/*
 * reclaim.c: eviction, and the pageout thread that does it.
 *
 *	victims from their policy -> BUSY -> out of all page tables -> one TLB flush for all
 *	-> the clean ones leave the cache -> the dirty ones are written in clusters, and leave
 *
 * Reclaim comes from the frames, against the order of the locks, so it only tries: what cannot be had at
 * once goes back to its policy. A frame that somebody got a reference to meanwhile stays where it is: it
 * is found in its cache again, by the next fault or read (features D10 to D13).
 *
 * Nobody waits for memory with a frame BUSY or with a lock of a file system's that writing takes: those
 * sections use the reserve, or fail. So pageout, which takes such locks and uses the reserve itself, never
 * waits for somebody who waits for it.
 *
 * Metadata of file systems is not written here but by the flusher, who knows in which order: a write that
 * pageout is in the middle of may need it.
 */

#include "mm/reclaim.h"

#include "arch/x86/clock.h"
#include "arch/x86/tlb.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/sync/waitq.h"
#include "mm/cache_internal.h"
#include "mm/fail.h"
#include "mm/kmalloc.h"
#include "mm/policy_set.h"
#include "mm/rmap.h"
#include "mm/swap.h"
#include "mm/vmstat.h"
#include "mm/working_set.h"

#define BATCH BACKING_CLUSTER_MAX
#define SHRINK_STEPS 64 /* In which others shrink while all frames are looked at. */
#define TICK_TIME (NSEC_PER_SEC / 10)
#define PATIENCE 50		      /* Looks for frames that somebody else is writing. */
#define LOOK_TIME (NSEC_PER_SEC / 50) /* Between two of them. */

uint32_t vm_swappiness = 60;

static struct waitq work = WAITQ_INIT(work), progress = WAITQ_INIT(progress);
static uint32_t failures; /* Atomic: times that pageout found nothing to free. */
static bool started;
static void (*flusher)(void);
static struct list shrinkers = LIST_INIT(shrinkers);

/* ---- eviction ---- */

/* Victims on their way out, each with a reference. */
struct batch {
	uint32_t n;
	struct frame *f[BATCH];
};

/* Has the page a place to go to, or can it be had again? */
static bool has_place(const struct frame *f)
{
	const struct backing *b = f->backing;

	if (!b)
		return frame_is(f, FRAME_ANON);
	if (!frame_is(f, FRAME_UPTODATE))
		return false;
	return !frame_is(f, FRAME_DIRTY) || (b->ops->write && b->busy_rank == RANK_BUSY);
}

/* Take f, which is BUSY, out of all page tables. */
static int unmap(struct frame *f)
{
	int err = has_place(f) && rmap_may_unmap(f) ? 0 : -EBUSY;

	if (!err && !f->backing)
		err = swap_reserve(f);
	if (!err)
		err = rmap_unmap(f, frame_is(f, FRAME_ANON) ? swap_entry_of(f) : 0);
	return err;
}

static void let_go(struct frame *f)
{
	frame_busy_unlock(f, RANK_BUSY);
	swap_reap(f);
}

/* Make f ours and take it out of all page tables. False: it has to stay. */
static bool isolate(struct frame *f)
{
	if (!frame_busy_trylock(f, RANK_BUSY))
		return false;
	if (unmap(f) == 0)
		return true;
	let_go(f);
	return false;
}

/* f, which is BUSY, leaves memory if it is clean and nobody has it. */
static bool drop(struct frame *f)
{
	if (!cache_evict(f)) {
		let_go(f);
		return false;
	}
	frame_busy_unlock(f, RANK_BUSY);
	frame_put(f);
	return true;
}

/* Drop those that are clean; the rest, in the order of their pages, stays in the batch; what was to go but
 * cannot is added to kept. */
static uint32_t drop_clean(struct batch *b, struct batch *kept)
{
	uint32_t gone = 0, dirty = 0;

	for (uint32_t i = 0; i < b->n; i++) {
		struct frame *f = b->f[i];

		if (frame_is(f, FRAME_DIRTY))
			b->f[dirty++] = f;
		else if (drop(f))
			gone++;
		else
			kept->f[kept->n++] = f;
	}
	b->n = dirty;
	return gone;
}

static bool is_before(const struct frame *a, const struct frame *b)
{
	return a->backing != b->backing ? a->backing < b->backing : a->index < b->index;
}

static void sort(struct batch *b)
{
	for (uint32_t i = 1; i < b->n; i++) {
		struct frame *f = b->f[i];
		uint32_t j = i;

		for (; j > 0 && is_before(f, b->f[j - 1]); j--)
			b->f[j] = b->f[j - 1];
		b->f[j] = f;
	}
}

/* How many pages from i on follow each other. */
static uint32_t run_length(const struct batch *b, uint32_t i)
{
	uint32_t n = 1;

	while (i + n < b->n && b->f[i + n]->backing == b->f[i]->backing &&
	       b->f[i + n]->index == b->f[i]->index + n)
		n++;
	return n;
}

/* Write the dirty ones, which are sorted, and drop them; what fails stays, dirty. */
static uint32_t drop_dirty(struct batch *b, struct batch *kept)
{
	uint32_t gone = 0;

	for (uint32_t i = 0, n; i < b->n; i += n) {
		n = run_length(b, i);
		cache_write_run(b->f[i]->backing, &b->f[i], n);
		for (uint32_t j = i; j < i + n; j++) {
			if (drop(b->f[j]))
				gone++;
			else
				kept->f[kept->n++] = b->f[j];
		}
	}
	return gone;
}

/* Evict those of the batch that can go; the others are left in it. How many went. */
static uint32_t evict(struct batch *b)
{
	struct batch out = {.n = 0}, kept = {.n = 0};
	uint32_t gone;

	for (uint32_t i = 0; i < b->n; i++) {
		struct batch *to = isolate(b->f[i]) ? &out : &kept;

		to->f[to->n++] = b->f[i];
	}
	tlb_flush_all();
	gone = drop_clean(&out, &kept);
	sort(&out);
	gone += drop_dirty(&out, &kept);
	*b = kept;
	return gone;
}

static uint32_t evict_direct(struct batch *b)
{
	uint32_t gone;

	vm_count_add(VM_PGSCAN_DIRECT, b->n);
	gone = evict(b);
	vm_count_add(VM_PGSTEAL_DIRECT, gone);
	return gone;
}

bool reclaim_victim(struct frame *f)
{
	struct batch b = {.n = 1, .f = {f}};

	return evict_direct(&b) > 0;
}

static void batch_restore(struct batch *b)
{
	for (uint32_t i = 0; i < b->n; i++) {
		policy_set_restore(b->f[i]);
		frame_put(b->f[i]);
	}
}

uint32_t reclaim_frames(struct frame *const *f, uint32_t n)
{
	struct batch b = {.n = 0};
	uint32_t gone;

	for (uint32_t i = 0; i < n; i++) {
		if (policy_set_remove(f[i]))
			b.f[b.n++] = f[i];
		else
			frame_put(f[i]); /* Pageout has it. */
	}
	gone = evict_direct(&b);
	batch_restore(&b);
	return gone;
}

/* ---- which ---- */

/*
 * The set that the next batch comes from. Each gives in proportion to its size, weighed by swappiness: what it
 * costs to bring a page of a file back against one from swap. The last pages of files are not worth more than
 * any program's: without them nothing runs.
 */
static struct policy_set *choose_set(void)
{
	static int64_t owed; /* Pageout's: what anonymous memory has yet to give. */
	int64_t swappiness = atomic_load(&vm_swappiness);
	int64_t anon = atomic_load(&policy_anon.pages) * swappiness;
	int64_t file = atomic_load(&policy_file.pages) * (SWAPPINESS_MAX - swappiness);

	if (swap_free_pages() + swap_cached_pages() == 0)
		return &policy_file;
	if (policy_file.pages < pmm_watermarks.high && policy_anon.pages > policy_file.pages)
		return &policy_anon;
	owed += anon;
	if (owed < anon + file)
		return &policy_file;
	owed -= anon + file;
	return &policy_anon;
}

static void batch_fill(struct batch *b, struct policy_set *s, uint32_t most)
{
	b->n = 0;
	while (b->n < MIN(BATCH, most)) {
		struct frame *f = policy_set_victim(s);

		if (!f)
			break;
		b->f[b->n++] = f;
	}
}

uint32_t reclaim_from(struct policy_set *s, uint32_t most)
{
	struct batch b;
	uint32_t freed;

	batch_fill(&b, s, most);
	vm_count_add(VM_PGSCAN, b.n);
	freed = evict(&b);
	vm_count_add(VM_PGSTEAL, freed);
	batch_restore(&b);
	return freed;
}

static uint32_t members(void)
{
	return atomic_load(&policy_anon.pages) + atomic_load(&policy_file.pages);
}

/* The policies' clock goes on while there is something to choose. */
static void tick(void)
{
	static uint64_t last; /* Pageout's. */

	if (clock_now() - last < TICK_TIME)
		return;
	last = clock_now();
	policy_set_tick(&policy_anon);
	policy_set_tick(&policy_file);
}

/* ---- what others keep ---- */

void reclaim_register(struct shrinker *s)
{
	list_add_tail(&shrinkers, &s->link);
}

/* They give the share of what they have that looked is of all frames in sets; little by little adds up. */
static void shrink_others(uint32_t looked)
{
	static uint32_t owed; /* Pageout's: frames looked at since the last time. */
	uint32_t all = members() + 1;
	struct shrinker *s;

	owed += looked;
	if (owed < all / SHRINK_STEPS)
		return;
	list_for_each_entry(s, &shrinkers, link) {
		uint32_t count = s->count();
		uint64_t share = (uint64_t)count * owed / all;

		if (share > 0)
			s->shrink((uint32_t)MIN(share, count));
	}
	owed = 0;
	kmalloc_shrink();
}

/* A batch of the working set whose turn it is. */
static uint32_t reclaim_from_working_set(void)
{
	struct working_set *ws = working_set_next();
	uint32_t freed = ws ? reclaim_from(&ws->set, working_set_surplus(ws)) : 0;

	working_set_put(ws);
	return freed;
}

/* Free about want frames, unless all had their chance in vain, most of them twice. How many are more. */
static uint32_t reclaim(uint32_t want)
{
	uint32_t before = frame_free_count(), freed = 0, looked = 0, most = 2 * members() + BATCH;
	uint32_t now;

	policy_set_drain();
	tick();
	for (; freed < want && looked < most; looked += BATCH) /* An empty set was looked at too. */
		freed += reclaim_from(choose_set(), BATCH) + reclaim_from_working_set();
	shrink_others(looked);
	now = frame_free_count(); /* Once: it changes while we look. */
	return MAX(freed, now - MIN(before, now));
}

/* ---- the thread ---- */

static bool is_short(void)
{
	return frame_free_count() < pmm_watermarks.low;
}

static void nap(void)
{
	thread_sleep_prepare(THREAD_SLEEPING);
	thread_sleep(clock_now() + LOOK_TIME);
	thread_sleep_cancel();
}

/* Free a batch's worth. When there is nothing, dirty metadata may be what is left: others write it. */
static bool free_some(void)
{
	for (uint32_t i = 0; i < PATIENCE; i++) {
		if (reclaim(BATCH) > 0)
			return true;
		if (cache_dirty_frames() + cache_writeback_frames() == 0)
			return false;
		flusher();
		nap();
	}
	return false;
}

/* Before pageout goes to sleep those who wait look again: others, who wake nobody, may have freed enough. */
static bool has_work(void)
{
	if (is_short())
		return true;
	waitq_wake_all(&progress);
	return false;
}

static void pageout(void *arg)
{
	(void)arg;
	thread_current()->frees_memory = true;
	for (;;) {
		bool found = true;

		waitq_wait_event(&work, has_work(), 0);
		vm_count(VM_PAGEOUTRUN);
		while (found && frame_free_count() < pmm_watermarks.high) {
			found = free_some();
			if (!found)
				atomic_inc(&failures);
			waitq_wake_all(&progress);
		}
		if (!found)
			nap(); /* Whoever exits frees more than we can. */
	}
}

void reclaim_wake(void)
{
	if (started && waitq_active(&work))
		waitq_wake_all(&work);
}

int reclaim_init(struct thread *(*spawn)(const char *name, void (*fn)(void *), void *arg),
		 void (*flush)(void))
{
	flusher = flush;
	if (!spawn("pageout", pageout, NULL))
		return -ENOMEM;
	started = true;
	return 0;
}

/* ---- waiting ---- */

/* Whoever finds that he has to wait, or to go on waiting, sees to it that pageout is awake: frames that it
 * freed may be gone by now, and who took them need not have woken it. */
static bool may_go_on(uint32_t seen)
{
	if (frame_free_count() > pmm_watermarks.min || atomic_load(&failures) != seen)
		return true;
	reclaim_wake();
	return false;
}

bool reclaim_wait(void)
{
	const struct thread *t = thread_current();
	uint32_t seen = atomic_load(&failures);

	if (!started || t->frees_memory || t->is_victim)
		return false;
	if (!may_go_on(seen)) {
		vm_count(VM_ALLOCSTALL);
		waitq_wait_event(&progress, may_go_on(seen), 0);
	}
	return atomic_load(&failures) == seen;
}

struct frame *frame_alloc_wait(uint32_t how)
{
	struct frame *f;

	if (fail_now(FAIL_FRAME_ALLOC))
		return NULL;
	f = frame_alloc_again(how | ALLOC_PATIENT);
	while (!f && reclaim_wait())
		f = frame_alloc_again(how | ALLOC_PATIENT);
	return f;
}
