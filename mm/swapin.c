/* swapin.c: see swapin.h. */

#include "mm/swapin.h"

#include "kernel/abi/errno.h"
#include "kernel/sync/waitq.h"
#include "mm/aspace.h"
#include "mm/swap.h"
#include "mm/vmstat.h"

#define REQUESTS 256u

uint32_t vm_swapin_process;

static struct spinlock swapin_lock = SPINLOCK_INIT("swapin", RANK_LEAF);
static struct waitq work = WAITQ_INIT(work), progress = WAITQ_INIT(progress);
static uint32_t queue[REQUESTS]; /* Number n is in queue[n % REQUESTS]. */
static uint32_t asked, served;	 /* How many so far; served is atomic. */

/* ---- asking ---- */

/* The number of the new request in *number. */
static int enqueue(uint32_t swp, uint32_t *number)
{
	int err = -EAGAIN;

	spin_lock(&swapin_lock);
	if (asked - served < REQUESTS) {
		queue[asked % REQUESTS] = swp;
		*number = asked++;
		err = 0;
	}
	spin_unlock(&swapin_lock);
	if (!err)
		waitq_wake_all(&work);
	return err;
}

int swapin_ask(uint32_t swp)
{
	uint32_t number;

	return enqueue(swp, &number);
}

static bool is_served(uint32_t number)
{
	return (int32_t)(atomic_load(&served) - number) > 0;
}

void swapin_fetch(uint32_t swp)
{
	uint32_t number;

	if (enqueue(swp, &number) == 0)
		waitq_wait_event(&progress, is_served(number), 0);
}

/* ---- the process ---- */

static bool next(uint32_t *swp)
{
	bool any;

	spin_lock(&swapin_lock);
	any = served != asked;
	if (any)
		*swp = queue[served % REQUESTS];
	spin_unlock(&swapin_lock);
	return any;
}

/* Nobody may remember the entry by now, or its slot be another's: then a page was read in vain at worst. */
static void serve(uint32_t swp, struct swap_window *w)
{
	struct frame *f = swap_peek(swp, w);

	if (f || swap_get(swp, w, &f) == 0)
		frame_put(f);
	atomic_inc(&served);
	waitq_wake_all(&progress);
}

static void swapin(void *arg)
{
	struct swap_window w = {.size = 1};
	uint32_t swp;

	(void)arg;
	for (;;) {
		waitq_wait_event(&work, next(&swp), 0);
		vm_count(VM_SWAPINRUN);
		do
			serve(swp, &w);
		while (next(&swp));
	}
}

int swapin_init(struct thread *(*spawn)(const char *name, void (*fn)(void *), void *arg))
{
	return spawn("swapin", swapin, NULL) ? 0 : -ENOMEM;
}
