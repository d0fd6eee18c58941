/* working_set.c: see working_set.h. */

#include "mm/working_set.h"

#include "kernel/abi/errno.h"
#include "mm/backing.h"
#include "mm/balance.h"
#include "mm/kmalloc.h"
#include "mm/reclaim.h"
#include "mm/reftrace.h"

#define TRIES 64 /* Members that cannot go before the set is left without one more. */

KMEM_CACHE(working_set_cache, struct working_set);

/* Those that nobody has are never freed, because a policy_set must stay readable. */
static struct spinlock sets_lock = SPINLOCK_INIT("working sets", RANK_LEAF);
static struct list in_use = LIST_INIT(in_use), spare = LIST_INIT(spare);

static struct working_set *set_alloc(void)
{
	struct working_set *ws = NULL;

	spin_lock(&sets_lock);
	if (!list_empty(&spare)) {
		ws = list_first(&spare, struct working_set, link);
		list_remove(&ws->link);
	}
	spin_unlock(&sets_lock);
	return ws ? ws : kmem_cache_zalloc(&working_set_cache);
}

/* Put a set that is on no list on this one. */
static void set_list(struct working_set *ws, struct list *which)
{
	spin_lock(&sets_lock);
	list_add_tail(which, &ws->link);
	spin_unlock(&sets_lock);
}

static void set_unlist(struct working_set *ws)
{
	spin_lock(&sets_lock);
	list_remove(&ws->link);
	spin_unlock(&sets_lock);
}

uint32_t working_sets_surplus(void)
{
	struct working_set *ws;
	uint32_t sum = 0;

	spin_lock(&sets_lock);
	list_for_each_entry(ws, &in_use, link)
		sum += ws->set.trace ? 0 : working_set_surplus(ws);
	spin_unlock(&sets_lock);
	return sum;
}

struct working_set *working_set_next(void)
{
	struct working_set *ws, *found = NULL;

	spin_lock(&sets_lock);
	list_for_each_entry(ws, &in_use, link) {
		if (ws->set.trace || working_set_surplus(ws) == 0 ||
		    !atomic_inc_not_zero(&ws->refs))
			continue;
		found = ws;
		list_remove(&ws->link);
		list_add_tail(&in_use, &ws->link);
		break;
	}
	spin_unlock(&sets_lock);
	return found;
}

int working_set_create(uint32_t limit, const struct policy *policy, bool traced,
		       struct working_set **out)
{
	struct working_set *ws;
	int err;

	if (policy->touched && !traced)
		return -EINVAL;
	ws = set_alloc();
	if (!ws)
		return -ENOMEM;
	ws->refs = 1;
	ws->faults = ws->evictions = ws->minimum = 0;
	err = policy_set_create(&ws->set, policy, limit);
	if (!err && traced) {
		err = reftrace_create(limit, &ws->set.trace);
		if (err)
			policy_set_destroy(&ws->set);
	}
	set_list(ws, err ? &spare : &in_use);
	if (!err)
		*out = ws;
	return err;
}

void working_set_put(struct working_set *ws)
{
	struct reftrace *trace;

	if (!ws || atomic_dec_return(&ws->refs) != 0)
		return;
	set_unlist(ws);
	spin_lock(&ws->set.lock);
	trace = ws->set.trace;
	ws->set.trace = NULL;
	spin_unlock(&ws->set.lock);
	if (trace)
		reftrace_destroy(trace, ws->faults);
	policy_set_destroy(&ws->set);
	balance_unguarantee(ws->minimum);
	set_list(ws, &spare);
}

int working_set_inherit(struct working_set *from, struct working_set **out)
{
	if (vm_windows)
		return balance_create_set(from, out);
	*out = working_set_get(from);
	return 0;
}

/* The recorder and those policies that want to know each reference. */
static void record(struct policy_set *s, struct frame *f, uint32_t va, enum vm_access access,
		   uint32_t space)
{
	bool due = reftrace_touched(s->trace, f, va, access, space);

	if (s->policy->touched)
		s->policy->touched(s, f);
	if (due)
		policy_set_tick_locked(s);
}

/* The vDSO's pages are newer than what their backing gives, and cannot be written to it. */
static bool stays_for_ever(const struct frame *f)
{
	return f->backing && frame_is(f, FRAME_DIRTY) && !f->backing->ops->write;
}

struct frame *working_set_touched(struct working_set *ws, struct frame *f, uint32_t va,
				  enum vm_access access, uint32_t space)
{
	struct frame *victim;
	bool joined;

	if (stays_for_ever(f))
		return NULL;
	joined = policy_set_join(&ws->set, f, &victim);
	spin_lock(&ws->set.lock);
	ws->faults += joined;
	ws->evictions += victim != NULL;
	if (ws->set.trace && policy_set_of(f) == &ws->set && frame_is(f, FRAME_LISTED))
		record(&ws->set, f, va, access, space);
	spin_unlock(&ws->set.lock);
	return victim;
}

void working_set_evict(struct working_set *ws, struct frame *victim)
{
	for (uint32_t i = 0; i < TRIES; i++) {
		if (reclaim_victim(victim) || !policy_set_exchange(&ws->set, &victim))
			return;
	}
	policy_set_leave(victim);
}
