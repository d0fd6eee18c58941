/*
 * file.h: open files: opening, reading, writing, as the kernel itself and the system calls use
 * them.
 */
#pragma once

#include "fs/context.h"
#include "fs/vfs.h"
#include "kernel/lib/atomic.h"

/*
 * Open path relative to base (NULL: ctx's working directory; ctx NULL: the root of the tree). flags
 * are O_*, mode for O_CREAT is already masked. 0 and *out, or -errno as open(2); -ERESTARTSYS from
 * a fifo. May sleep.
 */
int file_open(struct fs_context *ctx, const struct path *base, const char *path, uint32_t flags,
	      uint32_t mode, struct file **out);

/* A file for p without asking anybody (pipes). Copies p. NULL: out of memory. */
struct file *file_alloc(const struct path *p, uint32_t flags, const struct file_ops *ops);

/* Free a file that was not opened in the end. */
void file_discard(struct file *f);

static inline struct file *file_get(struct file *f)
{
	atomic_inc(&f->refs);
	return f;
}

void file_put(struct file *f); /* NULL is allowed. The last one closes. May sleep. */

/* The access mode allows it (and it is no O_PATH file). */
bool file_readable(const struct file *f);
bool file_writable(const struct file *f);

/* Read or write at *pos (not the file's own position). Checks the access mode (-EBADF), the
 * position (-EINVAL) and the kind (-EINVAL without such an op). u->resid is at most
 * IO_BYTES_MAX. */
ssize_t file_read(struct file *f, struct uio *u, loff_t *pos);
ssize_t file_write(struct file *f, struct uio *u, loff_t *pos);

/* The same at the file's own position, which moves. */
ssize_t file_read_at_pos(struct file *f, struct uio *u);
ssize_t file_write_at_pos(struct file *f, struct uio *u);

/* The new position or -errno as lseek(2). */
loff_t file_seek(struct file *f, loff_t off, int whence);

/* file_ops.seek where nobody knows the size: directories, texts made when they are read. */
loff_t file_seek_unsized(struct file *f, loff_t off, int whence);

/* Kernel buffers: bytes read, short only at the end of the file; or -errno. */
ssize_t file_read_kernel(struct file *f, void *buf, size_t len, loff_t pos);

loff_t inode_size(const struct inode *inode);

/* Deny writing to a program file while it runs, and allow it again. 0 or -ETXTBSY. */
int inode_deny_write(struct inode *inode);
void inode_allow_write(struct inode *inode);

/* The events that hold now; pt may be NULL. */
uint32_t file_poll(struct file *f, struct poll_table *pt);
