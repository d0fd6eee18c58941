/*
 * filemap.h: the one bridge between files and mm: reading and writing through the page cache.
 *
 * A page is looked up or brought in, and then bytes are copied while it is referenced but not BUSY
 * and with no spinlock held: the user's side of the copy may fault, even on the very same page.
 */
#pragma once

#include "fs/vfs.h"

/* Largest file the page cache can index. */
#define FILEMAP_MAX_BYTES ((loff_t)UINT32_MAX << 12)

/* file_ops of a regular file whose contents are inode->backing. Reading takes no lock; writing is
 * atomic against other writers by inode->lock. */
ssize_t filemap_read(struct file *f, struct uio *u, loff_t *pos);
ssize_t filemap_read_sparse(struct file *f, struct uio *u,
			    loff_t *pos); /* Absent pages are zero. */
ssize_t filemap_write(struct file *f, struct uio *u, loff_t *pos);
loff_t filemap_seek(struct file *f, loff_t off, int whence);
loff_t filemap_seek_sparse(struct file *f, loff_t off, int whence); /* Absent pages are holes. */
int filemap_fsync(struct file *f, bool data_only);
int filemap_sync(struct backing *b); /* The op of an inode's backing. */
struct backing *filemap_mmap(struct file *f);

/* The same over any backing (f's own) that holds size bytes: block devices. Writing stops at size
 * (-ENOSPC). */
ssize_t filemap_read_backing(struct file *f, loff_t size, struct uio *u, loff_t *pos);
ssize_t filemap_write_backing(struct backing *b, loff_t size, struct uio *u, loff_t *pos);

/* posix_fadvise(2), checked by the caller: bytes [off, off + len), len 0 for all from off on. What is wanted is
 * read before this returns, what is not wanted leaves the cache if it is clean. May sleep. */
void filemap_advise(struct file *f, loff_t off, loff_t len, uint32_t advice);

/* lseek(2) in something of this size whose position is *pos. The new position or -EINVAL,
 * -ENXIO. */
loff_t filemap_seek_in(loff_t *pos, loff_t size, loff_t off, int whence);

/* Set a file's size: pages beyond go, bytes between the end and its page's end become zero. The
 * inode is locked. What an inode_ops.truncate without a store is. */
int filemap_truncate(struct inode *inode, loff_t size);

/* inode_ops.allocate and .punch of a file without a store: bring every page of [off, end) into the cache, or
 * take them out. The inode is locked. On failure to allocate the size is as before. */
int filemap_allocate(struct inode *inode, loff_t off, loff_t end, bool keep_size);
int filemap_punch(struct inode *inode, loff_t off, loff_t end);
