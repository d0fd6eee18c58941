/* selftest.c: choose suites, run them, report. */

#include "tests/kernel/selftest.h"

#include <stdarg.h>

#include "arch/x86/clock.h"
#include "arch/x86/cpu.h"
#include "drivers/debugexit.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"
#include "kernel/sync/thread.h"
#include "mm/kmalloc.h"
#include "mm/pmm.h"

extern const struct selftest_suite selftest_pmm, selftest_vmm, selftest_vma, selftest_cow,
	selftest_rmap, selftest_cache, selftest_swap, selftest_usercopy, selftest_sched,
	selftest_lock, selftest_policy, selftest_block, selftest_ide, selftest_writeback,
	selftest_zpool, selftest_reclaim, selftest_balance;

static const struct selftest_suite *const suites[] = {
	&selftest_pmm,	   &selftest_vmm,	&selftest_vma,	  &selftest_cow,
	&selftest_rmap,	   &selftest_cache,	&selftest_swap,	  &selftest_usercopy,
	&selftest_sched,   &selftest_lock,	&selftest_policy, &selftest_block,
	&selftest_ide,	   &selftest_writeback, &selftest_zpool,  &selftest_reclaim,
	&selftest_balance,
};

#define SETTLE_MS 20
#define SETTLE_TRIES 50

static uint32_t case_failures; /* Of the running case. */
static const char *skip_reason;

void selftest_failed(const char *file, int line, const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	log("    # %s:%d: expected %s\n", file, line, what);
	case_failures++;
}

void selftest_skip(const char *why)
{
	skip_reason = why;
}

void selftest_sleep_ms(uint32_t ms)
{
	thread_sleep_prepare(THREAD_SLEEPING);
	thread_sleep(clock_now() + ms * 1000000ull);
	thread_sleep_cancel();
}

/* ---- running ---- */

static bool case_run(const struct selftest_case *c, uint32_t number)
{
	case_failures = 0;
	skip_reason = NULL;
	c->fn();
	log("    %s %u %s%s%s\n", case_failures ? "not ok" : "ok", number, c->name,
	    skip_reason ? " # SKIP " : "", skip_reason ? skip_reason : "");
	return case_failures == 0;
}

static uint32_t free_frames(void)
{
	kmalloc_shrink();
	return frame_free_count();
}

/* Free frames once they no longer change. */
static uint32_t settled_free(void)
{
	uint32_t last = free_frames(), now;

	for (uint32_t i = 0; i < SETTLE_TRIES; i++, last = now) {
		selftest_sleep_ms(SETTLE_MS);
		now = free_frames();
		if (now == last)
			break;
	}
	return last;
}

/* Free frames once there are as many as expected, or for good not: stacks of ended threads are
 * freed by their reaper a moment later. There may be more: pageout drops what was cached before. */
static uint32_t awaited_free(uint32_t expected)
{
	for (uint32_t i = 0; i < SETTLE_TRIES && free_frames() < expected; i++)
		selftest_sleep_ms(SETTLE_MS);
	return free_frames();
}

static uint32_t suite_run(const struct selftest_suite *s, uint32_t number)
{
	uint32_t count = 0, failed = 0, before, after;

	while (s->cases[count].name)
		count++;
	log("    KTAP version 1\n    # Subtest: %s\n    1..%u\n", s->name, count + 1);
	before = settled_free();
	for (uint32_t i = 0; i < count; i++)
		failed += !case_run(&s->cases[i], i + 1);
	after = awaited_free(before);
	log("    %s %u frames_before_and_after # %u and %u\n", after >= before ? "ok" : "not ok",
	    count + 1, before, after);
	failed += after < before;
	log("%s %u %s\n", failed ? "not ok" : "ok", number, s->name);
	return failed;
}

/* Does the comma-separated list hold name, or is it "all"? */
static bool wanted(const char *list, const char *name)
{
	size_t len = strlen(name);

	if (strcmp(list, "all") == 0)
		return true;
	for (const char *p = list; p; p = strchr(p, ',')) {
		p += *p == ',';
		if (strncmp(p, name, len) == 0 && (p[len] == ',' || !p[len]))
			return true;
	}
	return false;
}

uint32_t selftest_run(const char *names)
{
	uint32_t chosen = 0, failed = 0, number = 0;

	for (const struct selftest_case *c = selftest_ends; c->name; c++)
		if (strcmp(names, c->name) == 0)
			return !case_run(c, 1);
	for (uint32_t i = 0; i < ARRAY_SIZE(suites); i++)
		chosen += wanted(names, suites[i]->name);
	log("KTAP version 1\n1..%u\n", chosen);
	for (uint32_t i = 0; i < ARRAY_SIZE(suites); i++)
		if (wanted(names, suites[i]->name))
			failed += suite_run(suites[i], ++number);
	if (chosen == 0)
		log("Bail out! no suite is called \"%s\"\n", names);
	return failed + (chosen == 0);
}
