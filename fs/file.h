/*
 * file.h: open files: opening, reading, writing, as the kernel itself and the system calls use them.
 */
#pragma once

#include "fs/vfs.h"

/*
 * Open path relative to base (NULL: ctx's working directory). flags are O_*, mode for O_CREAT is already
 * masked. ctx says whose root and working directory. 0 and *out, or -errno as open(2).
 */
struct fs_context;
int file_open(const struct fs_context *ctx, const struct path *base, const char *path, uint32_t flags,
	      uint32_t mode, struct file **out);

static inline struct file *file_get(struct file *f)
{
	atomic_inc(&f->refs);
	return f;
}

void file_put(struct file *f); /* NULL is allowed. The last one closes. May sleep. */

/* Read or write at *pos (not the file's own position). Checks the access mode (-EBADF). */
ssize_t file_read(struct file *f, struct uio *u, loff_t *pos);
ssize_t file_write(struct file *f, struct uio *u, loff_t *pos);

/* Kernel buffers: bytes read, short only at the end of the file; or -errno. */
ssize_t file_read_kernel(struct file *f, void *buf, size_t len, loff_t pos);

loff_t inode_size(struct inode *inode);

/* Deny writing to a program file while it runs, and allow it again. 0 or -ETXTBSY. */
int inode_deny_write(struct inode *inode);
void inode_allow_write(struct inode *inode);
