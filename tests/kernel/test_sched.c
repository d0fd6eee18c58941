/* test_sched.c: threads: switching, preemption, sleeping and waking, timers, CPU time. */

#include "arch/x86/clock.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/proc.h"
#include "kernel/sync/poll.h"
#include "kernel/sync/timer.h"
#include "tests/kernel/selftest.h"
#include "tests/kernel/workers.h"

#define WORKERS 4
#define ROUNDS 2000
#define MS 1000000ull

static uint32_t shared, order[WORKERS];
static struct waitq queue = WAITQ_INIT(queue);

/* ---- switching ---- */

static uint32_t rounds[WORKERS], worst_lead;

static uint32_t lead_of(uint32_t number)
{
	uint32_t last = rounds[number];

	for (uint32_t i = 0; i < WORKERS; i++)
		last = MIN(last, atomic_load(&rounds[i]));
	return rounds[number] - last;
}

static void yielder(uint32_t number)
{
	waitq_wait_event(&queue, atomic_load(&shared), 0);
	for (uint32_t i = 0; i < ROUNDS; i++) {
		atomic_inc(&rounds[number]);
		worst_lead = MAX(worst_lead, lead_of(number));
		thread_yield();
	}
}

/* Thousands of switches: each thread goes on where it was, and those that yield take turns. */
static void test_yield(void)
{
	uint64_t before = sched_switches(), begin;

	shared = worst_lead = 0;
	memset(rounds, 0, sizeof(rounds));
	workers_start(WORKERS, yielder);
	selftest_sleep_ms(30);
	begin = clock_now();
	atomic_store(&shared, 1);
	waitq_wake_all(&queue);
	workers_join(WORKERS);
	for (uint32_t i = 0; i < WORKERS; i++)
		EXPECT_EQ(rounds[i], ROUNDS);
	EXPECT(sched_switches() - before > WORKERS * ROUNDS / 2);
	/* A thread that is preempted just before it yields loses a turn. */
	EXPECT(worst_lead <= 2 + (clock_now() - begin) / NSEC_PER_TICK);
}

static void die(uint32_t number)
{
	(void)number;
	if (number % 2)
		thread_yield();
}

/* Threads that end at once, many at a time: the suite's count of frames sees what they leave. */
static void test_exit(void)
{
	for (uint32_t i = 0; i < 10; i++) {
		workers_start(40, die);
		workers_join(40);
	}
}

/* ---- preemption ---- */

static void spinner(uint32_t number)
{
	(void)number;
	while (!atomic_load(&shared))
		cpu_relax();
}

/* A thread that never gives the CPU away is preempted. */
static void test_preemption(void)
{
	shared = 0;
	workers_start(2, spinner);
	selftest_sleep_ms(50); /* Comes back only if the spinners are interrupted. */
	EXPECT_EQ(workers_done(), 0);
	atomic_store(&shared, 1);
	workers_join(2);
}

static void counter(uint32_t number)
{
	(void)number;
	while (atomic_load(&shared) < UINT32_MAX / 2)
		atomic_inc(&shared);
}

static void spin_for(uint64_t ns)
{
	for (uint64_t begin = clock_now(); clock_now() - begin < ns;)
		cpu_relax();
}

/* Nobody else runs while preemption is off, however long; and somebody does as soon as it is on. */
static void test_preempt_disable(void)
{
	uint32_t before;

	shared = 0;
	workers_start(1, counter);
	selftest_sleep_ms(20);
	preempt_disable();
	before = atomic_load(&shared);
	while (!atomic_load(&this_cpu()->need_resched)) /* Until our slice is over. */
		cpu_relax();
	spin_for(5 * NSEC_PER_TICK);
	EXPECT_EQ(atomic_load(&shared), before);
	preempt_enable();
	EXPECT(atomic_load(&shared) > before);
	atomic_store(&shared, UINT32_MAX / 2);
	workers_join(1);
}

/* ---- sleeping and waking ---- */

/* A sleep ends at its deadline: not before, and not much later. */
static void test_deadline(void)
{
	uint64_t begin = clock_now();
	int err = waitq_wait_event(&queue, false, begin + 50 * MS);
	uint64_t slept = clock_now() - begin;

	EXPECT_EQ(err, -ETIMEDOUT);
	EXPECT(slept >= 50 * MS && slept < 2000 * MS);
	EXPECT(!waitq_active(&queue));
	EXPECT_EQ(waitq_wait_event(&queue, true, begin), 0);
	EXPECT_EQ(waitq_wait_event(&queue, false, begin), -ETIMEDOUT);
}

