/*
 * atomic.h: the few atomic operations the kernel uses, on plain 32-bit words.
 *
 * All are sequentially consistent unless the name says otherwise. atomic_load and atomic_store are
 * single accesses that the compiler may not tear, repeat or drop; on x86 they cost a plain mov.
 */
#pragma once

#include "kernel/lib/types.h"

#define atomic_load(p) __atomic_load_n(p, __ATOMIC_ACQUIRE)
#define atomic_store(p, v) __atomic_store_n(p, v, __ATOMIC_RELEASE)
#define atomic_xchg(p, v) __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST)
#define atomic_add(p, v) ((void)__atomic_fetch_add(p, v, __ATOMIC_SEQ_CST))
#define atomic_sub(p, v) ((void)__atomic_fetch_sub(p, v, __ATOMIC_SEQ_CST))
#define atomic_or(p, v) ((void)__atomic_fetch_or(p, v, __ATOMIC_SEQ_CST))
#define atomic_and(p, v) ((void)__atomic_fetch_and(p, v, __ATOMIC_SEQ_CST))
#define atomic_inc(p) atomic_add(p, 1)
#define atomic_dec(p) atomic_sub(p, 1)

/* Value after the operation. */
#define atomic_add_return(p, v) __atomic_add_fetch(p, v, __ATOMIC_SEQ_CST)
#define atomic_sub_return(p, v) __atomic_sub_fetch(p, v, __ATOMIC_SEQ_CST)
#define atomic_dec_return(p) __atomic_sub_fetch(p, 1, __ATOMIC_SEQ_CST)

/* If *p == *expected, *p = v and true; else *expected = *p and false. */
#define atomic_cmpxchg(p, expected, v)                                                             \
	__atomic_compare_exchange_n(p, expected, v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)

/* Add one unless *p is zero: for lookups of objects that may be on their way out. */
static inline bool atomic_inc_not_zero(uint32_t *p)
{
	uint32_t seen = atomic_load(p);

	while (seen != 0)
		if (atomic_cmpxchg(p, &seen, seen + 1))
			return true;
	return false;
}
