/*
 * multiboot.h: what the boot loader told us, in memory of our own.
 *
 * The loader leaves its tables anywhere in RAM it likes, so they are copied before the first frame
 * is handed out. Afterwards nothing reads them any more.
 */
#pragma once

#include "kernel/lib/cmdline.h"
#include "kernel/lib/types.h"

#define BOOT_REGIONS_MAX 64
#define BOOT_MODULES_MAX 4
#define BOOT_MODULE_NAME_MAX 64

/* A range of physical addresses, as the firmware describes it: it may overlap others, need not be
 * page aligned, and may lie above 4 GiB. Where two overlap, unusable wins. */
struct boot_region {
	uint64_t start, end; /* [start, end) */
	bool usable; /* RAM that nobody else needs; the kernel image lies in such a region. */
};

/* A file the loader put into RAM: [start, end), which the memory map calls usable all the same. */
struct boot_module {
	uint32_t start, end;
	char name[BOOT_MODULE_NAME_MAX];
};

struct boot_info {
	char cmdline[CMDLINE_MAX];
	struct boot_region regions[BOOT_REGIONS_MAX];
	uint32_t region_count;
	struct boot_module modules[BOOT_MODULES_MAX];
	uint32_t module_count;
};

/* The kernel image in memory, .bss included: [kernel_start, kernel_end), page aligned. Linker's. */
extern uint8_t kernel_start[], kernel_end[];

/*
 * Fill in *info from what boot.S was given (Multiboot Specification 0.6.96, 3.2 and 3.3). Runs on
 * the boot map; panics when there is no memory map to be had.
 */
void multiboot_parse(struct boot_info *info, uint32_t magic, uint32_t phys);
