/*
 * sys_swap.c: swapon and swapoff: areas on disks and partitions. A file is refused (-EINVAL), because its blocks
 * may move; its owner can use a partition.
 */

#include "drivers/block.h"
#include "fs/caller.h"
#include "fs/dcache.h"
#include "fs/inode.h"
#include "fs/place.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/stat.h"
#include "kernel/abi/swap.h"
#include "kernel/lib/log.h"
#include "kernel/lib/printf.h"
#include "kernel/lib/string.h"
#include "kernel/syscall.h"
#include "kernel/user_path.h"
#include "mm/kmalloc.h"
#include "mm/kmap.h"
#include "mm/swap.h"

struct swap_disk {
	struct swap_store store;
	struct blockdev *dev;
	char path[16];
};

static struct swap_disk *disk_of(struct swap_store *s)
{
	return container_of(s, struct swap_disk, store);
}

static int disk_io(struct swap_store *s, bool write, uint32_t slot, struct frame *const *f,
		   uint32_t n)
{
	struct blockdev *dev = disk_of(s)->dev;
	struct bio_seg segs[BACKING_CLUSTER_MAX];

	for (uint32_t i = 0; i < n; i++)
		segs[i] = (struct bio_seg){f[i], 0, PAGE_SIZE};
	return block_io(dev, write ? BIO_WRITE : BIO_READ,
			(uint64_t)slot * (PAGE_SIZE / dev->sector_size), segs, n);
}

/* ---- swapon ---- */

/* The block device that the path names. */
static int find_device(uint32_t path_user, struct blockdev **out)
{
	struct path p;
	uint32_t rdev;
	int err = user_path_lookup((uint32_t)AT_FDCWD, path_user, LOOKUP_FOLLOW, &p);

	if (err)
		return err;
	rdev = p.dentry->inode->rdev;
	if (!S_ISBLK(p.dentry->inode->mode))
		err = -EINVAL;
	path_put(&p);
	*out = err ? NULL : block_find_number(rdev >> 8 & 0xFFFu, rdev & 0xFFu);
	return *out || err ? err : -ENXIO;
}

static int check_header(const struct swap_header *h, uint64_t pages)
{
	if (memcmp(h->magic, SWAP_MAGIC, SWAP_MAGIC_LEN) != 0 || h->version != SWAP_VERSION ||
	    h->last_page == 0 || h->last_page >= pages || h->last_page >= SWAP_SLOTS_MAX ||
	    h->bad_count > ARRAY_SIZE(h->bad))
		return -EINVAL;
	for (uint32_t i = 0; i < h->bad_count; i++)
		if (h->bad[i] == 0 || h->bad[i] > h->last_page)
			return -EINVAL;
	return h->bad_count < h->last_page ? 0 : -EINVAL;
}

/* Make an area of the disk, which is ours alone. Its type, or -errno. */
static int add_disk(struct swap_disk *d, uint32_t flags)
{
	int32_t priority = flags & SWAP_FLAG_PREFER ? (int32_t)(flags & SWAP_FLAG_PRIO_MASK)
						    : SWAP_PRIORITY_NONE;
	struct swap_header *h;
	struct frame *f;
	int err = block_sync(d->dev); /* mkswap may just have written it. */

	if (!err)
		err = cache_get(&d->dev->backing, 0, &f);
	if (err)
		return err == -ENXIO ? -EINVAL : err;
	h = kmap(f);
	err = check_header(h, block_bytes(d->dev) / PAGE_SIZE);
	if (!err)
		err = swap_add(&d->store, h->last_page + 1, priority, h->bad, h->bad_count);
	if (err >= 0)
		log("swap: %s: %u pages\n", d->path, h->last_page - h->bad_count);
	kunmap(f, h);
	frame_put(f);
	return err;
}

static int open_disk(struct blockdev *dev, uint32_t flags)
{
	struct swap_disk *d;
	int err;

	if (dev->read_only)
		return -EROFS;
	if (!block_claim(dev))
		return -EBUSY;
	d = kzalloc(sizeof(*d));
	err = d ? 0 : -ENOMEM;
	if (d) {
		d->dev = dev;
		d->store.io = disk_io;
		d->store.name = d->path;
		snprintf(d->path, sizeof(d->path), "/dev/%s", dev->name);
		err = add_disk(d, flags);
	}
	if (err >= 0)
		return 0;
	block_release(dev);
	kfree(d);
	return err;
}

int32_t sys_swapon(uint32_t path_user, uint32_t flags)
{
	struct blockdev *dev;
	int err;

	if (flags & ~SWAP_FLAGS_VALID)
		return -EINVAL;
	if (caller_current().uid != 0)
		return -EPERM;
	err = find_device(path_user, &dev);
	return err ? err : open_disk(dev, flags);
}

/* ---- swapoff ---- */

/* The area on dev, and what it is kept on; NULL: none. */
static struct swap_disk *find_area(const struct blockdev *dev, uint32_t *type)
{
	struct swap_area_info info;

	for (uint32_t next = 0; swap_area_info(&next, &info);) {
		struct swap_disk *d = disk_of(info.store);

		*type = info.type;
		if (info.store->io == disk_io && d->dev == dev)
			return d;
	}
	return NULL;
}

int32_t sys_swapoff(uint32_t path_user)
{
	struct blockdev *dev;
	struct swap_disk *d;
	uint32_t type;
	int err;

	if (caller_current().uid != 0)
		return -EPERM;
	err = find_device(path_user, &dev);
	d = err ? NULL : find_area(dev, &type);
	if (!err)
		err = d ? swap_remove(type) : -EINVAL;
	if (err)
		return err;
	block_release(dev);
	kfree(d);
	return 0;
}
