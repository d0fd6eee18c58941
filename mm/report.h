/*
 * report.h: what page tables show, counted for /proc. A page table that forks share counts for each of
 * the spaces that share it.
 *
 * The caller holds as->lock shared, so that areas stay; tables are locked one at a time, and nothing
 * here sleeps.
 */
#pragma once

#include "mm/aspace.h"

struct frame;

/* Proportional sizes are bytes in fixed point, each page rounded down, as Linux keeps them. */
#define PSS_SHIFT 12

struct page_sums {
	uint32_t resident, anon, shmem; /* Pages; resident ones that are neither belong to files. */
	uint32_t shared_clean, shared_dirty, private_clean, private_dirty;
	uint32_t referenced, locked;
	uint32_t swap; /* Private pages in swap. */
	uint64_t swap_pss;
	uint64_t pss, pss_dirty, pss_anon, pss_shmem, pss_locked;
};

/* Add to sums what area v of as shows. Pages of the shared zero frame do not count. */
void report_area(struct aspace *as, const struct vma *v, struct page_sums *sums);

/* The same for all areas. */
void report_space(struct aspace *as, struct page_sums *sums);

/* Words of /proc/PID/pagemap for count pages from va on, with or without frame numbers. */
void report_pagemap(struct aspace *as, uint32_t va, uint64_t *words, uint32_t count,
		    bool with_frames);

/* The entry for va with the rights it gives, without the slot of one in swap, and two bits beside it that follow from
 * the area: ENTRY_MAPPED where there is an area but nothing in the entry, ENTRY_LABEL where the area has this label. */
#define ENTRY_MAPPED 0x400u
#define ENTRY_LABEL 0x800u
uint32_t report_entry(struct aspace *as, uint32_t va, uint32_t label, bool with_frames);

/* Frames that translate the addresses of as: its directory, its tables, and the kernel's. */
uint32_t report_table_frames(const struct aspace *as);

/* clear_refs: forget which pages were touched, of private anonymous memory, of mapped backings, or both.
 * The others who share a page table with as forget it too. */
void report_clear_refs(struct aspace *as, bool anon, bool mapped);
