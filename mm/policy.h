/*
 * policy.h: which page goes next.
 *
 * A replacement policy orders the members of a set of frames and names a victim. It does no I/O,
 * takes no locks, allocates nothing and knows no page table: it sees a frame through the four
 * functions below. Each policy is one file, policy_NAME.c, that compiles on the host as well, where
 * recorded reference traces replay against it.
 *
 * A page's life in a set:	insert -> (victim -> restore)* -> victim -> evicted	reclaimed
 *				insert -> ... -> remove				freed by its owner
 *
 * Who drives it (mm/policy_set.c in the kernel, tools/replay/sim.c on the host) holds set->lock
 * around every call. A member is linked by frame->link, and its policy_word() is the policy's until
 * it is removed or evicted. Several victims may be out at once, and one may be freed while it is
 * out.
 *
 * The longest search is bounded, whatever frame_young() says.
 */
#pragma once

#include "kernel/sync/lock.h"
#include "mm/frame.h"

struct reftrace;

struct policy_set {
	const struct policy *policy;
	struct spinlock lock;	/* RANK_POLICY. */
	uint32_t pages;		/* Members, counted by the driver; victims that are out are not. */
	uint32_t capacity;	/* Frames that the set can have at most. */
	uint32_t now;		/* Ticks so far: the policy's clock. */
	void *state;		/* state_size(capacity) bytes, zeroed. */
	struct reftrace *trace; /* The driver's: who watches. NULL: nobody. */
};

struct policy {
	const char *name; /* As policy= and /proc/sys/vm/policy have it. */
	size_t (*state_size)(uint32_t capacity);
	void (*init)(struct policy_set *s);

	/* f has come in. key names the page, for policies that remember who was evicted: it was the
	 * same when the page left and is no other absent page's; 0: the page is new. */
	void (*insert)(struct policy_set *s, struct frame *f, uint32_t key);

	/* f is freed, or goes to another set. NULL: it is on a list, and leaves that. */
	void (*remove)(struct policy_set *s, struct frame *f);

	/* Take out the member to be evicted next; NULL when there is none. */
	struct frame *(*victim)(struct policy_set *s);

	/* A victim cannot go now: it is a member again, but others should be tried first. */
	void (*restore)(struct policy_set *s, struct frame *f);

	/* A victim has left memory. It comes back, if ever, under this key; 0: unknown. NULL: not
	 * of interest. */
	void (*evicted)(struct policy_set *s, struct frame *f, uint32_t key);

	/* The absent page of this key will never come back. NULL: not of interest. */
	void (*forget)(struct policy_set *s, uint32_t key);

	/* Every period: s->now has gone on by one. NULL: no clock needed. */
	void (*tick)(struct policy_set *s);

	/* f was referenced. NULL: the policy does with frame_young(). Others are for traces and
	 * traced sets only, where each reference is known. */
	void (*touched)(struct policy_set *s, struct frame *f);
};

/* Was f referenced since the last call? Clears what says so. */
bool frame_young(struct frame *f);

/* Would f have to be written before it can go? */
bool frame_modified(const struct frame *f);

/* 32 bits for the policy of the set that f is in. */
uint32_t *policy_word(struct frame *f);

/* The frame at the head of a list of members; NULL when it is empty. */
static inline struct frame *policy_first(const struct list *members)
{
	return list_empty(members) ? NULL : list_first(members, struct frame, link);
}

/* f leaves s: policy->remove(). */
static inline void policy_remove(struct policy_set *s, struct frame *f)
{
	if (s->policy->remove)
		s->policy->remove(s, f);
	else
		list_remove(&f->link);
}

/* All policies; NULL after the last. */
extern const struct policy *const policies[];

/* The policy of this name; NULL when there is none. */
const struct policy *policy_find(const char *name);
