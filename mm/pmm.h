/*
 * pmm.h: the physical memory manager: who gets which frame.
 *
 * Free memory is kept as buddy blocks of 2^0 to 2^PMM_MAX_ORDER frames per zone. Single frames come
 * from a per-CPU cache in front of it, so that alloc and free are constant time and mostly without
 * a lock; idle time, and whoever leaves one, fill a pool of frames that hold zeroes already.
 *
 * Allocation never evicts and never sleeps: it returns NULL, and the caller turns that into
 * -ENOMEM. Who can wait for more stops at the min watermark, the others at half of it, so that a
 * program which fills memory with its pages does not make the kernel's small requests fail. Below
 * that only ALLOC_RESERVE requests and threads with frees_memory, which lead to memory being freed,
 * are served.
 */
#pragma once

#include "mm/frame.h"

#define PMM_MAX_ORDER 10 /* 4 MiB. */

#define ALLOC_ZERO 0x1u	   /* Contents all zero. */
#define ALLOC_DMA 0x2u	   /* Below 16 MiB. */
#define ALLOC_RESERVE 0x4u /* May take the last frames. */
#define ALLOC_PATIENT 0x8u /* By who can wait: leaves the last frames to those who cannot. */

struct boot_info;

/*
 * Take over memory from the boot map: builds frames[] and the free lists. early_alloc'd frames so
 * far stay reserved. The mem= option is honoured here.
 */
void pmm_init(const struct boot_info *info);

/* Boot only, before pmm_init: a zeroed page from RAM after the kernel image; its physical
 * address. */
void pmm_early_init(const struct boot_info *info);
uint32_t pmm_early_alloc(void);
uint32_t pmm_phys_end(void); /* End of directly mapped RAM. */

/* One frame with refs 1 and no flags, or NULL. */
struct frame *frame_alloc(uint32_t how);

/* The same for who tries once more: no failure is injected. */
struct frame *frame_alloc_again(uint32_t how);

/* Free a frame of ours alone that holds zeroes, so that nobody need clear it: what a page table is at its end. */
void frame_put_zeroed(struct frame *f);

/* 2^order contiguous frames; the head has refs 1 and order set, the others refs 1 too. NULL. */
struct frame *frame_alloc_contig(uint32_t order, uint32_t how);
void frame_free_contig(struct frame *head);

/* Frames nobody uses, in all caches and pools. Exact when nothing runs beside. */
uint32_t frame_free_count(void);
uint32_t frame_total_count(void); /* All frames the pmm manages, free or not. */
uint32_t frame_zeroed_count(void);

/* Fill the zeroed pool by a frame; true when there is more to do. The idle thread's work. */
bool pmm_idle_work(void);

struct pmm_watermarks {
	uint32_t min, low, high; /* Frames. */
};
extern struct pmm_watermarks pmm_watermarks;

extern uint32_t vm_min_free_kbytes; /* proc_sys_vm(5): the reserve, from which follow */
void pmm_set_watermarks(void);	    /* the watermarks. */

uint32_t pmm_zone_frames(enum zone zone); /* Of frame_total_count(), those in this zone. */

/* Free blocks of this order in this zone, for /proc/buddyinfo and the checker. */
uint32_t pmm_free_blocks(enum zone zone, uint32_t order);

/* Withdraw free frames for good until keep are left: the userframes= option. */
void pmm_limit_free(uint32_t keep);

/* Walk every free list and cache and recount; 0 or the number of faults, each logged. */
uint32_t pmm_check(void);
