/*
 * balance.h: the Windows personality: personality=windows. Memory belongs to processes.
 *
 * Each process has a working set of its own, ordered by a one-handed clock. It has a minimum, which is
 * promised when the process is made, and kept: when the promises are as much as the memory is, there are no
 * more processes. Above it sets grow as long as there are free frames. When those get short, the balance-set
 * manager trims the sets that have more than their minimum, long before anybody has to wait; and when that is not
 * enough, pageout takes from them in turn. A process that has been idle for long loses all its frames
 * (kernel/swapper.c).
 *
 * The states of page frames are Windows' (Windows Internals, part 1, "Page frame number database").
 */
#pragma once

#include "mm/frame.h"

struct thread;
struct working_set;

extern bool vm_windows;		    /* Never changes after boot. */
extern uint32_t vm_working_set_min; /* Frames promised to a new process. */

/* Read the option. Once, before there are processes. */
void balance_boot(void);

/* Start the balance-set manager, if that is the personality; spawn as for pageout_init. 0 or -ENOMEM. */
int balance_init(struct thread *(*spawn)(const char *name, void (*fn)(void *), void *arg));

/* A working set for a new process; from is its maker's, NULL for none: its limit and minimum go on. 0; -ENOMEM, and a
 * line in the log: what is promised already leaves no room. */
int balance_create_set(struct working_set *from, struct working_set **out);

/* Nobody has these frames promised any more. */
void balance_unguarantee(uint32_t frames);

/* The set, with a limit of its own, is to be a process': it gets the minimum. 0 or -ENOMEM. */
int balance_adopt_set(struct working_set *ws);

/* Evict all of a set that can go, its minimum too. How many went. May sleep. */
uint32_t balance_empty_set(struct working_set *ws);

enum frame_state {
	FRAME_STATE_FREE,
	FRAME_STATE_ZEROED,
	FRAME_STATE_ACTIVE,	/* In a working set, in use by the kernel, or held by somebody. */
	FRAME_STATE_STANDBY,	/* In a cache only, and the same as its store. */
	FRAME_STATE_MODIFIED,	/* In a cache only, and to be written. */
	FRAME_STATE_NO_WRITE,	/* The same, but not yet: its file system says when. */
	FRAME_STATE_TRANSITION, /* Being read or written. */
	FRAME_STATE_BAD,	/* Not memory that can be used. */
	FRAME_STATE_COUNT,
};
extern const char *const frame_state_names[FRAME_STATE_COUNT];

/* A look, which may be out of date at once. */
enum frame_state frame_state(struct frame *f);

/* May a frame go from one state to the other in one step? */
bool frame_state_may_follow(enum frame_state from, enum frame_state to);
