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
