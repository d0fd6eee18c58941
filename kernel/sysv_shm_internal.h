/* sysv_shm_internal.h: segments, for the two halves of System V shared memory. */
#pragma once

#include "kernel/lib/list.h"
#include "kernel/sync/lock.h"
#include "mm/backing.h"

#define SHMMAX (UINT32_MAX - (1u << 24)) /* Linux's defaults. */
#define SHMMNI 4096u

struct segment {
	struct backing backing;
	uint32_t refs;	  /* Atomic. */
	struct list link; /* All segments by age, until the last reference is gone. */
	int32_t id, key;  /* key: IPC_PRIVATE when nobody finds it by one. */
	int32_t first_key;
	uint32_t size;	    /* Bytes. */
	uint32_t committed; /* Pages. */
	uint32_t mode, uid, gid, cuid, cgid;
	uint64_t atime, dtime, ctime; /* Seconds. */
	int32_t cpid, lpid;
	uint32_t attached; /* Areas when they were last looked at. */
};

extern struct spinlock shm_segments_lock;
extern struct list shm_segments; /* struct segment. */

/* Seconds of the wall clock. */
uint64_t segment_clock(void);

/* The segment of this number, or the n-th of all, with a reference. 0 or -EINVAL. */
int segment_find(uint32_t id, struct segment **out);
int segment_find_nth(uint32_t n, struct segment **out);
void segment_put(struct segment *s); /* The last one frees it. May sleep. */

/* May the current process do this: bits of a mode, of any class? 0 or -EACCES. */
int segment_check_access(const struct segment *s, uint32_t mode);
