/* test_sched.c: threads, sleeping and waking, locks, timers, the lock order. */

#include "arch/x86/clock.h"
#include "kernel/abi/errno.h"
#include "kernel/proc.h"
#include "kernel/sync/mutex.h"
#include "kernel/sync/rwlock.h"
#include "kernel/sync/timer.h"
#include "tests/kernel/selftest.h"

#define WORKERS 4
#define ROUNDS 2000
#define MS 1000000ull

static uint32_t finished, shared, inside, worst_inside;
static struct mutex mutex = MUTEX_INIT(mutex, RANK_PROC);
static struct rwlock rwlock;
static struct waitq queue = WAITQ_INIT(queue);

static void start(uint32_t n, void (*fn)(void *))
{
	atomic_store(&finished, 0);
	for (uint32_t i = 0; i < n; i++)
		EXPECT(kthread_create("worker", fn, (void *)i) != NULL);
}

/* Wait until n workers have said that they are done. */
static void join(uint32_t n)
{
	for (uint32_t i = 0; i < 1000 && atomic_load(&finished) < n; i++)
		selftest_sleep_ms(10);
	EXPECT_EQ(atomic_load(&finished), n);
}

static void finish(void)
{
	atomic_inc(&finished);
}

static void yielder(void *arg)
{
	(void)arg;
	for (uint32_t i = 0; i < ROUNDS; i++) {
		atomic_inc(&shared);
		thread_yield();
	}
	finish();
}

/* Thousands of switches: each thread goes on where it was. */
static void test_yield(void)
{
	uint64_t before = sched_switches();

	shared = 0;
	start(WORKERS, yielder);
	join(WORKERS);
	EXPECT_EQ(shared, WORKERS * ROUNDS);
	EXPECT(sched_switches() - before > WORKERS * ROUNDS / 2);
}

static void mutex_worker(void *arg)
{
	(void)arg;
	for (uint32_t i = 0; i < ROUNDS / 4; i++) {
		uint32_t seen;

		mutex_lock(&mutex);
		seen = shared;
		if (i % 8 == 0)
			thread_yield(); /* Others run now, and must wait. */
		shared = seen + 1;
		mutex_unlock(&mutex);
	}
	finish();
}

/* A read-modify-write under a mutex loses nothing though its holder is preempted. */
static void test_mutex(void)
{
	shared = 0;
	start(WORKERS, mutex_worker);
	join(WORKERS);
	EXPECT_EQ(shared, WORKERS * (ROUNDS / 4));
	EXPECT(mutex_trylock(&mutex));
	EXPECT(!mutex_trylock(&mutex) && mutex_is_held(&mutex));
	mutex_unlock(&mutex);
}

static void rw_worker(void *arg)
{
	bool writer = (uint32_t)arg == 0;

	for (uint32_t i = 0; i < ROUNDS / 8; i++) {
		if (writer) {
			rwlock_write_lock(&rwlock);
			worst_inside = MAX(worst_inside, atomic_load(&inside));
			thread_yield();
			worst_inside = MAX(worst_inside, atomic_load(&inside));
			shared++;
			rwlock_write_unlock(&rwlock);
		} else {
			rwlock_read_lock(&rwlock);
			atomic_inc(&inside);
			thread_yield();
			atomic_dec(&inside);
			rwlock_read_unlock(&rwlock);
		}
	}
	finish();
}

/* A writer is alone; a stream of readers does not starve it. */
static void test_rwlock(void)
{
	rwlock_init(&rwlock, "test", RANK_PROC);
	shared = inside = worst_inside = 0;
	start(WORKERS, rw_worker);
	join(WORKERS);
	EXPECT_EQ(shared, ROUNDS / 8);
	EXPECT_EQ(worst_inside, 0);
	EXPECT(!rwlock_is_held(&rwlock));
}

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

static void waiter(void *arg)
{
	uint32_t mine = (uint32_t)arg;

	for (uint32_t turn = mine; turn < ROUNDS; turn += WORKERS) {
		waitq_wait_event(&queue, atomic_load(&shared) == turn, 0);
		atomic_inc(&shared);
		waitq_wake_all(&queue);
	}
	finish();
}

/* Threads take strict turns by waking each other: one lost wake-up would stop them all. */
static void test_no_lost_wakeup(void)
{
	shared = 0;
	start(WORKERS, waiter);
	join(WORKERS);
	EXPECT_EQ(shared, ROUNDS);
}

static struct thread *sleeper;
static int sleeper_result;

static void interruptible_sleeper(void *arg)
{
	(void)arg;
	sleeper = thread_current();
	sleeper_result = waitq_wait_event_interruptible(&queue, false, 0);
	finish();
}

/* A signal ends an interruptible sleep. */
static void test_interrupt(void)
{
	sleeper = NULL;
	sleeper_result = 0;
	start(1, interruptible_sleeper);
	selftest_sleep_ms(30);
	EXPECT(sleeper != NULL && atomic_load(&finished) == 0);
	if (sleeper)
		thread_interrupt(sleeper, false);
	join(1);
	EXPECT_EQ(sleeper_result, -EINTR);
}

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

/* A thread that never gives the CPU away is preempted. */
static void spinner(void *arg)
{
	(void)arg;
	while (!atomic_load(&shared))
		cpu_relax();
	finish();
}

static void test_preemption(void)
{
	shared = 0;
	start(2, spinner);
	selftest_sleep_ms(50); /* Comes back only if the spinners are interrupted. */
	EXPECT_EQ(atomic_load(&finished), 0);
	atomic_store(&shared, 1);
	join(2);
}

/* The order of locks is watched: what stands above a held lock would panic. */
static void test_lock_order(void)
{
	struct spinlock leaf = SPINLOCK_INIT("leaf", RANK_LEAF);

	if (!QUIRE_DEBUG) {
		selftest_skip("lock ranks are checked in the debug preset");
		return;
	}
	EXPECT(!lock_rank_would_invert(RANK_BACKING));
	spin_lock(&leaf);
	EXPECT(spin_is_held(&leaf));
	EXPECT(lock_rank_would_invert(RANK_BACKING) && lock_rank_would_invert(RANK_LEAF));
	EXPECT(!lock_rank_would_invert(RANK_WAITQ));
	spin_unlock(&leaf);
	EXPECT(!spin_is_held(&leaf));
}

static const struct selftest_case cases[] = {
	{"yield", test_yield},
	{"mutex", test_mutex},
	{"rwlock", test_rwlock},
	{"deadline", test_deadline},
	{"no_lost_wakeup", test_no_lost_wakeup},
	{"interrupt", test_interrupt},
	{"timers", test_timers},
	{"preemption", test_preemption},
	{"lock_order", test_lock_order},
	{NULL, NULL},
};

const struct selftest_suite selftest_sched = {"sched", cases};
