/*
 * selftest.h: tests that run inside the kernel: selftest=all or selftest=NAME,NAME on the command
 * line.
 *
 * A suite is a list of cases; a case is a function that says EXPECT. After each suite the number of
 * free frames must be what it was before. The report is KTAP version 1 in the kernel log.
 *
 * Other names (test_ends.c) make the kernel go wrong on purpose: so the harness is tested, and that the kernel
 * stops at what must not be.
 */
#pragma once

#include "kernel/lib/types.h"

struct selftest_case {
	const char *name; /* NULL ends the list. */
	void (*fn)(void);
};

struct selftest_suite {
	const char *name;
	const struct selftest_case *cases;
};

extern const struct selftest_case selftest_ends[];

/* Run the suites of this comma-separated list. Returns the number of failed cases. */
uint32_t selftest_run(const char *names);

/* Note that the running case failed here, and why. */
void selftest_failed(const char *file, int line, const char *fmt, ...) __printf(3, 4);

/* The running case cannot be tried on this machine. */
void selftest_skip(const char *why);

void selftest_sleep_ms(uint32_t ms);

#define EXPECT(cond)                                                                               \
	do {                                                                                       \
		if (!(cond))                                                                       \
			selftest_failed(__FILE__, __LINE__, "%s", #cond);                          \
	} while (0)

#define EXPECT_EQ(a, b)                                                                            \
	do {                                                                                       \
		int64_t a_ = (int64_t)(a), b_ = (int64_t)(b);                                      \
		if (a_ != b_)                                                                      \
			selftest_failed(__FILE__, __LINE__, "%s = %lld, not %lld = %s", #a, a_,    \
					b_, #b);                                                   \
	} while (0)
