/*
 * test_policy.c: every policy over frames of a real address space, whose accessed bits the CPU sets.
 *
 * rows: A42
 * lab: clock twohand
 */

#include "arch/x86/tlb.h"
#include "kernel/lib/string.h"
#include "mm/check.h"
#include "mm/policy_set.h"
#include "tests/kernel/mm_fixture.h"
#include "tests/kernel/selftest.h"

#define PAGES 32
#define HOT 5 /* Of the pages. */

static struct policy_set set;
static struct frame *frame[PAGES], *out[PAGES];

/* A space whose pages are the members of set, under this policy. */
static struct aspace *enter(const struct policy *policy)
{
	struct aspace *as = fixture_enter();

	EXPECT_EQ(policy_set_create(&set, policy, PAGES), 0);
	EXPECT(fixture_map(as, TEST_VA, PAGES));
	for (uint32_t i = 0; i < PAGES; i++) {
		struct frame *victim = NULL;

		EXPECT(poke(TEST_VA + i * PAGE_SIZE, i));
		frame[i] = frame_of_pfn(pfn_at(as, TEST_VA + i * PAGE_SIZE));
		EXPECT(policy_set_join(&set, frame[i], &victim) && !victim);
	}
	EXPECT_EQ(set.pages, PAGES);
	return as;
}

static void leave(struct aspace *as)
{
	for (uint32_t i = 0; i < PAGES; i++)
		EXPECT(peek_is(TEST_VA + i * PAGE_SIZE, i));
	policy_set_destroy(&set);
	fixture_leave();
	aspace_put(as);
	EXPECT_EQ(vm_check(), 0);
}

/* The CPU sets A when it walks the tables, so it has to forget the entry. */
static void touch(uint32_t page)
{
	tlb_flush_all();
	EXPECT(peek_is(TEST_VA + page * PAGE_SIZE, page));
}

static struct frame *take_victim(void)
{
	struct frame *f = policy_set_victim(&set);

	EXPECT(f != NULL);
	return f;
}

static void restore(struct frame *f)
{
	policy_set_restore(f);
	frame_put(f);
}

static uint32_t page_of(const struct frame *f)
{
	uint32_t i = 0;

	while (i < PAGES && frame[i] != f)
		i++;
	return i;
}

/* Each member is a victim exactly once, and all come back. */
static void every_member_goes(const struct policy *policy)
{
	struct aspace *as = enter(policy);
	bool gone[PAGES + 1] = {false};

	for (uint32_t i = 0; i < PAGES; i++) {
		out[i] = take_victim();
		EXPECT(page_of(out[i]) < PAGES && !gone[page_of(out[i])]);
		gone[page_of(out[i])] = true;
	}
	EXPECT(set.pages == 0 && policy_set_victim(&set) == NULL);
	for (uint32_t i = 0; i < PAGES; i++)
		restore(out[i]);
	EXPECT_EQ(set.pages, PAGES);
	leave(as);
}

static void test_every_member_goes(void)
{
	for (uint32_t i = 0; policies[i]; i++)
		every_member_goes(policies[i]);
}

/* A page that is touched before each search stays; at the first some find nothing but used pages. */
static void hot_page_stays(const struct policy *policy)
{
	struct aspace *as = enter(policy);
	uint32_t hot_victims = 0;

	restore(take_victim());
	for (uint32_t i = 0; i < PAGES / 2; i++) {
		touch(HOT);
		out[i] = take_victim();
		hot_victims += out[i] == frame[HOT];
		spin_lock(&set.lock);
		policy_set_tick_locked(&set);
		spin_unlock(&set.lock);
	}
	for (uint32_t i = 0; i < PAGES / 2; i++)
		restore(out[i]);
	if (hot_victims > 0)
		selftest_failed(__FILE__, __LINE__, "%s takes the hot page", policy->name);
	leave(as);
}

static void test_hot_page_stays(void)
{
	static const char *const seeing[] = {"clock",  "twohand", "nru",    "aging",
					     "active", "car",	  "wsclock"};

	for (uint32_t i = 0; i < ARRAY_SIZE(seeing); i++)
		hot_page_stays(policy_find(seeing[i]));
}

/* Members that die, the one a hand points at too, are no victims. */
static void members_die(const struct policy *policy)
{
	struct aspace *as = enter(policy);
	uint32_t left = PAGES / 2;

	restore(take_victim());
	EXPECT_EQ(aspace_unmap(as, TEST_VA, left * PAGE_SIZE), 0);
	EXPECT_EQ(set.pages, left);
	for (uint32_t i = 0; i < left; i++) {
		out[i] = take_victim();
		EXPECT(page_of(out[i]) >= left);
	}
	for (uint32_t i = 0; i < left; i++)
		restore(out[i]);
	policy_set_destroy(&set);
	fixture_leave();
	aspace_put(as);
	EXPECT_EQ(vm_check(), 0);
}

static void test_members_die(void)
{
	for (uint32_t i = 0; policies[i]; i++)
		members_die(policies[i]);
}

/* Who was taken out, and joined a set again before he was brought back, is a member once. */
static void test_member_once(void)
{
	struct aspace *as = enter(policy_find("clock"));
	struct frame *victim = NULL;

	EXPECT(policy_set_remove(frame[0]));
	EXPECT(policy_set_join(&set, frame[0], &victim) && !victim);
	policy_set_restore(frame[0]);
	EXPECT_EQ(set.pages, PAGES);
	leave(as);
}

static const struct selftest_case cases[] = {
	{"every_member_goes", test_every_member_goes},
	{"hot_page_stays", test_hot_page_stays},
	{"members_die", test_members_die},
	{"member_once", test_member_once},
	{NULL, NULL},
};

const struct selftest_suite selftest_policy = {"policy", cases};
