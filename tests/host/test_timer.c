/* test_timer.c: the timer heap against sorting: random starts, restarts and cancels. */

#include "arch/x86/clock.h"
#include "kernel/sync/timer.h"
#include "tests/host/check.h"

#define TIMERS 300

static struct timer timers[TIMERS];
static bool armed[TIMERS];
static uint64_t now, last;
static uint64_t wake = UINT64_MAX; /* When the clock was asked to call. */

void clock_wake_by(uint64_t deadline)
{
	wake = MIN(wake, deadline);
}

static void fired(struct timer *t)
{
	CHECK(armed[t - timers] && t->deadline <= now && t->deadline >= last);
	armed[t - timers] = false;
	last = t->deadline;
}

static void run_to(uint64_t until)
{
	now = until;
	last = 0;
	wake = timer_run(now);
	for (uint32_t i = 0; i < TIMERS; i++)
		CHECK(!armed[i] || timers[i].deadline > now);
}

static void check_wake(void)
{
	for (uint32_t i = 0; i < TIMERS; i++)
		CHECK(!armed[i] || timers[i].deadline >= wake);
}

int main(void)
{
	for (uint32_t i = 0; i < TIMERS; i++)
		timer_init(&timers[i], fired);
	for (uint32_t step = 0; step < 100000; step++) {
		uint32_t i = random_below(TIMERS);

		switch (random_below(4)) {
		case 0:
		case 1:
			timer_start(&timers[i], now + 1 + random_below(1000));
			armed[i] = true;
			break;
		case 2:
			CHECK(timer_cancel(&timers[i]) == armed[i]);
			armed[i] = false;
			break;
		case 3:
			run_to(now + random_below(30));
			break;
		}
		check_wake();
	}
	return 0;
}