static void waiter(uint32_t number)
{
	for (uint32_t turn = number; turn < ROUNDS; turn += WORKERS) {
		waitq_wait_event(&queue, atomic_load(&shared) == turn, 0);
		atomic_inc(&shared);
		waitq_wake_all(&queue);
	}
}

/* Threads take strict turns by waking each other: one lost wake-up would stop them all. */
static void test_no_lost_wakeup(void)
{
	shared = 0;
	workers_start(WORKERS, waiter);
	workers_join(WORKERS);
	EXPECT_EQ(shared, ROUNDS);
}

#define RACES 60

static void racing_waker(uint32_t number)
{
	(void)number;
	for (uint32_t i = 0; i < RACES; i++) {
		waitq_wait_event(&queue, atomic_load(&shared) == 2 * i + 1, 0);
		spin_for(i * NSEC_PER_TICK / 20 % (2 * NSEC_PER_TICK));
		atomic_store(&shared, 2 * i + 2);
		waitq_wake_all(&queue);
	}
}

/* A wake-up and the deadline come together: the sleep ends once, and the truth is
 * told about which. */
static void test_wake_or_timeout(void)
{
	shared = 0;
	workers_start(1, racing_waker);
	for (uint32_t i = 0; i < RACES; i++) {
		uint64_t deadline = clock_now() + NSEC_PER_TICK;
		int err;

		atomic_store(&shared, 2 * i + 1);
		waitq_wake_all(&queue);
		err = waitq_wait_event(&queue, atomic_load(&shared) == 2 * i + 2, deadline);
		EXPECT(err == 0 || (err == -ETIMEDOUT && clock_now() >= deadline));
		EXPECT_EQ(waitq_wait_event(&queue, atomic_load(&shared) == 2 * i + 2, 0), 0);
	}
	workers_join(1);
	EXPECT(!waitq_active(&queue));
}

/* A wake-up between the declaration and the sleep ends the sleep before it begins. */
static void test_wake_before_sleep(void)
{
	thread_sleep_prepare(THREAD_SLEEPING);
	EXPECT(thread_wake(thread_current()));
	EXPECT(!thread_wake(thread_current()));
	EXPECT_EQ(thread_sleep(clock_now() + 10000 * MS), 0);
	thread_sleep_prepare(THREAD_SLEEPING);
	selftest_sleep_ms(1); /* Another sleep in between leaves it runnable. */
	EXPECT_EQ(thread_sleep(0), 0);
	thread_sleep_cancel();
}

static bool take_token(void)
{
	uint32_t n = atomic_load(&shared);

	return n > 0 && atomic_cmpxchg(&shared, &n, n - 1);
}

static uint32_t takers;

static void taker(uint32_t number)
{
	waitq_wait_event(&queue, take_token(), 0);
	order[number] = atomic_add_return(&takers, 1);
}

/* One wake-up serves one taker, the one that has waited longest. */
static void test_wake_one(void)
{
	shared = takers = 0;
	workers_start(WORKERS, taker);
	selftest_sleep_ms(30);
	for (uint32_t i = 1; i <= WORKERS; i++) {
		atomic_inc(&shared);
		waitq_wake_one(&queue);
		selftest_sleep_ms(20);
		EXPECT_EQ(takers, i);
		EXPECT_EQ(order[i - 1], i);
	}
	workers_join(WORKERS);
}

static void poller_or_taker(uint32_t number)
{
	struct waiter w;
	struct poll_table pt = {.waiters = &w, .max = 1};

	if (number > 0) {
		taker(number);
		return;
	}
	thread_sleep_prepare(THREAD_SLEEPING);
	poll_wait(&pt, &queue);
	poll_wait(&pt, &queue);
	EXPECT_EQ(pt.error, -ENOMEM);
	EXPECT_EQ(thread_sleep(0), 0);
	poll_finish(&pt);
}

/* Somebody who only polls does not use up the wake-up of one who takes. */
static void test_wake_one_past_poller(void)
{
	shared = takers = 0;
	workers_start(2, poller_or_taker);
	selftest_sleep_ms(30);
	atomic_inc(&shared);
	waitq_wake_one(&queue);
	workers_join(2);
	EXPECT(!waitq_active(&queue));
}

/* ---- signals and stops, as threads see them ---- */

