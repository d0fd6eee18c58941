/*
 * oom.c: when a page fault cannot have a frame and reclaim finds none, the process with most resident memory
 * is killed.
 *
 * A fault may come from inside a system call that holds locks, so it does not kill by itself: it
 * wakes the oom thread and waits for it to have done something. The thread chooses the process with
 * the highest score, kills everybody who shares its memory, says so in the log, and gives it
 * VICTIM_TIME to get out. One that does not (it may wait for a lock that a waiting fault holds) is
 * left to die, and the next one is chosen: in the end that is the holder of the lock.
 *
 * Nobody waits who is to die: a fault of a killed process gives up at once.
 */

#include "kernel/oom.h"

#include "arch/x86/clock.h"
#include "drivers/block.h"
#include "fs/inode.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"
#include "kernel/signal.h"
#include "mm/backing.h"
#include "mm/oom.h"
#include "mm/pmm.h"

#define VICTIM_TIME NSEC_PER_SEC
#define RETRY_TIME (NSEC_PER_SEC / 20) /* Between two looks whether there is memory again. */
#define SCORE_ADJ_MIN (-1000)	       /* Never kill it (proc(5), oom_score_adj). */
#define HOLDERS 3

static struct waitq requests = WAITQ_INIT(requests), answers = WAITQ_INIT(answers);
static bool requested;	/* Atomic. */
static uint32_t rounds; /* Atomic: answers given. */

/* ---- choosing ---- */

struct holder {
	pid_t pid;
	uint32_t pages, score;
	char name[THREAD_NAME_LEN];
};

static uint32_t pages_of(struct proc *p)
{
	struct aspace *as = proc_aspace_get(p);
	uint32_t pages = as ? aspace_resident(as) + as->tables : 0;

	aspace_put(as);
	return pages;
}

static uint32_t score_of(const struct proc *p, uint32_t pages)
{
	int64_t score = pages + (int64_t)p->oom_score_adj * (frame_total_count() / 1000);

	return (uint32_t)MAX(score, 1);
}

uint32_t oom_score(struct proc *p)
{
	uint32_t pages = pages_of(p);
	int64_t thousandths = (int64_t)pages * 1000 / frame_total_count() + p->oom_score_adj;

	if (p->oom_score_adj == SCORE_ADJ_MIN || pages == 0)
		return 0;
	return (uint32_t)MIN(MAX(thousandths + 1000, 0), 2000) * 2 / 3;
}

static bool may_be_killed(const struct proc *p)
{
	return p != proc_init && p->oom_score_adj != SCORE_ADJ_MIN && !p->oom_victim &&
	       p->state != PROC_ZOMBIE;
}

/* Keep the HOLDERS best, best first. */
static void holder_insert(struct holder top[HOLDERS], const struct holder *h)
{
	struct holder moving = *h;

	for (uint32_t i = 0; i < HOLDERS; i++) {
		if (moving.score > top[i].score) {
			struct holder pushed = top[i];

			top[i] = moving;
			moving = pushed;
		}
	}
}

static void holders_find(struct holder top[HOLDERS])
{
	memset(top, 0, HOLDERS * sizeof(top[0]));
	for (pid_t pid = proc_next_pid(1); pid; pid = proc_next_pid(pid + 1)) {
		struct proc *p = proc_find(pid);
		struct holder h = {.pid = pid};

		if (!p)
			continue;
		h.pages = may_be_killed(p) ? pages_of(p) : 0;
		h.score = h.pages ? score_of(p, h.pages) : 0;
		memcpy(h.name, p->comm, sizeof(h.name));
		holder_insert(top, &h);
		proc_put(p);
	}
}

/* ---- killing ---- */

static uint32_t kib(uint32_t pages)
{
	return pages * (PAGE_SIZE / 1024);
}

static void report(const struct holder top[HOLDERS])
{
	log("oom: %u KiB of memory, %u KiB free: killing %s, pid %d, which holds %u KiB\n",
	    kib(frame_total_count()), kib(frame_free_count()), top[0].name, top[0].pid,
	    kib(top[0].pages));
	for (uint32_t i = 1; i < HOLDERS && top[i].pid; i++)
		log("oom: after it %s, pid %d, holds %u KiB\n", top[i].name, top[i].pid,
		    kib(top[i].pages));
}

/* Memory is freed when the last of those who share it is gone. */
static void kill_sharers(struct aspace *as)
{
	for (pid_t pid = proc_next_pid(1); pid; pid = proc_next_pid(pid + 1)) {
		struct proc *p = proc_find(pid);

		if (p && p != proc_init && p->aspace == as) {
			p->oom_victim = true;
			signal_send_proc(p, SIGKILL, NULL);
		}
		proc_put(p);
	}
}

static void nap(void)
{
	thread_sleep_prepare(THREAD_SLEEPING);
	thread_sleep(clock_now() + RETRY_TIME);
	thread_sleep_cancel();
}

static bool memory_is_back(void)
{
	return frame_free_count() > pmm_watermarks.low;
}

/* Kill one process and see it go. False: there was none to kill. */
static bool kill_one(void)
{
	uint64_t deadline = clock_now() + VICTIM_TIME;
	struct holder top[HOLDERS];
	struct aspace *as;
	struct proc *p;

	holders_find(top);
	p = top[0].score ? proc_find(top[0].pid) : NULL;
	if (!p)
		return false;
	report(top);
	as = proc_aspace_get(p);
	kill_sharers(as);
	aspace_put(as); /* Only compared from here on. */
	while (p->aspace && clock_now() < deadline && !memory_is_back())
		nap();
	proc_put(p);
	return true;
}

uint32_t oom_shrink_caches(uint32_t want)
{
	uint32_t dropped = inode_shrink_caches(want);

	for (struct blockdev *dev = block_next(NULL); dev; dev = block_next(dev))
		dropped += cache_shrink(&dev->backing, want);
	return dropped;
}

static bool take_request(void)
{
	return atomic_xchg(&requested, false);
}

static void oom_main(void *arg)
{
	(void)arg;
	thread_current()->frees_memory = true;
	for (;;) {
		waitq_wait_event(&requests, take_request(), 0);
		if (!memory_is_back() && !kill_one())
			nap(); /* All who may die are dying. */
		atomic_inc(&rounds);
		waitq_wake_all(&answers);
	}
}

/* For mm/oom.h: called by a fault that found no frame. */
static bool oom_request(void)
{
	uint32_t round = atomic_load(&rounds);

	if (!thread_current()->is_user)
		return true;
	if (signal_fatal_pending())
		return false;
	atomic_store(&requested, true);
	waitq_wake_all(&requests);
	/* A pending signal that is not fatal would end an interruptible wait at once, and the
	 * fault would spin: so a short one that nothing ends but the answer comes first. */
	if (waitq_wait_event(&answers, atomic_load(&rounds) != round, clock_now() + RETRY_TIME) !=
	    0)
		waitq_wait_event_interruptible(&answers, atomic_load(&rounds) != round,
					       clock_now() + VICTIM_TIME);
	return !signal_fatal_pending();
}

int oom_init(void)
{
	if (!kthread_create("oom", oom_main, NULL))
		return -ENOMEM;
	oom_set_killer(oom_request);
	return 0;
}
