/*
 * device.c: files that are devices.
 *
 * A character device's open keeps a handle in file->private. A block device is read and written
 * through its own page cache, which a file system on it shares.
 */
#include "fs/device.h"

#include "drivers/block.h"
#include "drivers/chardev.h"
#include "fs/file.h"
#include "fs/filemap.h"
#include "fs/pipe.h"
#include "fs/writeback.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/poll.h"
#include "kernel/abi/stat.h"
#include "mm/kmalloc.h"

/* ---- character devices ---- */

KMEM_CACHE(handle_cache, struct chardev_handle);

static const struct file_ops chardev_seekable_ops, chardev_zero_ops;

static struct chardev_handle *handle_of(const struct file *f)
{
	return f->private;
}

static bool is_nonblocking(const struct file *f)
{
	return atomic_load(&f->flags) & O_NONBLOCK;
}

static int chardev_file_open(struct file *f)
{
	struct chardev_handle *h = kmem_cache_zalloc(&handle_cache);
	uint32_t rdev = f->inode->rdev;
	int err;

	if (!h)
		return -ENOMEM;
	err = chardev_open(h, dev_major(rdev), dev_minor(rdev), f->flags & O_NOCTTY);
	if (err) {
		kmem_cache_free(&handle_cache, h);
		return err;
	}
	f->private = h;
	if (h->dev->ops->maps_anonymous)
		f->ops = &chardev_zero_ops;
	else if (h->dev->ops->can_seek)
		f->ops = &chardev_seekable_ops;
	return 0;
}

static void chardev_file_release(struct file *f)
{
	chardev_close(handle_of(f));
	kmem_cache_free(&handle_cache, handle_of(f));
}

static ssize_t chardev_file_read(struct file *f, struct uio *u, loff_t *pos)
{
	struct chardev_handle *h = handle_of(f);

	(void)pos;
	return h->dev->ops->read ? h->dev->ops->read(h, u, is_nonblocking(f)) : -EINVAL;
}

static ssize_t chardev_file_write(struct file *f, struct uio *u, loff_t *pos)
{
	struct chardev_handle *h = handle_of(f);

	(void)pos;
	return h->dev->ops->write ? h->dev->ops->write(h, u, is_nonblocking(f)) : -EINVAL;
}

static int chardev_file_ioctl(struct file *f, uint32_t cmd, uint32_t arg)
{
	struct chardev_handle *h = handle_of(f);

	return h->dev->ops->ioctl ? h->dev->ops->ioctl(h, cmd, arg) : -ENOTTY;
}

static uint32_t chardev_file_poll(struct file *f, struct poll_table *pt)
{
	struct chardev_handle *h = handle_of(f);

	if (!h->dev->ops->poll)
		return POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;
	return h->dev->ops->poll(h, pt);
}

/* Positions of /dev/null and its like are accepted and mean nothing. */
static loff_t chardev_file_seek(struct file *f, loff_t off, int whence)
{
	(void)f;
	(void)off;
	(void)whence;
	return 0;
}

static const struct file_ops chardev_ops = {
	.open = chardev_file_open,
	.read = chardev_file_read,
	.write = chardev_file_write,
	.ioctl = chardev_file_ioctl,
	.poll = chardev_file_poll,
	.release = chardev_file_release,
};

static const struct file_ops chardev_seekable_ops = {
	.read = chardev_file_read,
	.write = chardev_file_write,
	.seek = chardev_file_seek,
	.ioctl = chardev_file_ioctl,
	.poll = chardev_file_poll,
	.release = chardev_file_release,
	.positioned = true,
};

static const struct file_ops chardev_zero_ops = {
	.read = chardev_file_read,
	.write = chardev_file_write,
	.seek = chardev_file_seek,
	.ioctl = chardev_file_ioctl,
	.poll = chardev_file_poll,
	.release = chardev_file_release,
	.maps_anonymous = true,
	.positioned = true,
};

/* ---- block devices ---- */

static struct blockdev *blockdev_of(const struct file *f)
{
	return f->private;
}

static int blockdev_file_open(struct file *f)
{
	struct blockdev *dev =
		block_find_number(dev_major(f->inode->rdev), dev_minor(f->inode->rdev));

	if (!dev)
		return -ENXIO;
	if (dev->read_only && file_writable(f))
		return -EROFS;
	f->private = dev;
	return dev->sectors > 0 || is_nonblocking(f) ? 0 : block_revalidate(dev);
}

static ssize_t blockdev_file_read(struct file *f, struct uio *u, loff_t *pos)
{
	struct blockdev *dev = blockdev_of(f);

	return filemap_read_backing(f, (loff_t)block_bytes(dev), u, pos);
}

static ssize_t blockdev_file_write(struct file *f, struct uio *u, loff_t *pos)
{
	struct blockdev *dev = blockdev_of(f);

	return filemap_write_backing(&dev->backing, (loff_t)block_bytes(dev), u, pos);
}

static loff_t blockdev_file_seek(struct file *f, loff_t off, int whence)
{
	return filemap_seek_in(&f->pos, (loff_t)block_bytes(blockdev_of(f)), off, whence);
}

static int blockdev_file_ioctl(struct file *f, uint32_t cmd, uint32_t arg)
{
	return block_ioctl(blockdev_of(f), cmd, arg);
}

static int blockdev_file_fsync(struct file *f, bool data_only)
{
	struct blockdev *dev = blockdev_of(f);
	int err = block_sync(dev), earlier = writeback_error(&dev->backing);

	(void)data_only;
	return err ? err : earlier;
}

static struct backing *blockdev_file_mmap(struct file *f)
{
	return &blockdev_of(f)->backing;
}

/* What was written reaches the disk at the latest when the file is closed. */
static void blockdev_file_release(struct file *f)
{
	if (file_writable(f))
		writeback_pages(&blockdev_of(f)->backing);
}

static const struct file_ops blockdev_ops = {
	.open = blockdev_file_open,
	.read = blockdev_file_read,
	.write = blockdev_file_write,
	.seek = blockdev_file_seek,
	.ioctl = blockdev_file_ioctl,
	.fsync = blockdev_file_fsync,
	.mmap = blockdev_file_mmap,
	.release = blockdev_file_release,
	.positioned = true,
};

const struct file_ops *special_file_ops(uint32_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFCHR:
		return &chardev_ops;
	case S_IFBLK:
		return &blockdev_ops;
	case S_IFIFO:
		return &pipe_file_ops;
	default:
		return NULL;
	}
}
