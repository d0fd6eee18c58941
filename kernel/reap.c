/*
 * reap.c: the thread that frees what nobody waits for: threads that ended inside a living process,
 * kernel threads, and processes whose parents ignore SIGCHLD. None of them can free the stack it
 * stands on.
 *
 * Lock: reap_lock (RANK_LEAF) guards the list.
 */

#include "kernel/proc_internal.h"

#include "kernel/abi/errno.h"

static struct spinlock reap_lock = SPINLOCK_INIT("reaper", RANK_LEAF);
static struct list dead = LIST_INIT(dead);
static struct waitq reap_wait = WAITQ_INIT(reap_wait);

void reap_later(struct reap *r, void (*fn)(struct reap *r))
{
	r->fn = fn;
	spin_lock(&reap_lock);
	list_add_tail(&dead, &r->link);
	spin_unlock(&reap_lock);
	waitq_wake_all(&reap_wait);
}

static struct reap *reap_next(void)
{
	struct reap *r = NULL;

	spin_lock(&reap_lock);
	if (!list_empty(&dead)) {
		r = list_first(&dead, struct reap, link);
		list_remove(&r->link);
	}
	spin_unlock(&reap_lock);
	return r;
}

static void reap_run(void *arg)
{
	struct reap *r;

	(void)arg;
	for (;;) {
		waitq_wait_event(&reap_wait, (r = reap_next()) != NULL, 0);
		r->fn(r);
	}
}

int reap_init(void)
{
	return kproc_create("reaper", reap_run, NULL) ? 0 : -ENOMEM;
}
