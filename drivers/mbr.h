/*
 * mbr.h: partitions of a PC disk: the four entries of the master boot record and the chain of
 * logical partitions in an extended one. Private to the block layer.
 */
#pragma once

#include "drivers/block.h"

#define MBR_SECTOR_SIZE 512u

/* Find the partitions of disk and add a block device for each. A table that makes no sense is left
 * alone: many disks hold a file system from their first sector on. May sleep. */
void mbr_scan(struct blockdev *disk);

/* Enter a partition whose fields are filled in. */
void blockdev_add_partition(struct blockdev *part);
