/*
 * zpool.h: pages of swap that are kept in memory, compressed, in front of the disk.
 *
 * A page on its way to its slot is compressed first; if it becomes small enough it goes no further. A page that
 * is one word over and over is kept as that word, and one that does not compress goes to the disk. When
 * the pool has its share of memory, or nothing else gives a frame, its oldest pages are written to their slots. A
 * page in the pool is newer than what its slot has on the disk.
 *
 *	swap_io(write)	zpool_store(); what it does not take is written to the disk
 *	swap_io(read)	zpool_load(); what it does not have is read from the disk
 *	a slot is put	zpool_put(), so that the page goes with its slot
 */
#pragma once

#include "mm/frame.h"

extern uint32_t vm_zpool;	      /* vm.zpool, zpool=: 1: new pages go in. */
extern uint32_t vm_zpool_max_percent; /* vm.zpool_max_percent: of all frames. */

void zpool_init(void); /* Once at boot. */

/* Keep f, BUSY, as the page of slot swp; what was kept for swp before is forgotten in any case. May sleep and
 * write to the disk. False: it was not taken. */
bool zpool_store(uint32_t swp, struct frame *f);

/* Fill f with the page of swp. May sleep. 0; -ENOENT: it is not here; -EIO: what is here makes no page. */
int zpool_load(uint32_t swp, struct frame *f);

/* What put(swp) returns: how many still remember the slot. With the last its page is forgotten, before anybody
 * can get the slot anew. Any context that may take RANK_POLICY. */
uint32_t zpool_put(uint32_t swp, uint32_t (*put)(uint32_t swp));

/* Write the oldest pages to the disk until want frames are free. How many are. May sleep; for those whose work frees
 * memory. */
uint32_t zpool_shrink(uint32_t want);

uint32_t zpool_pages(void);  /* Pages that are kept, */
uint32_t zpool_frames(void); /* and frames that it takes. */

/* Recount, with preemption off; the number of faults, logged if verbose. */
uint32_t zpool_check(bool verbose);
