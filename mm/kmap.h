/*
 * kmap.h: the one way to a frame's contents.
 *
 * Frames of the direct map are always there, so kmap costs an addition. Memory above the direct map
 * will take a slot of the kmap window here and nowhere else.
 */
#pragma once

#include "arch/x86/mmu.h"
#include "mm/frame.h"

static inline void *kmap(struct frame *f)
{
	return phys_to_virt(frame_pfn(f) << PAGE_SHIFT);
}

static inline void kunmap(struct frame *f, void *va)
{
	(void)f;
	(void)va;
}

/* The frame behind a direct-map address. */
static inline struct frame *frame_of_va(const void *va)
{
	return frame_of_pfn(virt_to_phys(va) >> PAGE_SHIFT);
}
