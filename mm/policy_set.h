/*
 * policy_set.h: the sets of frames that policies order, and who is in which.
 *
 * Every frame of a private page and every frame in a cache is a member of one set from its birth to its
 * death: of the global one for what can only go to swap (policy_anon) or of that for files (policy_file),
 * or of a working set. New frames wait in a batch of their CPU first, so that a fault does not pay for a
 * set's lock.
 *
 *	in a batch		LISTED, note.set NULL
 *	a member		LISTED, note.set
 *	victim, out		note.set (NULL when the set has got another policy meanwhile); whoever took it
 *				out holds a reference
 *	neither			note.set NULL
 *
 * Locks: set->lock guards membership, and all that its policy knows, the members' links and words included;
 * a batch's lock its frames. Both RANK_POLICY, the batch's first. A policy_set must stay readable memory for
 * ever: who frees a frame looks at its note without a lock, and again when it has it.
 */
#pragma once

#include "mm/policy.h"

struct backing;

struct policy_note {
	struct policy_set *set;
	uint32_t word; /* The policy's. In a batch: whose. */
};

extern struct policy_note *policy_set_notes; /* By pfn; made at boot, all zero. */
extern struct policy_set policy_anon, policy_file;

/* Make the global sets, as the policy= option says. Once, after kmalloc_init. */
void policy_set_boot(void);

/* Give an unused set its policy and state, for at most capacity members. 0 or -ENOMEM. */
int policy_set_create(struct policy_set *s, const struct policy *policy, uint32_t capacity);

/* Members go to the global sets. Nobody adds to the set any more. */
void policy_set_destroy(struct policy_set *s);

/* Let the global sets be ordered by another policy: it knows nothing of the past but the accessed
 * bits. May be called at any time, and needs no memory. 0, -EINVAL: no such policy. */
int policy_set_choose(const char *name);
const char *policy_set_chosen(void);

/* A fresh frame that nobody else knows yet gets these flags and is in a global set from now on. */
void policy_set_add(struct frame *f, uint16_t flags);

/* f, to which the caller has a reference, leaves the global sets and joins s, if that is where it is. True when
 * it did; and when s was full, *victim has left it first, as policy_set_victim() gives it. */
bool policy_set_join(struct policy_set *s, struct frame *f, struct frame **victim);

/* f is freed, or its owner will see to its eviction. True: it was in a set; false: it is somebody's victim. */
bool policy_set_remove(struct frame *f);

/* The same for n frames. */
void policy_set_remove_all(struct frame *const *f, uint32_t n);

/* Put the batches' frames into their sets. */
void policy_set_drain(void);

/*
 * The member to be evicted next, out of the set, with a reference; NULL: there is none. Then one of the others.
 *
 *	restore		it cannot go now: it is a member again
 *	leave		nor later: it goes to a global set, and the reference with it
 *	evicted		it goes; it has its backing still
 *	exchange	s has become full meanwhile: another is to go instead. False: there is none, and
 *			*victim has left the set
 */
struct frame *policy_set_victim(struct policy_set *s);
void policy_set_restore(struct frame *f);
void policy_set_leave(struct frame *f);
void policy_set_evicted(struct frame *f);
bool policy_set_exchange(struct policy_set *s, struct frame **victim);

/* The policy's clock goes on by one. */
void policy_set_tick(struct policy_set *s);
void policy_set_tick_locked(struct policy_set *s);

/* The set that f is in, or is out of as a victim; NULL: none yet. Just a look, unless the set is locked. */
static inline struct policy_set *policy_set_of(const struct frame *f)
{
	return atomic_load(&policy_set_notes[frame_pfn(f)].set);
}

/* f, of a cache, was read or written without a page table. Traced sets know references by faults only. */
static inline void policy_set_used(struct frame *f)
{
	const struct policy_set *s;

	if (frame_is(f, FRAME_USED))
		return;
	s = policy_set_of(f);
	if (!s || !s->trace)
		frame_set(f, FRAME_USED);
}

/* Recount the members of the global sets and the batches; the number of faults, each logged when asked. With
 * preemption off. */
uint32_t policy_set_check(bool verbose);
