/*
 * tlb.h: throwing translations away.
 *
 * A present entry that lost rights, or changed its frame, must be flushed before the old frame is
 * freed or anybody relies on the lost right. An entry that was not present needs no flush. With one
 * CPU a flush is local; with several these functions are where the other CPUs are told.
 */
#pragma once

#include "kernel/lib/types.h"

/* Flush one page of the directory at physical address pgdir, which need not be loaded. */
void tlb_flush_page(uint32_t pgdir, uint32_t va);

/* Flush every user translation of the directory at physical address pgdir. */
void tlb_flush_user(uint32_t pgdir);

/* Flush every user translation of whatever directories are loaded: for tables that several share. */
void tlb_flush_all(void);

/* Flush one page of the kernel's map on every CPU. */
void tlb_flush_kernel(uint32_t va);
