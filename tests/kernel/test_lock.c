/*
 * test_lock.c: sleeping locks keep others out and starve nobody; the order of all locks is watched.
 *
 * rows: E35
 */

#include "arch/x86/clock.h"
#include "kernel/abi/errno.h"
#include "kernel/sync/mutex.h"
#include "kernel/sync/rwlock.h"
#include "tests/kernel/selftest.h"
#include "tests/kernel/workers.h"

#define WORKERS 4
#define ROUNDS 500

static uint32_t shared, inside, worst_inside;
static struct mutex mutex = MUTEX_INIT(mutex, RANK_PROC);
static struct rwlock rwlock;

/* ---- mutexes ---- */

static void mutex_worker(uint32_t number)
{
	(void)number;
	for (uint32_t i = 0; i < ROUNDS; i++) {
		uint32_t seen;

		mutex_lock(&mutex);
		seen = shared;
		if (i % 8 == 0)
			thread_yield(); /* Others run now, and must wait. */
		shared = seen + 1;
		mutex_unlock(&mutex);
	}
}

/* A read-modify-write under a mutex loses nothing though its holder is preempted. */
static void test_mutex(void)
{
	shared = 0;
	workers_start(WORKERS, mutex_worker);
	workers_join(WORKERS);
	EXPECT_EQ(shared, WORKERS * ROUNDS);
	EXPECT(mutex_trylock(&mutex));
	EXPECT(!mutex_trylock(&mutex) && mutex_is_held(&mutex));
	mutex_unlock(&mutex);
	EXPECT(!mutex_is_held(&mutex) && !waitq_active(&mutex.waiters));
}

static void greedy_or_modest(uint32_t number)
{
	if (number > 0) {
		for (uint32_t i = 0; i < 10; i++) {
			mutex_lock(&mutex);
			mutex_unlock(&mutex);
		}
		atomic_store(&shared, 1);
		return;
	}
	while (!atomic_load(&shared)) {
		mutex_lock(&mutex);
		for (uint32_t i = 0; i < 100000; i++)
			cpu_relax();
		mutex_unlock(&mutex);
	}
}

/* A thread that always holds the mutex but for an instant does not starve one that waits for it. */
static void test_mutex_no_starvation(void)
{
	uint64_t begin = clock_now();

	shared = 0;
	workers_start(2, greedy_or_modest);
	workers_join(2);
	EXPECT(clock_now() - begin < 5 * NSEC_PER_SEC);
}

static struct thread *waiter;
static int waiter_result;

static void interrupted_waiter(uint32_t number)
{
	(void)number;
	waiter = thread_current();
	waiter_result = mutex_lock_interruptible(&mutex);
	if (!waiter_result)
		mutex_unlock(&mutex);
}

/* A signal ends the wait for a mutex, and the mutex does not remember who gave up. */
static void test_mutex_interrupt(void)
{
	waiter = NULL;
	mutex_lock(&mutex);
	workers_start(1, interrupted_waiter);
	selftest_sleep_ms(30);
	EXPECT(waiter != NULL && workers_done() == 0);
	if (waiter)
		thread_interrupt(waiter, false);
	workers_join(1);
	EXPECT_EQ(waiter_result, -EINTR);
	mutex_unlock(&mutex);
	EXPECT(!waitq_active(&mutex.waiters));
	workers_start(1, interrupted_waiter);
	workers_join(1);
	EXPECT_EQ(waiter_result, 0);
}

/* ---- read-write locks ---- */

