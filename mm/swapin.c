/* swapin.c: see swapin.h. */

#include "mm/swapin.h"

#include "arch/x86/clock.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/log.h"
#include "kernel/sync/waitq.h"
#include "mm/aspace.h"
#include "mm/kstack.h"
#include "mm/swap.h"
#include "mm/vmstat.h"

#define REQUESTS 256u
#define STACK_RETRY NSEC_PER_SEC

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

/* Where there is no memory for its stack t stays on its list; when the disk has lost it t never runs again. */
static void bring_stack(struct thread *t)
{
	int err = kstack_page_in(t);

	if (err == -ENOMEM)
		return;
	list_remove(&t->run_link);
	if (!err)
		thread_stack_set(t, STACK_HERE);
	else
		log("swapin: %s, task %d, never runs again: its kernel stack cannot be read\n",
		    t->name, t->id);
}

/* Bring all the stacks that threads on the list await. When to try again those that had no room; 0: all had. Among
 * them may be who is to die to give memory back. */
static uint64_t bring_stacks(struct list *awaited)
{
	struct thread *t, *next;

	thread_current()->frees_memory = true;
	list_for_each_entry_safe(t, next, awaited, run_link)
		bring_stack(t);
	thread_current()->frees_memory = false;
	return list_empty(awaited) ? 0 : clock_now() + STACK_RETRY;
}

static void swapin(void *arg)
{
	struct list awaited = LIST_INIT(awaited);
	struct swap_window w = {.size = 1};
	uint64_t retry = 0;
	uint32_t swp;

	(void)arg;
	for (;;) {
		waitq_wait_event(&work, next(&swp) || thread_stack_awaited(&awaited), retry);
		vm_count(VM_SWAPINRUN);
		while (next(&swp))
			serve(swp, &w);
		retry = bring_stacks(&awaited);
	}
}

int swapin_init(struct thread *(*spawn)(const char *name, void (*fn)(void *), void *arg))
{
	return spawn("swapin", swapin, NULL) ? 0 : -ENOMEM;
}
