/*
 * test_replay.c: what holds for all policies on all traces, and what the simulator promises.
 */

#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "tests/host/check.h"
#include "tools/replay/opt.h"

#define PAGES 60
#define RECORDS 2000
#define TRACES 60

static struct trace_record records[RECORDS];
static struct trace trace = {.records = records, .count = RECORDS, .pages = RECORDS};

static struct counts run(const char *policy, uint32_t frames)
{
	struct sim *sim = sim_create(policy, frames, trace.pages);
	struct counts counts;

	CHECK(sim);
	for (size_t i = 0; i < trace.count; i++)
		sim_step(sim, trace.records[i]);
	counts = sim_counts(sim);
	sim_destroy(sim);
	return counts;
}

static struct counts run_opt(uint32_t frames)
{
	struct opt *opt = opt_create(&trace);
	struct counts counts;

	CHECK(opt);
	counts = opt_run(opt, frames, NULL);
	opt_destroy(opt);
	return counts;
}

/* FIFO's anomaly, and the numbers that the literature gives. */
static void test_belady(void)
{
	static const uint32_t pages[] = {1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5};

	trace.count = ARRAY_SIZE(pages);
	for (uint32_t i = 0; i < ARRAY_SIZE(pages); i++)
		records[i] = (struct trace_record){TRACE_READ, pages[i]};
	CHECK(run("fifo", 3).faults == 9 && run("fifo", 4).faults == 10);
	CHECK(run("lru", 3).faults == 10 && run("lru", 4).faults == 8);
	CHECK(run_opt(3).faults == 7 && run_opt(4).faults == 6);
	trace.count = RECORDS;
}

/* ---- traces ---- */

static uint32_t page_random(uint32_t i)
{
	(void)i;
	return random_below(PAGES);
}

/* Small numbers often, large ones seldom. */
static uint32_t page_skewed(uint32_t i)
{
	(void)i;
	return random_below(random_below(random_below(PAGES) + 1) + 1);
}

static uint32_t page_loop(uint32_t i)
{
	return i % (PAGES / 2);
}

static uint32_t page_phases(uint32_t i)
{
	return i / (RECORDS / 4) * 10 + random_below(20);
}

static uint32_t page_scan_and_hot(uint32_t i)
{
	return i % 3 ? random_below(8) : 10 + i / 3 % 50;
}

static uint32_t (*const patterns[])(uint32_t i) = {page_random, page_skewed, page_loop, page_phases,
						   page_scan_and_hot};

/* Fill the trace; a page that was freed returns under another number. */
static void make_trace(uint32_t (*pattern)(uint32_t i))
{
	uint32_t number[100] = {0}, next = 1;

	for (uint32_t i = 0; i < RECORDS; i++) {
		uint32_t page = pattern(i), dice = random_below(100);
		enum trace_kind kind = dice < 30 ? TRACE_WRITE : TRACE_READ;

		if (i % 64 == 63)
			kind = TRACE_TICK;
		else if (dice == 99 && number[page])
			kind = TRACE_FREE;
		else if (number[page] == 0)
			number[page] = next++;
		records[i] = (struct trace_record){kind, kind == TRACE_TICK ? 0 : number[page]};
		if (kind == TRACE_FREE)
			number[page] = 0;
	}
}

static void for_each_trace(void (*check)(uint32_t frames))
{
	for (uint32_t i = 0; i < TRACES; i++) {
		make_trace(patterns[i % ARRAY_SIZE(patterns)]);
		check(1 + random_below(PAGES + 5));
	}
}

static void check_opt(uint32_t frames)
{
	uint64_t least = run_opt(frames).faults;

	for (uint32_t i = 0; sim_policy_name(i); i++) {
		struct counts c = run(sim_policy_name(i), frames);

		if (c.faults < least)
			panic("%s: %u frames, %lu faults, opt %lu", sim_policy_name(i), frames,
			      (unsigned long)c.faults, (unsigned long)least);
		CHECK(c.evictions <= c.faults && c.writes <= c.evictions);
	}
}

/* What a memory holds under LRU, one with a frame more holds as well. */
static void check_inclusion(uint32_t frames)
{
	struct sim *small = sim_create("lru", frames, trace.pages);
	struct sim *large = sim_create("lru", frames + 1, trace.pages);

	for (uint32_t i = 0; i < RECORDS; i++) {
		sim_step(small, records[i]);
		sim_step(large, records[i]);
		for (uint32_t page = 1; page <= trace.pages; page++)
			CHECK(!sim_resident(small, page) || sim_resident(large, page));
	}
	sim_destroy(small);
	sim_destroy(large);
}

/* No policy keeps more than it may, or fewer than it could. */
static void check_size(uint32_t frames)
{
	for (uint32_t p = 0; sim_policy_name(p); p++) {
		struct sim *sim = sim_create(sim_policy_name(p), frames, trace.pages);
		uint32_t resident = 0;

		for (uint32_t i = 0; i < RECORDS; i++) {
			uint32_t page = records[i].page;
			bool was = sim_resident(sim, page);
			uint64_t evictions = sim_counts(sim).evictions;

			sim_step(sim, records[i]);
			resident += sim_resident(sim, page) - was;
			resident -= sim_counts(sim).evictions - evictions;
			CHECK(resident <= frames);
			CHECK(sim_counts(sim).evictions == evictions || resident == frames);
		}
		sim_destroy(sim);
	}
}

/* ---- runs that were recorded ---- */

static uint32_t last_evicted, difference;

static void note_evicted(uint32_t page)
{
	last_evicted = page;
}

static void note_difference(uint32_t kernel, uint32_t replay)
{
	(void)replay;
	difference = kernel;
}

static void test_as_recorded(void)
{
	static const struct trace_record recorded[] = {
		{TRACE_READ, 1},    {TRACE_READ, 2}, {TRACE_READ, 3}, {TRACE_RESTORE, 1},
		{TRACE_EVICTED, 2}, {TRACE_READ, 4}, /* 3, not 1, which went to the end. */
	};
	struct sim *sim = sim_create("fifo", 2, 5);

	CHECK(sim);
	sim_on_evict(sim, note_evicted);
	sim_as_recorded(sim, note_difference);
	for (uint32_t i = 0; i < ARRAY_SIZE(recorded); i++)
		sim_step(sim, recorded[i]);
	CHECK(last_evicted == 2 && difference == 0);
	sim_step(sim, (struct trace_record){TRACE_EVICTED, 1});
	CHECK(last_evicted == 2 && difference == 1);
	sim_step(sim, (struct trace_record){TRACE_EVICTED, 3});
	CHECK(last_evicted == 3 && sim_counts(sim).evictions == 2);
	sim_destroy(sim);
}

int main(void)
{
	test_belady();
	for_each_trace(check_opt);
	for_each_trace(check_size);
	for (uint32_t i = 0; i < ARRAY_SIZE(patterns); i++) {
		make_trace(patterns[i]);
		check_inclusion(1 + random_below(PAGES));
	}
	test_as_recorded();
	return 0;
}
