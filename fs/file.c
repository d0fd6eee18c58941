/*
 * file.c: open files as objects.
 *
 * A file lives as long as a descriptor, a mapping's opener or a call in progress holds it. Files
 * that have a position guard it with pos_lock; others (terminals, pipes) must not, because their
 * readers wait without end and could not be interrupted in the lock.
 */
#include "fs/file.h"

#include "fs/dcache.h"
#include "fs/filelock.h"
#include "fs/inode.h"
#include "fs/mount.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/poll.h"
#include "kernel/abi/stat.h"
#include "mm/kmalloc.h"

KMEM_CACHE(file_cache, struct file);

struct file *file_alloc(const struct path *p, uint32_t flags, const struct file_ops *ops)
{
	struct file *f = kmem_cache_zalloc(&file_cache);

	if (!f)
		return NULL;
	f->refs = 1;
	f->ops = ops;
	f->path = path_get(p);
	f->inode = p->dentry->inode;
	f->flags = flags;
	mutex_init(&f->pos_lock, "file_pos", RANK_PROC);
	return f;
}

void file_discard(struct file *f)
{
	path_put(&f->path);
	kmem_cache_free(&file_cache, f);
}

void file_put(struct file *f)
{
	if (!f || atomic_dec_return(&f->refs) > 0)
		return;
	filelock_release_file(f);
	if (f->ops->release)
		f->ops->release(f);
	if (file_writable(f) && S_ISREG(f->inode->mode))
		inode_put_write(f->inode);
	file_discard(f);
}

bool file_readable(const struct file *f)
{
	uint32_t mode = f->flags & O_ACCMODE; /* 3 allows neither: only ioctl. */

	return !(f->flags & O_PATH) && (mode == O_RDONLY || mode == O_RDWR);
}

bool file_writable(const struct file *f)
{
	uint32_t mode = f->flags & O_ACCMODE;

	return !(f->flags & O_PATH) && (mode == O_WRONLY || mode == O_RDWR);
}

ssize_t file_read(struct file *f, struct uio *u, loff_t *pos)
{
	if (!file_readable(f))
		return -EBADF;
	if (*pos < 0)
		return -EINVAL;
	return f->ops->read ? f->ops->read(f, u, pos) : -EINVAL;
}

ssize_t file_write(struct file *f, struct uio *u, loff_t *pos)
{
	if (!file_writable(f))
		return -EBADF;
	if (*pos < 0)
		return -EINVAL;
	return f->ops->write ? f->ops->write(f, u, pos) : -EINVAL;
}

/* fn at the file's own position, under pos_lock if it has one. */
static ssize_t transfer_at_pos(struct file *f, struct uio *u,
			       ssize_t (*fn)(struct file *, struct uio *, loff_t *))
{
	loff_t pos = 0;
	ssize_t n;

	if (!f->ops->positioned)
		return fn(f, u, &pos);
	mutex_lock(&f->pos_lock);
	pos = f->pos;
	n = fn(f, u, &pos);
	if (n >= 0)
		f->pos = pos;
	mutex_unlock(&f->pos_lock);
	return n;
}

ssize_t file_read_at_pos(struct file *f, struct uio *u)
{
	return transfer_at_pos(f, u, file_read);
}

ssize_t file_write_at_pos(struct file *f, struct uio *u)
{
	return transfer_at_pos(f, u, file_write);
}

loff_t file_seek(struct file *f, loff_t off, int whence)
{
	loff_t pos;

	if (f->flags & O_PATH)
		return -EBADF;
	if (!f->ops->seek)
		return -ESPIPE;
	mutex_lock(&f->pos_lock);
	pos = f->ops->seek(f, off, whence);
	mutex_unlock(&f->pos_lock);
	return pos;
}

loff_t file_seek_unsized(struct file *f, loff_t off, int whence)
{
	if (whence != SEEK_SET && whence != SEEK_CUR)
		return -EINVAL;
	if (__builtin_add_overflow(off, whence == SEEK_CUR ? f->pos : 0, &off) || off < 0)
		return -EINVAL;
	f->pos = off;
	return off;
}

ssize_t file_read_kernel(struct file *f, void *buf, size_t len, loff_t pos)
{
	struct uio u;

	uio_init_kernel(&u, buf, len);
	while (u.resid > 0) {
		ssize_t n = file_read(f, &u, &pos);

		if (n < 0)
			return n;
		if (n == 0)
			break;
	}
	return (ssize_t)(len - u.resid);
}

uint32_t file_poll(struct file *f, struct poll_table *pt)
{
	if (f->flags & O_PATH)
		return POLLNVAL;
	if (!f->ops->poll)
		return POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;
	return f->ops->poll(f, pt);
}
