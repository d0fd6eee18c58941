/*
 * zblock.h: room for many small objects of any length, with little waste and no search.
 *
 * A block is up to ZBLOCK_FRAMES frames, in no order, cut into objects of one class; classes are
 * ZBLOCK_STEP bytes apart. An object may lie across two frames, so it has no address: its bytes are
 * copied in and out. A block without objects is given back at once.
 *
 * Locks: the owner's, a spinlock above RANK_LEAF. Nothing here sleeps.
 */
#pragma once

#include "arch/x86/layout.h"
#include "kernel/lib/types.h"

#define ZBLOCK_STEP 64u
#define ZBLOCK_FRAMES 4u
#define ZBLOCK_OBJECT_MAX 3072u

struct zblock;

void zblock_init(void); /* Once. */

/* Room for size bytes, 1 to ZBLOCK_OBJECT_MAX: its block and its number there; NULL when out of memory. */
struct zblock *zblock_alloc(uint32_t size, uint8_t *object);
void zblock_free(struct zblock *b, uint8_t object);

/* Copy the first n bytes of an object. */
void zblock_write(struct zblock *b, uint8_t object, const void *from, uint32_t n);
void zblock_read(struct zblock *b, uint8_t object, void *to, uint32_t n);

uint32_t zblock_frames(void);  /* Frames that all blocks have, */
uint32_t zblock_objects(void); /* and objects that are in use. */

/* Recount; the number of faults. */
uint32_t zblock_check(void);
