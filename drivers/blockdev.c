/*
 * blockdev.c: the list of block devices, and the page cache over each.
 *
 * Pages of a device hold its bytes in order, PAGE_SIZE / sector_size sectors each; the last may
 * reach beyond the end, where it is zero and nothing is written back.
 *
 * The list is filled at boot by one thread and never changed afterwards: no lock. claims_lock (RANK_LEAF) is for who
 * looks at several devices to make one his own.
 */
#include "drivers/block.h"

#include "arch/x86/uaccess.h"
#include "drivers/mbr.h"
#include "kernel/abi/blkio.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"

static struct list blockdevs = LIST_INIT(blockdevs);
static struct spinlock claims_lock = SPINLOCK_INIT("block claims", RANK_LEAF);

/* ---- pages ---- */

/* How many bytes of n pages from index on the device has. */
static uint32_t pages_bytes(const struct blockdev *dev, uint32_t index, uint32_t n)
{
	uint64_t start = (uint64_t)index << PAGE_SHIFT, bytes = block_bytes(dev);

	return (uint32_t)MIN((uint64_t)n << PAGE_SHIFT, bytes - MIN(start, bytes));
}

/* One bio for bytes [from, to) of consecutive pages. */
static int pages_io(struct blockdev *dev, struct frame *const *f, uint32_t from, uint32_t to,
		    enum bio_op op)
{
	uint64_t lba = (((uint64_t)f[0]->index << PAGE_SHIFT) + from) / dev->sector_size;
	struct bio_seg segs[BACKING_CLUSTER_MAX];
	uint32_t count = 0;

	while (from < to) {
		uint32_t off = from & (PAGE_SIZE - 1), len = MIN(PAGE_SIZE - off, to - from);

		segs[count++] = (struct bio_seg){f[from >> PAGE_SHIFT], off, len};
		from += len;
	}
	return block_io(dev, op, lba, segs, count);
}

static int blockdev_read_pages(struct backing *b, struct frame *const *f, uint32_t n)
{
	struct blockdev *dev = container_of(b, struct blockdev, backing);
	uint32_t bytes = pages_bytes(dev, f[0]->index, n);

	if (bytes == 0)
		return -EIO;
	backing_zero_from(f, n, bytes);
	return pages_io(dev, f, 0, bytes, BIO_READ);
}

/* Order: pages lead to blocks that a file system wrote past them. */
static int flush_before(struct blockdev *dev)
{
	int err = atomic_xchg(&dev->flush_first, false) ? block_flush(dev) : 0;

	if (err)
		atomic_store(&dev->flush_first, true);
	return err;
}

/* Write the parts that are dirty: others may be a file's by now, and older than the disk. */
static int blockdev_write_pages(struct backing *b, struct frame *const *f, uint32_t n)
{
	struct blockdev *dev = container_of(b, struct blockdev, backing);
	uint32_t bytes = pages_bytes(dev, f[0]->index, n), from = 0, at;
	uint8_t parts[BACKING_CLUSTER_MAX];
	int err = bytes > 0 ? flush_before(dev) : -EIO;

	for (uint32_t i = 0; i < n; i++)
		parts[i] = cache_take_parts(f[i]);
	for (at = 0; !err && at < bytes; at += CACHE_PART) {
		if (parts[at >> PAGE_SHIFT] >> (at & (PAGE_SIZE - 1)) / CACHE_PART & 1)
			continue;
		if (from < at)
			err = pages_io(dev, f, from, at, BIO_WRITE);
		from = at + CACHE_PART;
	}
	if (!err && from < bytes)
		err = pages_io(dev, f, from, bytes, BIO_WRITE);
	for (uint32_t i = 0; err && i < n; i++)
		cache_give_parts(f[i], parts[i]);
	return err;
}

static int blockdev_sync(struct backing *b)
{
	return block_sync(container_of(b, struct blockdev, backing));
}

/* Devices live for ever. */
static void blockdev_keep(struct backing *b)
{
	(void)b;
}

static const struct backing_ops blockdev_backing_ops = {
	.read = blockdev_read_pages,
	.write = blockdev_write_pages,
	.sync = blockdev_sync,
	.get = blockdev_keep,
	.put = blockdev_keep,
};

