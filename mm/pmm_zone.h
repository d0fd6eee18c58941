/* pmm_zone.h: how boot (pmm_boot.c) hands memory to the allocator (pmm.c). */
#pragma once

#include "mm/frame.h"

/* Make the free lists empty. Once. */
void pmm_zone_init(void);

/* Give n consecutive RESERVED frames whose zone is set, and the same, to the allocator. */
void pmm_zone_add(struct frame *f, uint32_t n);

/* Set min_free_kbytes and what follows from it as is usual for the memory that there is. */
void pmm_default_reserve(void);
