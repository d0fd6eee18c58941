/*
 * test_balance.c: the states that Windows gives page frames, along the life of a page of a file; and frames that
 * no policy ever sees.
 *
 * rows: D22 D23
 */

#include "kernel/lib/string.h"
#include "mm/backing.h"
#include "mm/balance.h"
#include "mm/fault.h"
#include "mm/kmap.h"
#include "mm/pmm.h"
#include "mm/policy_set.h"
#include "tests/kernel/selftest.h"

static struct frame *page;
static enum frame_state last;

static void expect_next(enum frame_state state)
{
	EXPECT_EQ(frame_state(page), state);
	EXPECT(frame_state_may_follow(last, state));
	last = state;
}

static int fill(struct backing *b, struct frame *const *f, uint32_t n)
{
	(void)b;
	page = f[0];
	last = FRAME_STATE_FREE;
	expect_next(FRAME_STATE_TRANSITION);
	memset(kmap(f[0]), 7, n * PAGE_SIZE);
	return 0;
}

static int store(struct backing *b, struct frame *const *f, uint32_t n)
{
	(void)b, (void)f, (void)n;
	expect_next(FRAME_STATE_TRANSITION);
	return 0;
}

static int sync(struct backing *b)
{
	return cache_flush(b);
}

static const struct backing_ops ops = {.read = fill, .write = store, .sync = sync};

/* Rows: D23. */
static void page_goes_through_its_states(void)
{
	struct backing b;
	struct frame *f;

	backing_init(&b, &ops, 1);
	EXPECT_EQ(cache_get(&b, 0, &f), 0);
	expect_next(FRAME_STATE_ACTIVE);
	frame_put(f);
	expect_next(FRAME_STATE_STANDBY);
	EXPECT_EQ(cache_get(&b, 0, &f), 0);
	expect_next(FRAME_STATE_ACTIVE);
	cache_dirty(f);
	frame_put(f);
	expect_next(FRAME_STATE_MODIFIED);
	EXPECT_EQ(cache_flush(&b), 0);
	expect_next(FRAME_STATE_STANDBY);
	cache_truncate(&b, 0);
	expect_next(FRAME_STATE_FREE);
}

static void illegal_steps_are_known(void)
{
	EXPECT(!frame_state_may_follow(FRAME_STATE_FREE, FRAME_STATE_STANDBY));
	EXPECT(!frame_state_may_follow(FRAME_STATE_STANDBY, FRAME_STATE_MODIFIED));
	EXPECT(!frame_state_may_follow(FRAME_STATE_MODIFIED, FRAME_STATE_STANDBY));
	EXPECT(!frame_state_may_follow(FRAME_STATE_MODIFIED, FRAME_STATE_FREE));
	for (uint32_t to = 0; to < FRAME_STATE_BAD; to++)
		EXPECT(!frame_state_may_follow(FRAME_STATE_BAD, to));
}

/* What handles faults must not fault. Rows: D22. */
static void handler_is_never_evicted(void)
{
	const void *const parts[] = {vm_fault, policy_set_victim, &vm_fault_cluster, &policy_anon,
				     frames,   policy_set_notes};

	for (uint32_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const struct frame *f = frame_of_va(parts[i]);

		EXPECT(frame_is(f, FRAME_RESERVED) || frame_is(f, FRAME_KERNEL));
		EXPECT(!frame_is(f, FRAME_LISTED) && !policy_set_of(f));
	}
}

static const struct selftest_case cases[] = {
	{"page_goes_through_its_states", page_goes_through_its_states},
	{"illegal_steps_are_known", illegal_steps_are_known},
	{"handler_is_never_evicted", handler_is_never_evicted},
	{NULL, NULL},
};

extern const struct selftest_suite selftest_balance;
const struct selftest_suite selftest_balance = {"balance", cases};
