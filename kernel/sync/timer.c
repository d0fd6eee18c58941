/*
 * timer.c: a pairing heap of timers (Fredman, Sedgewick, Sleator, Tarjan 1986), the earliest on
 * top.
 *
 * A node's children are a list through next. link is the pointer that points at the node: its
 * parent's child field, its elder sibling's next, or the root. So any node can be cut out without a
 * search.
 *
 * Lock: timers_lock (RANK_WAITQ, interrupts off); dropped while a callback runs.
 */

#include "kernel/sync/timer.h"

#include "arch/x86/clock.h"
#include "kernel/lib/assert.h"
#include "kernel/sync/lock.h"

static struct spinlock timers_lock = SPINLOCK_INIT("timers", RANK_WAITQ);
static struct timer *root;
static struct timer *running; /* Whose callback is being called. */

static void point(struct timer **link, struct timer *t)
{
	*link = t;
	if (t)
		t->link = link;
}

/* Two heaps become one: the later root becomes the earlier's first child. Their siblings are
 * ignored. */
static struct timer *meld(struct timer *a, struct timer *b)
{
	if (!a || !b)
		return a ? a : b;
	if (b->deadline < a->deadline) {
		struct timer *t = a;

		a = b;
		b = t;
	}
	point(&b->next, a->child);
	point(&a->child, b);
	a->next = NULL;
	return a;
}

/* One heap of a list of siblings: meld in pairs, then all pairs from the last to the first. */
static struct timer *meld_siblings(struct timer *first)
{
	struct timer *pairs = NULL, *heap = NULL;

	while (first) {
		struct timer *a = first, *b = a->next, *pair;

		first = b ? b->next : NULL;
		a->next = NULL;
		if (b)
			b->next = NULL;
		pair = meld(a, b);
		pair->next = pairs;
		pairs = pair;
	}
	while (pairs) {
		struct timer *next = pairs->next;

		pairs->next = NULL;
		heap = meld(heap, pairs);
		pairs = next;
	}
	return heap;
}

static void heap_insert(struct timer *t)
{
	t->child = t->next = NULL;
	point(&root, meld(root, t));
}

static void heap_remove(struct timer *t)
{
	struct timer *orphans = meld_siblings(t->child);

	t->child = NULL;
	if (t == root) {
		point(&root, orphans);
	} else {
		point(t->link, t->next);
		if (orphans)
			point(&root, meld(root, orphans));
	}
	t->next = NULL;
	t->link = NULL;
}

void timer_init(struct timer *t, void (*fn)(struct timer *t))
{
	*t = (struct timer){.fn = fn};
}

void timer_start(struct timer *t, uint64_t deadline)
{
	uint32_t flags = spin_lock_irq(&timers_lock);

	if (t->link)
		heap_remove(t);
	t->deadline = deadline;
	heap_insert(t);
	if (t == root)
		clock_wake_by(deadline);
	spin_unlock_irq(&timers_lock, flags);
}

bool timer_cancel(struct timer *t)
{
	uint32_t flags = spin_lock_irq(&timers_lock);
	bool armed = t->link != NULL;

	/* Its callback may be running on another CPU; from within itself there is nothing to wait
	 * for. */
	while (running == t && this_cpu()->irq_depth == 0) {
		spin_unlock_irq(&timers_lock, flags);
		cpu_relax();
		flags = spin_lock_irq(&timers_lock);
	}
	if (t->link) /* Perhaps armed again by its callback. */
		heap_remove(t);
	spin_unlock_irq(&timers_lock, flags);
	return armed;
}

uint64_t timer_run(uint64_t now)
{
	uint64_t next;
	uint32_t flags = spin_lock_irq(&timers_lock);

	while (root && root->deadline <= now) {
		struct timer *t = root;

		heap_remove(t);
		running = t;
		spin_unlock_irq(&timers_lock, flags);
		t->fn(t);
		flags = spin_lock_irq(&timers_lock);
		running = NULL;
	}
	next = root ? root->deadline : UINT64_MAX;
	spin_unlock_irq(&timers_lock, flags);
	return next;
}
