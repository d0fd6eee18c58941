/*
 * pageout.h: keeping frames free: the pageout thread, and waiting for it.
 *
 *	free frames >= high	pageout sleeps
 *	below low		whoever takes a frame wakes it; it evicts until high is reached
 *	below min		frame_alloc() fails for all but those whose work frees memory;
 *				frame_alloc_wait() sleeps until pageout has freed some, or found nothing
 */
#pragma once

#include "kernel/lib/list.h"
#include "mm/pmm.h"

struct thread;

/* frame_alloc() by who may sleep: it waits for pageout when there are none. NULL: nothing can be
 * freed. The caller holds no frame BUSY, and no lock below RANK_ASPACE. */
struct frame *frame_alloc_wait(uint32_t how);

/* Wait, as above, until there are frames again. False: nothing can be freed, or the caller is not to wait. For who
 * could not have a little memory that nobody waits for, or is about to ask for some. */
bool pageout_wait(void);

/* The same for who was told so, and would try again: a few frames that were freed for him alone would go the same way
 * as the last ones. */
bool pageout_retry(void);

/* Tell pageout that frames are getting scarce. Any context. */
void pageout_wake(void);

/* Others who keep objects that they could do without: how many there are; let go of so many. shrink
 * may sleep, but must not wait for anybody who waits for memory. They are asked for the share that
 * the policies' sets were asked for. */
struct shrinker {
	uint32_t (*count)(void);
	void (*shrink)(uint32_t want);
	struct list link;
};
void shrinker_register(struct shrinker *s);

/* Start pageout. flush() has dirty pages of files written by somebody else, soon. 0 or -ENOMEM. */
int pageout_init(struct thread *(*spawn)(const char *name, void (*fn)(void *), void *arg),
		 void (*flush)(void));

#define SWAPPINESS_MAX 200
extern uint32_t
	vm_swappiness; /* proc_sys_vm(5): up to 100 files give more, above anonymous memory. */
