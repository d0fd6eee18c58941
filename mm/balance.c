/* balance.c: see balance.h. */

#include "mm/balance.h"

#include "arch/x86/clock.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/cmdline.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"
#include "kernel/sync/thread.h"
#include "mm/backing.h"
#include "mm/pmm.h"
#include "mm/policy.h"
#include "mm/reclaim.h"
#include "mm/rmap.h"
#include "mm/vmstat.h"
#include "mm/working_set.h"

#define PERIOD NSEC_PER_SEC
#define TRIM_SHARE 8	     /* Of what a set has above its minimum, this part goes at a time. */
#define SETS_IN_A_PERIOD 256 /* More wait for the next. */

bool vm_windows;
uint32_t vm_working_set_min = 50; /* Windows' number. */

static uint32_t guaranteed; /* Atomic: frames. */

void balance_boot(void)
{
	char value[16];

	if (!cmdline_get("personality", value, sizeof(value)))
		return;
	vm_windows = strcmp(value, "windows") == 0;
	if (!vm_windows && strcmp(value, "linux") != 0)
		log("personality=%s is none of linux, windows\n", value);
}

/* ---- promises ---- */

/* What can be promised: all but what pageout starts at, which everybody lives from. */
static uint32_t promisable(void)
{
	return frame_total_count() - MIN(frame_total_count(), pmm_watermarks.high);
}

/* Promise frames. 0 or -ENOMEM. */
static int guarantee(uint32_t frames)
{
	uint32_t total = atomic_add_return(&guaranteed, frames);

	if (total >= frames && total <= promisable())
		return 0;
	balance_unguarantee(frames);
	return -ENOMEM;
}

void balance_unguarantee(uint32_t frames)
{
	atomic_sub(&guaranteed, frames);
}

int balance_create_set(struct working_set *from, struct working_set **out)
{
	uint32_t minimum = from ? from->minimum : vm_working_set_min;
	uint32_t limit = from ? from->set.capacity : frame_total_count();
	int err = guarantee(minimum);

	if (err) {
		log("cannot start a process because there is not enough memory: %u frames of %u are promised\n",
		    atomic_load(&guaranteed), promisable());
		return err;
	}
	err = working_set_create(limit, from ? from->set.policy : policy_find("clock"), false, out);
	if (err)
		balance_unguarantee(minimum);
	else
		(*out)->minimum = minimum;
	return err;
}

int balance_adopt_set(struct working_set *ws)
{
	uint32_t minimum = vm_windows ? MIN(vm_working_set_min, ws->set.capacity) : 0;
	int err = guarantee(minimum);

	if (!err)
		ws->minimum = minimum;
	return err;
}

/* ---- the balance-set manager ---- */

/* It acts while there are still twice the frames free that pageout would start at. */
static bool frames_are_scarce(void)
{
	return frame_free_count() < 2 * pmm_watermarks.high;
}

static void trim(struct working_set *ws)
{
	/* lab balance: take a part of what the set has above its minimum, and count what could be had. */
	uint32_t want = DIV_ROUND_UP(working_set_surplus(ws), TRIM_SHARE), n;

	for (uint32_t done = 0; done < want; done += n) {
		n = MIN(want - done, (uint32_t)BACKING_CLUSTER_MAX);
		vm_count_add(VM_BALANCE_TRIM, reclaim_from(&ws->set, n));
	}
	/* lab end: (void)ws; */
}

static void balance_main(void *arg)
{
	(void)arg;
	thread_current()->frees_memory = true;
	for (;;) {
		struct working_set *ws = NULL;

		thread_sleep_prepare(THREAD_SLEEPING);
		thread_sleep(clock_now() + PERIOD);
		thread_sleep_cancel();
		vm_count(VM_BALANCE_RUN);
		for (uint32_t i = 0; i < SETS_IN_A_PERIOD && frames_are_scarce(); i++) {
			ws = working_set_next();
			if (!ws)
				break;
			trim(ws);
			working_set_put(ws);
		}
	}
}

int balance_init(struct thread *(*spawn)(const char *name, void (*fn)(void *), void *arg))
{
	return !vm_windows || spawn("balance", balance_main, NULL) ? 0 : -ENOMEM;
}

uint32_t balance_empty_set(struct working_set *ws)
{
	uint32_t pages = atomic_load(&ws->set.pages), gone = 0;

	for (uint32_t done = 0; done < pages; done += BACKING_CLUSTER_MAX)
		gone += reclaim_from(&ws->set, BACKING_CLUSTER_MAX);
	return gone;
}

/* ---- states of frames ---- */

const char *const frame_state_names[FRAME_STATE_COUNT] = {
	[FRAME_STATE_FREE] = "free",
	[FRAME_STATE_ZEROED] = "zeroed",
	[FRAME_STATE_ACTIVE] = "active",
	[FRAME_STATE_STANDBY] = "standby",
	[FRAME_STATE_MODIFIED] = "modified",
	[FRAME_STATE_NO_WRITE] = "modified_no_write",
	[FRAME_STATE_TRANSITION] = "transition",
	[FRAME_STATE_BAD] = "bad",
};

enum frame_state frame_state(struct frame *f)
{
	const struct backing *b = f->backing;

	if (frame_is(f, FRAME_RESERVED))
		return FRAME_STATE_BAD;
	if (atomic_load(&f->refs) == 0)
		return frame_is(f, FRAME_ZEROED) ? FRAME_STATE_ZEROED : FRAME_STATE_FREE;
	if (frame_is(f, FRAME_BUSY))
		return FRAME_STATE_TRANSITION;
	if (!b || rmap_is_mapped(f) || atomic_load(&f->refs) > 1)
		return FRAME_STATE_ACTIVE;
	if (!frame_is(f, FRAME_DIRTY))
		return FRAME_STATE_STANDBY;
	return b->busy_rank == RANK_BUSY && b->ops->write ? FRAME_STATE_MODIFIED
							  : FRAME_STATE_NO_WRITE;
}

bool frame_state_may_follow(enum frame_state from, enum frame_state to)
{
#define TO(state) (1u << FRAME_STATE_##state)
	static const uint32_t next[FRAME_STATE_COUNT] = {
		[FRAME_STATE_FREE] = TO(ZEROED) | TO(ACTIVE) | TO(TRANSITION),
		[FRAME_STATE_ZEROED] = TO(FREE) | TO(ACTIVE) | TO(TRANSITION),
		[FRAME_STATE_ACTIVE] = TO(FREE) | TO(ZEROED) | TO(STANDBY) | TO(MODIFIED) |
				       TO(NO_WRITE) | TO(TRANSITION),
		[FRAME_STATE_STANDBY] = TO(ACTIVE) | TO(TRANSITION) | TO(FREE),
		[FRAME_STATE_MODIFIED] = TO(ACTIVE) | TO(TRANSITION),
		[FRAME_STATE_NO_WRITE] = TO(ACTIVE) | TO(TRANSITION) | TO(MODIFIED),
		[FRAME_STATE_TRANSITION] =
			TO(ACTIVE) | TO(STANDBY) | TO(MODIFIED) | TO(NO_WRITE) | TO(FREE),
		[FRAME_STATE_BAD] = 0,
	};
#undef TO

	return from == to || next[from] >> to & 1;
}
