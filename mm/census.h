/*
 * census.h: what each frame is used for, told frame by frame.
 *
 * Nothing is locked: while others work, frames may be counted where they were a moment ago.
 */
#pragma once

#include "mm/frame.h"

struct census {
	uint32_t anon, tables;
	uint32_t file, shmem; /* In caches; file: block devices' pages as well. */
	uint32_t mapped;      /* Of file and shmem, what some page table shows. */
	uint32_t droppable;   /* Of file, what nobody maps and no store lacks. */
};

void census_take(struct census *c);

/* The word of /proc/kpageflags for a frame: KPF_* bits (Linux's pagemap.rst). */
uint64_t census_kpageflags(struct frame *f);
