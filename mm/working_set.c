/* working_set.c: see working_set.h. */

#include "mm/working_set.h"

#include "kernel/abi/errno.h"
#include "mm/kmalloc.h"
#include "mm/reclaim.h"
#include "mm/reftrace.h"

#define TRIES 64 /* Members that cannot go before the set is left without one more. */

KMEM_CACHE(working_set_cache, struct working_set);

/* Those that nobody has: never freed, because a policy_set must stay readable. */
static struct spinlock spare_lock = SPINLOCK_INIT("working sets", RANK_LEAF);
static struct working_set *spare;

static struct working_set *set_alloc(void)
{
	struct working_set *ws;

	spin_lock(&spare_lock);
	ws = spare;
	if (ws)
		spare = ws->next;
	spin_unlock(&spare_lock);
	return ws ? ws : kmem_cache_zalloc(&working_set_cache);
}

static void set_free(struct working_set *ws)
{
	spin_lock(&spare_lock);
	ws->next = spare;
	spare = ws;
	spin_unlock(&spare_lock);
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
	ws->faults = ws->evictions = 0;
	err = policy_set_create(&ws->set, policy, limit);
	if (!err && traced) {
		err = reftrace_create(limit, &ws->set.trace);
		if (err)
			policy_set_destroy(&ws->set);
	}
	if (err)
		set_free(ws);
	else
		*out = ws;
	return err;
}

void working_set_put(struct working_set *ws)
{
	struct reftrace *trace;

	if (!ws || atomic_dec_return(&ws->refs) != 0)
		return;
	spin_lock(&ws->set.lock);
	trace = ws->set.trace;
	ws->set.trace = NULL;
	spin_unlock(&ws->set.lock);
	if (trace)
		reftrace_destroy(trace, ws->faults);
	policy_set_destroy(&ws->set);
	set_free(ws);
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

struct frame *working_set_touched(struct working_set *ws, struct frame *f, uint32_t va,
				  enum vm_access access, uint32_t space)
{
	struct frame *victim;
	bool joined = policy_set_join(&ws->set, f, &victim);

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
