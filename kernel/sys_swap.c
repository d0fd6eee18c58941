/*
 * sys_swap.c: swapon and swapoff: areas on disks and partitions. A file is refused (-EINVAL), because its blocks
 * may move; its owner can use a partition.
 *
 * Lock: disks_lock (RANK_PROC) is held while one area comes or goes, so that its disk is not another's meanwhile.
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
#include "kernel/sync/mutex.h"
#include "kernel/syscall.h"
#include "kernel/user_path.h"
#include "mm/kmalloc.h"
#include "mm/kmap.h"
#include "mm/pageout.h"
#include "mm/swap.h"

#define TRIES 16 /* Then there is too little memory for the map of such an area. */

struct swap_disk {
	struct swap_store store;
	struct blockdev *dev;
	char path[16];
};

static struct mutex disks_lock = MUTEX_INIT(disks_lock, RANK_PROC);

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

/* What the first page says now: whoever has the disk open may go on writing to it. 0 or -errno. */
static int read_header(struct blockdev *dev, struct swap_header *h)
{
	struct frame *f;
	void *va;
	int err = block_sync(dev); /* mkswap may just have written it. */

	if (!err)
		err = cache_get(&dev->backing, 0, &f);
	if (err)
		return err == -ENXIO ? -EINVAL : err;
	va = kmap(f);
	memcpy(h, va, sizeof(*h));
	kunmap(f, va);
	frame_put(f);
	return check_header(h, block_bytes(dev) / PAGE_SIZE);
}

/* Make an area of the disk, which is ours alone; h is room for its header. 0 or -errno. */
static int add_disk(struct swap_disk *d, struct swap_header *h, uint32_t flags)
{
	int32_t priority = flags & SWAP_FLAG_PREFER ? (int32_t)(flags & SWAP_FLAG_PRIO_MASK)
						    : SWAP_PRIORITY_NONE;
	int err = read_header(d->dev, h);

	if (!err)
		err = swap_add(&d->store, h->last_page + 1, priority, h->bad, h->bad_count);
	if (err < 0)
		return err;
	log("swap: %s: %u pages\n", d->path, h->last_page - h->bad_count);
	return 0;
}

static int open_disk(struct blockdev *dev, uint32_t flags)
{
	struct swap_header *h;
	struct swap_disk *d;
	int err = -ENOMEM;

	if (dev->read_only)
		return -EROFS;
	if (!block_claim(dev))
		return -EBUSY;
	d = kzalloc(sizeof(*d));
	h = kmalloc(sizeof(*h));
	if (d && h) {
		d->dev = dev;
		d->store.io = disk_io;
		d->store.name = d->path;
		snprintf(d->path, sizeof(d->path), "/dev/%s", dev->name);
		err = add_disk(d, h, flags);
	}
	kfree(h);
	if (!err)
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
	if (err)
		return err;
	for (uint32_t i = 0; i < TRIES; i++) { /* Short of memory is when one wants it. */
		mutex_lock(&disks_lock);
		err = open_disk(dev, flags);
		mutex_unlock(&disks_lock);
		if (err != -ENOMEM || !pageout_wait())
			break;
	}
	return err;
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

static int close_disk(struct blockdev *dev)
{
	uint32_t type;
	struct swap_disk *d = find_area(dev, &type);
	int err = d ? swap_remove(type) : -EINVAL;

	if (err)
		return err;
	block_release(dev);
	kfree(d);
	return 0;
}

int32_t sys_swapoff(uint32_t path_user)
{
	struct blockdev *dev;
	int err;

	if (caller_current().uid != 0)
		return -EPERM;
	err = find_device(path_user, &dev);
	if (err)
		return err;
	err = mutex_lock_interruptible(&disks_lock); /* Another swapoff may be long in it. */
	if (err)
		return err;
	err = close_disk(dev);
	mutex_unlock(&disks_lock);
	return err;
}
