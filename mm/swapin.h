/*
 * swapin.h: the kernel process "swapin", which reads pages from swap for others (features A38, A40).
 *
 * A request is a swap entry; when it was served the page is in the swap cache, if it could be had. Advice that
 * pages will be needed (MADV_WILLNEED) leaves requests and goes on. Faults read for themselves, which takes
 * two switches less; with vm.swapin_process=1 they leave a request and sleep until it was served.
 *
 * A thread that is woken while its kernel stack is out cannot read for itself: it runs when swapin has brought the
 * stack back, and never when that cannot be read: then even a signal finds it asleep.
 *
 * Lock: swapin_lock (RANK_LEAF) guards the queue.
 */
#pragma once

#include "kernel/lib/types.h"

struct thread;

extern uint32_t vm_swapin_process; /* Faults leave their reading to it. */

/* Have the page of this entry read soon. 0; -EAGAIN: too many wait for theirs already. */
int swapin_ask(uint32_t swp);

/* The same, and wait until it was tried; the caller looks for the page himself, and is told there what was wrong.
 * May sleep; no spinlock is held, nor a frame BUSY. */
void swapin_fetch(uint32_t swp);

/* Start it. 0 or -ENOMEM. */
int swapin_init(struct thread *(*spawn)(const char *name, void (*fn)(void *), void *arg));
