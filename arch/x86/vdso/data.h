/*
 * data.h: the page of the kernel's that every program can read: what it takes to tell the time.
 *
 * changes is odd while the rest is being written; who saw that, or another number afterwards, reads
 * again. clock never changes once programs run.
 */
#pragma once

#include "arch/x86/clock_scale.h"

struct vdso_data {
	uint32_t changes;
	uint32_t tick_ns; /* Resolution of the coarse clocks; a divisor of a second. */
	struct clock_scale clock;
	uint64_t wall_offset; /* What the wall clock shows at boot, in nanoseconds since 1970. */
};