static struct thread *sleeper;
static int sleeper_result;

static void interruptible_sleeper(uint32_t number)
{
	(void)number;
	sleeper = thread_current();
	sleeper_result = waitq_wait_event_interruptible(&queue, false, 0);
}

/* A signal ends an interruptible sleep. */
static void test_interrupt(void)
{
	sleeper = NULL;
	sleeper_result = 0;
	workers_start(1, interruptible_sleeper);
	selftest_sleep_ms(30);
	EXPECT(sleeper != NULL && workers_done() == 0);
	if (sleeper)
		thread_interrupt(sleeper, false);
	workers_join(1);
	EXPECT_EQ(sleeper_result, -EINTR);
}

static void stopper(uint32_t number)
{
	(void)number;
	sleeper = thread_current();
	for (uint32_t i = 0; i < 2; i++) {
		thread_sleep_prepare(THREAD_STOPPED);
		thread_sleep(0);
		atomic_inc(&shared);
	}
	sleeper_result = waitq_wait_event(&queue, atomic_load(&shared) == 3, 0);
}

/* A stopped thread goes on when it is continued or killed, not for other signals; and a signal that
 * is pending ends no sleep that is not interruptible. */
static void test_stop(void)
{
	shared = 0;
	workers_start(1, stopper);
	selftest_sleep_ms(30);
	thread_interrupt(sleeper, false);
	selftest_sleep_ms(20);
	EXPECT_EQ(shared, 0);
	EXPECT(thread_wake(sleeper));
	selftest_sleep_ms(20);
	EXPECT_EQ(shared, 1);
	thread_interrupt(sleeper, true);
	selftest_sleep_ms(20);
	EXPECT_EQ(shared, 2);
	thread_interrupt(sleeper, true);
	selftest_sleep_ms(20);
	EXPECT_EQ(workers_done(), 0);
	atomic_inc(&shared);
	waitq_wake_all(&queue);
	workers_join(1);
	EXPECT_EQ(sleeper_result, 0);
}

/* ---- time ---- */

#define TIMERS 32
static struct timer timers[TIMERS];
static uint32_t fired;
static bool in_order;
static uint64_t last_deadline;

static void timer_fired(struct timer *t)
{
	if (t->deadline < last_deadline)
		in_order = false;
	last_deadline = t->deadline;
	fired++;
}

/* Timers fire in the order of their deadlines; a cancelled one does not. */
static void test_timers(void)
{
	uint64_t now = clock_now();

	fired = 0;
	in_order = true;
	last_deadline = 0;
	for (uint32_t i = 0; i < TIMERS; i++) {
		timer_init(&timers[i], timer_fired);
		timer_start(&timers[i], now + (20 + i * 7 % TIMERS) * MS);
	}
	EXPECT(timer_cancel(&timers[3]) && !timer_cancel(&timers[3]));
	EXPECT(timer_cancel(&timers[0]));
	selftest_sleep_ms(200);
	EXPECT_EQ(fired, TIMERS - 2);
	EXPECT(in_order);
}

/* A thread is charged for what it runs, not for what it sleeps; that is the idle thread's. */
static void test_times(void)
{
	uint64_t idle = sched_idle_ns(), begin, after, slept, user;

	thread_times(thread_current(), &user, &begin);
	selftest_sleep_ms(200);
	thread_times(thread_current(), &user, &slept);
	EXPECT(slept - begin < 100 * MS);
	EXPECT(sched_idle_ns() - idle > 100 * MS);
	spin_for(100 * MS);
	thread_times(thread_current(), &user, &after);
	EXPECT(after - slept >= 90 * MS);
	EXPECT_EQ(user, 0);
}

static const struct selftest_case cases[] = {
	{"yield", test_yield},
	{"exit", test_exit},
	{"preemption", test_preemption},
	{"preempt_disable", test_preempt_disable},
	{"deadline", test_deadline},
	{"no_lost_wakeup", test_no_lost_wakeup},
	{"wake_or_timeout", test_wake_or_timeout},
	{"wake_before_sleep", test_wake_before_sleep},
	{"wake_one", test_wake_one},
	{"wake_one_past_poller", test_wake_one_past_poller},
	{"interrupt", test_interrupt},
	{"stop", test_stop},
	{"timers", test_timers},
	{"times", test_times},
	{NULL, NULL},
};

const struct selftest_suite selftest_sched = {"sched", cases};
