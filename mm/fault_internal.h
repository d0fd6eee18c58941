/* fault_internal.h: pages made present for the rest of mm, not by the CPU. */
#pragma once

#include "mm/aspace.h"
#include "mm/fault.h"

struct frame;

/* The frame behind va for this access, brought in as a fault would, with a reference. 0 or as
 * vm_fault. May sleep; works on any space. */
int fault_get_frame(struct aspace *as, uint32_t va, enum vm_access access, struct frame **out);

/* Bring in the page at va for this access. as->lock is held shared or exclusive. As vm_fault; what the area
 * does not allow is -EACCES. May sleep. */
int fault_in_locked(struct aspace *as, uint32_t va, enum vm_access access);

/* Make the shared zero frame. Once at boot. */
void fault_init(void);

/* The frame of zeroes that read faults of anonymous memory share. */
extern struct frame *zero_frame;