static void rw_worker(uint32_t number)
{
	for (uint32_t i = 0; i < ROUNDS / 2; i++) {
		if (number == 0) {
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
}

/* A writer is alone; a stream of readers does not starve it. */
static void test_rwlock(void)
{
	rwlock_init(&rwlock, "test", RANK_PROC);
	shared = inside = worst_inside = 0;
	workers_start(WORKERS, rw_worker);
	workers_join(WORKERS);
	EXPECT_EQ(shared, ROUNDS / 2);
	EXPECT_EQ(worst_inside, 0);
	EXPECT(!rwlock_is_held(&rwlock));
}

static uint32_t writer_came, reader_came;

static void writer_then_reader(uint32_t number)
{
	if (number == 0) {
		rwlock_write_lock(&rwlock);
		EXPECT(rwlock_is_write_held(&rwlock));
		writer_came = ++shared;
		rwlock_write_unlock(&rwlock);
	} else {
		rwlock_read_lock(&rwlock);
		reader_came = ++shared;
		rwlock_read_unlock(&rwlock);
	}
}

/* A waiting writer goes before readers that come later; readers that are inside stay together. */
static void test_rwlock_writer_first(void)
{
	rwlock_init(&rwlock, "test", RANK_PROC);
	shared = 0;
	rwlock_read_lock(&rwlock);
	EXPECT(rwlock_read_trylock(&rwlock) && !rwlock_write_trylock(&rwlock));
	rwlock_read_unlock(&rwlock);
	workers_start(2, writer_then_reader);
	selftest_sleep_ms(30);
	EXPECT(workers_done() == 0 && !rwlock_read_trylock(&rwlock));
	rwlock_read_unlock(&rwlock);
	workers_join(2);
	EXPECT(writer_came == 1 && reader_came == 2);
	EXPECT(rwlock_write_trylock(&rwlock));
	EXPECT(!rwlock_read_trylock(&rwlock) && rwlock_is_write_held(&rwlock));
	rwlock_write_unlock(&rwlock);
}

/* ---- the order of locks ---- */

static bool ranks_are_checked(void)
{
	if (!QUIRE_DEBUG)
		selftest_skip("lock ranks are checked in the debug preset");
	return QUIRE_DEBUG;
}

/* What stands above a held lock, or beside it, would panic. */
static void test_order(void)
{
	struct spinlock leaf = SPINLOCK_INIT("leaf", RANK_LEAF);

	if (!ranks_are_checked())
		return;
	EXPECT(!lock_rank_would_invert(RANK_BACKING));
	spin_lock(&leaf);
	EXPECT(spin_is_held(&leaf));
	EXPECT(lock_rank_would_invert(RANK_BACKING) && lock_rank_would_invert(RANK_LEAF));
	EXPECT(!lock_rank_would_invert(RANK_WAITQ));
	spin_unlock(&leaf);
	EXPECT(!spin_is_held(&leaf));
}

/* Trying and nesting are allowed where waiting is not; what is held is known whatever the order it
 * is let go in. */
static void test_order_exceptions(void)
{
	struct spinlock first = SPINLOCK_INIT("first", RANK_POLICY);
	struct spinlock second = SPINLOCK_INIT("second", RANK_POLICY);
	struct spinlock above = SPINLOCK_INIT("above", RANK_BACKING);

	if (!ranks_are_checked())
		return;
	spin_lock(&first);
	spin_lock_nested(&second);
	EXPECT(spin_trylock(&above));
	EXPECT(!spin_trylock(&above));
	spin_unlock(&first);
	EXPECT(!spin_is_held(&first) && spin_is_held(&second) && spin_is_held(&above));
	EXPECT(lock_rank_would_invert(RANK_POLICY));
	spin_unlock(&second);
	EXPECT(lock_rank_would_invert(RANK_BACKING) && !lock_rank_would_invert(RANK_TABLE));
	spin_unlock(&above);
	EXPECT(!lock_rank_would_invert(RANK_PROC));
}

static void holder(uint32_t number)
{
	(void)number;
	mutex_lock(&mutex);
	selftest_sleep_ms(30);
	mutex_unlock(&mutex);
}

/* What one thread holds is not what another holds. */
static void test_order_is_per_thread(void)
{
	if (!ranks_are_checked())
		return;
	workers_start(1, holder);
	selftest_sleep_ms(10);
	EXPECT(!lock_rank_would_invert(RANK_PROC));
	mutex_lock(&mutex);
	EXPECT(lock_rank_would_invert(RANK_PROC));
	mutex_unlock(&mutex);
	workers_join(1);
}

static const struct selftest_case cases[] = {
	{"mutex", test_mutex},
	{"mutex_no_starvation", test_mutex_no_starvation},
	{"mutex_interrupt", test_mutex_interrupt},
	{"rwlock", test_rwlock},
	{"rwlock_writer_first", test_rwlock_writer_first},
	{"order", test_order},
	{"order_exceptions", test_order_exceptions},
	{"order_is_per_thread", test_order_is_per_thread},
	{NULL, NULL},
};

const struct selftest_suite selftest_lock = {"lock", cases};
