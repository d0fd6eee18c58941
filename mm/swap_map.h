/*
 * swap_map.h: which slots of a swap area are in use, and by how many.
 *
 * A slot holds one page. Its count says how many places remember it; it is free at 0 and not bad. Slots are
 * given out in clusters: one cluster is filled from its start before the next is begun, and a wholly free
 * one is preferred, so that pages that leave together lie together.
 *
 * No locks: the owner guards it. Pure: runs on the host.
 */
#pragma once

#include "kernel/lib/types.h"

#define SWAP_CLUSTER 64u

struct swap_map {
	uint32_t slots;	   /* Numbers [0, slots); 0: no map. */
	uint32_t good;	   /* Slots that are not bad, */
	uint32_t free;	   /* those of them that nobody uses, */
	uint32_t in_use;   /* and slots that somebody uses, bad or not. */
	uint32_t cursor;   /* Where the search for the next free slot begins. */
	uint32_t empty;	   /* Clusters that are wholly free. */
	uint8_t *taken;	   /* By cluster: slots that are not free. */
	uint16_t **counts; /* By slot, in chunks of a page. */
};

/* A map of free slots, but for slot 0, where the signature is. 0 or -ENOMEM. */
int swap_map_create(struct swap_map *m, uint32_t slots);
void swap_map_destroy(struct swap_map *m);

/* A free slot, which now counts 1; 0: there is none. */
uint32_t swap_map_alloc(struct swap_map *m);

/* One more place remembers the slot. 0; -ENOENT: nobody did, or there is no such slot; -ENOMEM: too many. */
int swap_map_dup(struct swap_map *m, uint32_t slot);

/* One place less. How many are left. */
uint32_t swap_map_put(struct swap_map *m, uint32_t slot);

/* Never give the slot out again. */
void swap_map_mark_bad(struct swap_map *m, uint32_t slot);

uint32_t swap_map_count(const struct swap_map *m, uint32_t slot);

/* Narrow [*first, *end), which includes slot, to used good slots that follow each other. */
void swap_map_trim(const struct swap_map *m, uint32_t slot, uint32_t *first, uint32_t *end);
