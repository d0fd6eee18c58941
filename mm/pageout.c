/*
 * pageout.c: the thread that keeps frames free, and waiting for it.
 *
 * Nobody waits for memory with a frame BUSY or with a lock of a file system's that writing takes: those
 * sections use the reserve, or fail. So pageout, which takes such locks and uses the reserve itself, never
 * waits for somebody who waits for it.
 */

#include "mm/pageout.h"

#include "arch/x86/clock.h"
#include "kernel/abi/errno.h"
#include "kernel/sync/waitq.h"
#include "mm/backing.h"
#include "mm/fail.h"
#include "mm/kmalloc.h"
#include "mm/policy_set.h"
#include "mm/reclaim.h"
#include "mm/swap.h"
#include "mm/vmstat.h"
#include "mm/working_set.h"
#include "mm/zpool.h"

#define BATCH BACKING_CLUSTER_MAX
#define VAIN (8 * BATCH) /* Frames looked at, none of which could go, until another set is tried. */
#define FEW 64		 /* One page of so many is as good as none. */
#define SHRINK_STEPS 64	 /* In which others shrink while all frames are looked at. */
#define TICK_TIME (NSEC_PER_SEC / 10)
#define PATIENCE 50		      /* Looks for frames that somebody else is writing. */
#define LOOK_TIME (NSEC_PER_SEC / 50) /* Between two of them. */

uint32_t vm_swappiness = 60;

static struct waitq work = WAITQ_INIT(work), progress = WAITQ_INIT(progress);
static uint32_t failures; /* Atomic: times that pageout found nothing to free. */
static bool exhausted;	  /* Atomic: it did the last time. */
static bool started;
static void (*flusher)(void);
static struct list shrinkers = LIST_INIT(shrinkers);

/* ---- which ---- */

/* Without free slots anonymous pages can go only if they have one already. A few of these do not count: they were
 * read a moment ago, and will be again. */
static bool anon_can_go(void)
{
	return swap_free_pages() > 0 || swap_cached_pages() > atomic_load(&policy_anon.pages) / FEW;
}

/* Members that a search for one that can go has to look at. */
static uint32_t candidates(void)
{
	return atomic_load(&policy_file.pages) +
	       (anon_can_go() ? atomic_load(&policy_anon.pages) : 0);
}

/*
 * The set that the next batch comes from. Each gives in proportion to its size, weighed by swappiness: what it
 * costs to bring a page of a file back against one from swap. The last pages of files are not worth more than
 * any program's: without them nothing runs. Weights count no more after some batches in vain: much of one set may be
 * locked in memory.
 */
static struct policy_set *choose_set(uint32_t in_vain)
{
	static int64_t owed; /* Pageout's: what anonymous memory has yet to give. */
	int64_t swappiness = atomic_load(&vm_swappiness);
	int64_t anon = atomic_load(&policy_anon.pages) * swappiness;
	int64_t file = atomic_load(&policy_file.pages) * (SWAPPINESS_MAX - swappiness);

	if (!anon_can_go())
		return &policy_file;
	if (in_vain >= VAIN)
		return in_vain / BATCH % 2 ? &policy_anon : &policy_file;
	if (policy_file.pages < pmm_watermarks.high && policy_anon.pages > policy_file.pages)
		return &policy_anon;
	owed += anon;
	if (owed < anon + file)
		return &policy_file;
	owed -= anon + file;
	return &policy_anon;
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

void shrinker_register(struct shrinker *s)
{
	list_add_tail(&shrinkers, &s->link);
}

/* They give the share of what they have that looked is of all frames in sets; little by little adds up. */
static void shrink_others(uint32_t looked)
{
	static uint32_t owed; /* Pageout's: frames looked at since the last time. */
	uint32_t all = candidates() + 1;
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

/* From the working set whose turn it is, the first batch that gives a frame; *looks is how many frames may be looked at
 * for that. */
static uint32_t reclaim_from_working_set(uint32_t *looks)
{
	struct working_set *ws = *looks > 0 ? working_set_next() : NULL;
	uint32_t freed = 0, left = ws ? MIN(working_set_surplus(ws), *looks) : 0;

	*looks -= left;
	for (; left > 0 && freed == 0; left -= MIN(left, BATCH))
		freed = reclaim_from(&ws->set, left);
	*looks += left;
	working_set_put(ws);
	return freed;
}

/* Free about want frames. How many are more. 0 when all had their chance, most of them twice, and next to none could
 * go: these were brought in a moment ago, and will be again, while nobody gets any further. */
static uint32_t reclaim(uint32_t want)
{
	uint32_t before = frame_free_count(), freed = 0, looked = 0,
		 most = 3 * candidates() + BATCH;
	uint32_t looks = 2 * working_sets_surplus(), now;

	policy_set_drain();
	tick();
	/* An empty set was looked at, too. */
	for (; freed < want && looked < most; looked += BATCH) {
		freed += reclaim_from(choose_set(freed ? 0 : looked), BATCH);
		freed += reclaim_from_working_set(&looks);
	}
	shrink_others(looked);
	now = frame_free_count(); /* Once: it changes while we look. */
	freed = MAX(freed, now - MIN(before, now));
	return looked >= most && freed <= looked / FEW ? 0 : freed;
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

/* Free a batch's worth, of the pool last: what is there was evicted once. When there is nothing, dirty metadata may
 * be what is left: others write it. */
static bool free_some(void)
{
	for (uint32_t i = 0; i < PATIENCE; i++) {
		if (reclaim(BATCH) > 0 || zpool_shrink(BATCH) > 0)
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
	atomic_store(&exhausted, false);
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
			found = free_some() || swap_remove_abort();
			atomic_store(&exhausted, !found);
			if (!found)
				atomic_inc(&failures);
			waitq_wake_all(&progress);
		}
		if (!found)
			nap(); /* Whoever exits frees more than we can. */
	}
}

void pageout_wake(void)
{
	if (started && waitq_active(&work))
		waitq_wake_all(&work);
}

int pageout_init(struct thread *(*spawn)(const char *name, void (*fn)(void *), void *arg),
		 void (*flush)(void))
{
	flusher = flush;
	if (!spawn("swapout", pageout, NULL))
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
	pageout_wake();
	return false;
}

bool pageout_wait(void)
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

bool pageout_retry(void)
{
	return !atomic_load(&exhausted) && pageout_wait();
}

struct frame *frame_alloc_wait(uint32_t how)
{
	struct frame *f;

	if (fail_now(FAIL_FRAME_ALLOC))
		return NULL;
	f = frame_alloc_again(how | ALLOC_PATIENT);
	while (!f && pageout_wait())
		f = frame_alloc_again(how | ALLOC_PATIENT);
	return f;
}
