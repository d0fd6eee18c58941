/*
 * poll_wait.h: the engine that poll(2) and select(2) share: waiting until one of several files has
 * something to tell.
 */
#pragma once

#include "fs/file.h"

struct poll_item {
	struct file *file; /* A reference; NULL: nothing to ask. */
	uint32_t wanted;
	uint32_t events; /* Result. */
};

/* How long to wait. */
struct patience {
	bool now;	   /* Do not wait at all. */
	uint64_t deadline; /* clock_now() time; 0: for ever. */
};

#define FOR_EVER ((struct patience){.deadline = 0})

struct patience patience_ns(uint64_t ns);

/* From the struct timespec at this user address (0: for ever), and what is left of it back there; a
 * place that cannot be written to is no reason to fail. */
int patience_from_user(uint32_t timeout, bool time64, struct patience *patience);
void patience_to_user(uint32_t timeout, bool time64, const struct patience *patience);
uint64_t patience_left(const struct patience *patience); /* Nanoseconds. */

/* The number of items with events, 0 when time is up, -ERESTARTNOHAND, -ENOMEM. */
int32_t poll_items(struct poll_item *items, uint32_t count, struct patience patience);

/* Drop the files and free the array (NULL is allowed). */
void poll_items_put(struct poll_item *items, uint32_t count);

/* Take the temporary signal mask at this user address (0: none), and end it. 0, -EINVAL,
 * -EFAULT. */
int poll_begin_mask(uint32_t mask_user, uint32_t size);
void poll_end_mask(uint32_t mask_user, int32_t result);
