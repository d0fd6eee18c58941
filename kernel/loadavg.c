/*
 * loadavg.c: load averages: every LOAD_PERIOD the number of runnable threads is mixed into three
 * averages that forget exponentially, over 1, 5 and 15 minutes.
 */

#include "kernel/loadavg.h"

#include "arch/x86/clock.h"
#include "kernel/lib/atomic.h"
#include "kernel/sync/thread.h"
#include "kernel/sync/timer.h"

#define LOAD_PERIOD (5 * NSEC_PER_SEC)
#define LOAD_ONE (1u << LOAD_SHIFT)

/* What remains of an average after one period: exp(-5 s / 1, 5, 15 min) in fixed point. */
static const uint32_t remains[3] = {1884, 2014, 2037};

static uint32_t averages[3];
static struct timer load_timer;

static void sample(struct timer *t)
{
	uint32_t now = sched_runnable() << LOAD_SHIFT;

	for (uint32_t i = 0; i < 3; i++) {
		uint64_t sum = (uint64_t)averages[i] * remains[i] +
			       (uint64_t)now * (LOAD_ONE - remains[i]);

		/* Round up while it rises, so that it can reach what it tends to. */
		if (now >= averages[i])
			sum += LOAD_ONE - 1;
		atomic_store(&averages[i], (uint32_t)(sum >> LOAD_SHIFT));
	}
	timer_start(t, clock_now() + LOAD_PERIOD);
}

void loadavg_init(void)
{
	timer_init(&load_timer, sample);
	timer_start(&load_timer, clock_now() + LOAD_PERIOD);
}

void loadavg_get(uint32_t loads[3])
{
	for (uint32_t i = 0; i < 3; i++)
		loads[i] = atomic_load(&averages[i]);
}
