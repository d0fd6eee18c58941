/*
 * mm_fixture.h: an address space for kernel tests, and touching its pages as a program would.
 *
 * The selftest thread borrows the space: its faults and user copies then go through the ordinary path.
 */
#pragma once

#include "arch/x86/uaccess.h"
#include "mm/aspace.h"

#define TEST_VA 0x40000000u /* At the start of a page table. */

/* Make a fresh space current; NULL when out of memory. */
struct aspace *fixture_enter(void);

/* Make as current instead of what was. */
void fixture_switch(struct aspace *as);

/* Stop using any space. The caller still puts its references. */
void fixture_leave(void);

/* Map pages of private read-write memory at va. True when it worked. */
bool fixture_map(struct aspace *as, uint32_t va, uint32_t pages);

/* Write and read one word of the current space; false on a fault. */
bool poke(uint32_t va, uint32_t value);
bool peek(uint32_t va, uint32_t *value);

/* peek that must give this value. */
bool peek_is(uint32_t va, uint32_t value);

/* The frame number behind va in as, 0 when nothing is there. */
uint32_t pfn_at(struct aspace *as, uint32_t va);

/* The current value of an event counter of vmstat.h. */
uint32_t events(uint32_t event);
