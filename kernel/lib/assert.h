/*
 * assert.h: what to do when the impossible happens.
 *
 * panic() is for states that mean the kernel itself is wrong: it prints the message with the values
 * that matter, registers and a symbolised backtrace, and stops the machine. Bad input is never a
 * panic; it is an errno.
 *
 * ASSERT() checks in the debug preset only, BUG_ON() in both.
 */
#pragma once

#include "kernel/lib/types.h"

void panic(const char *fmt, ...) __noreturn __printf(1, 2);

/* True once panic() was called: locks are not waited for, and their order is nobody's concern. */
bool panic_started(void);

/* What lib cannot know: given by arch (describe: registers, backtrace) and by main (stop: end the
 * machine). Each call fills in the members that are not NULL. */
struct panic_ops {
	void (*describe)(void);
	void (*stop)(void);
};
void panic_set_ops(const struct panic_ops *ops);

#define BUG_ON(cond)                                                                               \
	do {                                                                                       \
		if (unlikely(cond))                                                                \
			panic("%s:%d: %s: BUG_ON(%s)", __FILE__, __LINE__, __func__, #cond);       \
	} while (0)

#if QUIRE_DEBUG
#define ASSERT(cond)                                                                               \
	do {                                                                                       \
		if (unlikely(!(cond)))                                                             \
			panic("%s:%d: %s: ASSERT(%s)", __FILE__, __LINE__, __func__, #cond);       \
	} while (0)
#else
#define ASSERT(cond) ((void)sizeof(cond))
#endif
