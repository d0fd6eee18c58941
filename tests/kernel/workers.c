/* workers.c: see workers.h. */

#include "tests/kernel/workers.h"

#include "kernel/lib/atomic.h"
#include "kernel/proc.h"
#include "tests/kernel/selftest.h"

#define JOIN_MS 10
#define JOIN_TRIES 2000

static uint32_t done;
static void (*worker_fn)(uint32_t number);

static void worker(void *arg)
{
	worker_fn((uint32_t)arg);
	atomic_inc(&done);
}

void workers_start(uint32_t count, void (*fn)(uint32_t number))
{
	atomic_store(&done, 0);
	worker_fn = fn;
	for (uint32_t i = 0; i < count; i++)
		EXPECT(kthread_create("worker", worker, (void *)i) != NULL);
}

void workers_join(uint32_t count)
{
	for (uint32_t i = 0; i < JOIN_TRIES && workers_done() < count; i++)
		selftest_sleep_ms(JOIN_MS);
	EXPECT_EQ(workers_done(), count);
}

uint32_t workers_done(void)
{
	return atomic_load(&done);
}