static uint32_t blockdev_pages(const struct blockdev *dev)
{
	return (uint32_t)MIN(DIV_ROUND_UP(block_bytes(dev), PAGE_SIZE), (uint64_t)UINT32_MAX);
}

/* ---- the list ---- */

static void blockdev_add(struct blockdev *dev)
{
	backing_init(&dev->backing, &blockdev_backing_ops, blockdev_pages(dev));
	dev->backing.busy_rank = RANK_FSMETA;
	list_add_tail(&blockdevs, &dev->link);
}

void blockdev_add_partition(struct blockdev *part)
{
	blockdev_add(part);
	log("block: %s: %llu sectors at %llu\n", part->name, part->sectors, part->start);
}

void block_add_disk(struct blockdev *dev)
{
	dev->disk = dev;
	dev->start = 0;
	blockdev_add(dev);
	if (dev->sector_size == MBR_SECTOR_SIZE && dev->sectors > 0)
		mbr_scan(dev);
}

struct blockdev *block_next(struct blockdev *prev)
{
	struct list *next = prev ? prev->link.next : blockdevs.next;

	return next == &blockdevs ? NULL : list_entry(next, struct blockdev, link);
}

struct blockdev *block_find(const char *name)
{
	struct blockdev *dev;

	list_for_each_entry(dev, &blockdevs, link)
		if (strcmp(dev->name, name) == 0)
			return dev;
	return NULL;
}

struct blockdev *block_find_number(uint32_t major, uint32_t minor)
{
	struct blockdev *dev;

	list_for_each_entry(dev, &blockdevs, link)
		if (dev->major == major && dev->minor == minor)
			return dev;
	return NULL;
}

/* Have they sectors in common, as a disk and its partitions do? */
static bool overlap(const struct blockdev *a, const struct blockdev *b)
{
	return a == b || (a->disk == b->disk && a->start < b->start + b->sectors &&
			  b->start < a->start + a->sectors);
}

bool block_claim(struct blockdev *dev)
{
	struct blockdev *other;
	bool free = true;

	spin_lock(&claims_lock);
	list_for_each_entry(other, &blockdevs, link)
		free = free && !(other->claimed && overlap(dev, other));
	if (free)
		dev->claimed = true;
	spin_unlock(&claims_lock);
	return free;
}

void block_release(struct blockdev *dev)
{
	atomic_store(&dev->claimed, false);
}

int block_revalidate(struct blockdev *dev)
{
	struct blockdev *disk = dev->disk;
	int err = block_io(disk, BIO_REVALIDATE, 0, NULL, 0);

	if (disk->medium_changed) {
		atomic_store(&disk->backing.size_pages, 0);
		cache_truncate(&disk->backing, 0);
		disk->medium_changed = false;
	}
	atomic_store(&disk->backing.size_pages, blockdev_pages(disk));
	return err;
}

/* What could be written is to be durable even when something else could not. */
int block_sync(struct blockdev *dev)
{
	int err, flush_err;

	if (dev->read_only)
		return 0;
	err = cache_flush(&dev->backing);
	flush_err = block_flush(dev);
	return err ? err : flush_err;
}

/* ---- ioctl ---- */

static int put_user_u64(uint32_t arg, uint64_t value)
{
	return copy_to_user((void __user *)arg, &value, sizeof(value));
}

int block_ioctl(struct blockdev *dev, uint32_t cmd, uint32_t arg)
{
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case BLKROGET:
		return put_user_u32(user, dev->read_only);
	case BLKGETSIZE:
		if (block_bytes(dev) / 512 > UINT32_MAX)
			return -EFBIG;
		return put_user_u32(user, (uint32_t)(block_bytes(dev) / 512));
	case BLKGETSIZE64:
		return put_user_u64(arg, block_bytes(dev));
	case BLKSSZGET:
		return put_user_u32(user, dev->sector_size);
	case BLKBSZGET:
		return put_user_u32(user, PAGE_SIZE);
	case BLKFLSBUF:
		return block_sync(dev);
	}
	return -ENOTTY;
}
