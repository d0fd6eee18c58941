/*
 * multiboot.c: copying the boot loader's information (Multiboot Specification 0.6.96, 3.3).
 *
 * Everything the loader wrote is read through the boot map, which ends at 16 MiB. Addresses in it
 * are checked against that end before they are followed; the loaders known to us stay below.
 */

#include "arch/x86/multiboot.h"

#include "arch/x86/mmu.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"

#define MULTIBOOT_BOOTED 0x2BADB002 /* In %eax at entry. */
#define BOOT_MAP_END 0x1000000u

#define HAS_MEM (1u << 0)
#define HAS_CMDLINE (1u << 2)
#define HAS_MODULES (1u << 3)
#define HAS_MMAP (1u << 6)

struct multiboot_info {
	uint32_t flags;
	uint32_t mem_lower, mem_upper; /* KiB below 1 MiB and above. */
	uint32_t boot_device;
	uint32_t cmdline;
	uint32_t mods_count, mods_addr;
	uint32_t syms[4];
	uint32_t mmap_length, mmap_addr;
};

struct multiboot_module {
	uint32_t start, end, string, reserved;
};

struct multiboot_mmap {
	uint32_t size; /* Of the rest of the entry. */
	uint64_t addr, len;
	uint32_t type;
} __attribute__((packed));

#define MMAP_AVAILABLE 1

/* The loader's memory at [phys, phys+len), or NULL where the boot map does not reach. */
static const void *loader_memory(uint32_t phys, uint32_t len)
{
	if (phys >= BOOT_MAP_END || len > BOOT_MAP_END - phys)
		return NULL;
	return phys_to_virt(phys);
}

/* Copy a loader's string, which need not end before our buffer or the boot map do. */
static void copy_string(char *dst, size_t size, uint32_t phys)
{
	size_t len = 0;

	if (phys != 0 && phys < BOOT_MAP_END) {
		const char *src = phys_to_virt(phys);

		len = strnlen(src, MIN(size - 1, BOOT_MAP_END - phys));
		memcpy(dst, src, len);
	}
	dst[len] = '\0';
}

static void add_region(struct boot_info *info, uint64_t start, uint64_t len, bool usable)
{
	struct boot_region *r = &info->regions[info->region_count];

	if (len == 0 || start + len < start)
		return;
	if (info->region_count == BOOT_REGIONS_MAX) {
		log("multiboot: memory at 0x%llx ignored: more than %d regions\n",
		    (unsigned long long)start, BOOT_REGIONS_MAX);
		return;
	}
	*r = (struct boot_region){.start = start, .end = start + len, .usable = usable};
	info->region_count++;
}

static void parse_mmap(struct boot_info *info, const struct multiboot_info *mb)
{
	const uint8_t *map = loader_memory(mb->mmap_addr, mb->mmap_length);
	uint32_t at = 0;

	while (map && at + sizeof(struct multiboot_mmap) <= mb->mmap_length) {
		struct multiboot_mmap e;

		memcpy(&e, map + at, sizeof(e));
		add_region(info, e.addr, e.len, e.type == MMAP_AVAILABLE);
		if (e.size > mb->mmap_length)
			break;
		at += e.size + sizeof(e.size);
	}
}

/* The old way: two sizes, with the PC's hole between them. */
static void parse_mem(struct boot_info *info, const struct multiboot_info *mb)
{
	add_region(info, 0, (uint64_t)mb->mem_lower * 1024, true);
	add_region(info, 0x100000, (uint64_t)mb->mem_upper * 1024, true);
}

static void parse_modules(struct boot_info *info, const struct multiboot_info *mb)
{
	uint32_t count = MIN(mb->mods_count, BOOT_MODULES_MAX);
	const struct multiboot_module *m = loader_memory(mb->mods_addr, count * sizeof(*m));

	for (uint32_t i = 0; m && i < count; i++) {
		struct boot_module *out = &info->modules[info->module_count++];

		out->start = m[i].start;
		out->end = m[i].end;
		copy_string(out->name, sizeof(out->name), m[i].string);
	}
}

void multiboot_parse(struct boot_info *info, uint32_t magic, uint32_t phys)
{
	const struct multiboot_info *mb = loader_memory(phys, sizeof(*mb));

	memset(info, 0, sizeof(*info));
	if (magic != MULTIBOOT_BOOTED || !mb)
		panic("multiboot: not started by a Multiboot loader (magic 0x%08x, information at "
		      "0x%08x)",
		      magic, phys);
	if (mb->flags & HAS_CMDLINE)
		copy_string(info->cmdline, sizeof(info->cmdline), mb->cmdline);
	if (mb->flags & HAS_MMAP)
		parse_mmap(info, mb);
	if (info->region_count == 0 && mb->flags & HAS_MEM)
		parse_mem(info, mb);
	if (mb->flags & HAS_MODULES)
		parse_modules(info, mb);
	if (info->region_count == 0)
		panic("multiboot: the loader gave no memory map (flags 0x%x)", mb->flags);
}
