/*
 * mbr.c: read partition tables. The format is the IBM PC's: 16-byte entries from byte 446 of a
 * sector that ends in 55 AA. Numbers 1 to 4 are the entries of the first sector; logical partitions
 * are numbered from 5 in the order of their chain.
 *
 * Runs at boot in one thread; no locks. Everything read is checked against the size of the disk.
 */
#include "drivers/mbr.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/log.h"
#include "kernel/lib/printf.h"
#include "kernel/lib/string.h"
#include "mm/kmalloc.h"
#include "mm/kmap.h"

#define MBR_TABLE 446
#define MBR_ENTRIES 4
#define MBR_SIGNATURE 510
#define MBR_ACTIVE 0x80
#define FIRST_LOGICAL 5u
#define LAST_LOGICAL 63u /* Minor numbers of one disk: 64. Also ends a chain that bites its tail. */

struct mbr_entry {
	uint8_t status;
	uint8_t chs_first[3];
	uint8_t type;
	uint8_t chs_last[3];
	uint32_t start, count;
} __attribute__((packed));

_Static_assert(sizeof(struct mbr_entry) == 16, "a partition entry is 16 bytes");

static bool mbr_type_is_extended(uint8_t type)
{
	return type == 0x05 || type == 0x0F || type == 0x85;
}

/* Copy the table of the sector at lba. 0; -EINVAL when it is none; -errno. */
static int mbr_read(struct blockdev *disk, uint64_t lba, struct mbr_entry *table)
{
	uint32_t per_page = PAGE_SIZE / MBR_SECTOR_SIZE;
	struct frame *f;
	const uint8_t *page, *sector;
	int err = cache_get(&disk->backing, (uint32_t)(lba / per_page), &f);

	if (err)
		return err;
	page = kmap(f);
	sector = page + (uint32_t)(lba % per_page) * MBR_SECTOR_SIZE;
	if (sector[MBR_SIGNATURE] != 0x55 || sector[MBR_SIGNATURE + 1] != 0xAA)
		err = -EINVAL;
	memcpy(table, sector + MBR_TABLE, MBR_ENTRIES * sizeof(*table));
	kunmap(f, (void *)page);
	frame_put(f);
	return err;
}

/* Boot sectors of file systems have the same signature; their bytes here are program text. */
static bool mbr_is_plausible(const struct blockdev *disk, const struct mbr_entry *table)
{
	for (uint32_t i = 0; i < MBR_ENTRIES; i++) {
		if (table[i].status & ~MBR_ACTIVE)
			return false;
		if (table[i].type && (table[i].start == 0 || table[i].start >= disk->sectors))
			return false;
	}
	return true;
}

static void mbr_add(struct blockdev *disk, uint32_t number, uint64_t start, uint32_t count)
{
	struct blockdev *part;

	if (start >= disk->sectors || count == 0) {
		log("block: %s%u: outside the disk\n", disk->name, number);
		return;
	}
	part = kzalloc(sizeof(*part));
	if (!part) {
		log("block: %s%u: out of memory\n", disk->name, number);
		return;
	}
	snprintf(part->name, sizeof(part->name), "%s%u", disk->name, number);
	part->major = disk->major;
	part->minor = disk->minor + number;
	part->sector_size = disk->sector_size;
	part->sectors = MIN((uint64_t)count, disk->sectors - start);
	part->read_only = disk->read_only;
	part->disk = disk;
	part->start = start;
	part->queue = disk->queue;
	part->unit = disk->unit;
	blockdev_add_partition(part);
}

/* Each table of the chain has one partition, relative to the table, and perhaps one link, relative
 * to the first table. */
static void mbr_scan_extended(struct blockdev *disk, uint32_t first)
{
	struct mbr_entry table[MBR_ENTRIES];
	uint64_t lba = first;

	for (uint32_t number = FIRST_LOGICAL; number <= LAST_LOGICAL; number++) {
		if (lba >= disk->sectors || mbr_read(disk, lba, table))
			return;
		if (table[0].type)
			mbr_add(disk, number, lba + table[0].start, table[0].count);
		if (!mbr_type_is_extended(table[1].type))
			return;
		lba = (uint64_t)first + table[1].start;
	}
}

void mbr_scan(struct blockdev *disk)
{
	struct mbr_entry table[MBR_ENTRIES];

	if (mbr_read(disk, 0, table) || !mbr_is_plausible(disk, table))
		return;
	for (uint32_t i = 0; i < MBR_ENTRIES; i++)
		if (table[i].type)
			mbr_add(disk, i + 1, table[i].start, table[i].count);
	for (uint32_t i = 0; i < MBR_ENTRIES; i++)
		if (mbr_type_is_extended(table[i].type))
			mbr_scan_extended(disk, table[i].start);
}
