/*
 * inode.h: inodes: making, finding, sharing and ending them; their size and times.
 *
 * A file system finds its inodes either by number through the cache here (those on a disk) or by
 * pointers of its own (those in memory).
 *
 *	err = inode_find(super, ino, &inode, &fresh);	a reference
 *	if (!err && fresh) {				ours to read; others wait
 *		err = read it from the disk;
 *		inode_filled(inode, err);		on error our reference is gone too
 *	}
 */
#pragma once

#include "fs/vfs.h"

/* A new inode of s that no cache knows, with one reference: everything zero but number, super,
 * times (now) and nlink 1. Its backing is empty, with ops. NULL: out of memory. */
struct inode *inode_alloc(struct super *s, uint64_t ino, const struct backing_ops *ops);

/* The inode of this number: from the cache (*fresh false, may wait until it is filled), or new as
 * of inode_alloc (*fresh true) and to be filled by the caller. 0, -ENOMEM, or -EIO: somebody failed
 * to fill it just now. May sleep. */
int inode_find(struct super *s, uint64_t ino, const struct backing_ops *ops, struct inode **out,
	       bool *fresh);
void inode_filled(struct inode *inode, int err);

static inline struct inode *inode_get(struct inode *inode)
{
	atomic_inc(&inode->refs);
	return inode;
}

/* The last one ends the inode. NULL is allowed. May sleep. */
void inode_put(struct inode *inode);

/* Wait until s has no inode in memory: somebody may still look at one for a moment when its files are
 * closed. May sleep. */
void inode_await_none(struct super *s);

/* cache_shrink over the contents of all hashed inodes. May sleep. Returns the frames given back. */
uint32_t inode_shrink_caches(uint32_t want);

/* The get and put that a file system's backing_ops use: a mapping holds the inode. */
void inode_backing_get(struct backing *b);
void inode_backing_put(struct backing *b);

/* Does the backing belong to an inode at all? */
static inline bool backing_is_inode(const struct backing *b)
{
	return b->ops->get == inode_backing_get;
}

static inline struct inode *inode_of_backing(struct backing *b)
{
	return container_of(b, struct inode, backing);
}

loff_t inode_size(const struct inode *inode);

/* Set the size, and how many pages the backing has. inode->lock held, or nobody else knows it
 * yet. */
void inode_set_size(struct inode *inode, loff_t size);

/* Something changed: bring the times (INODE_*TIME bits) up to now and tell the file system. */
#define INODE_ATIME 1u
#define INODE_MTIME 2u
#define INODE_CTIME 4u
void inode_touch(struct inode *inode, uint32_t which);

/* It was read: bring atime up to date if that is worth it (as relatime: not newer than mtime or
 * ctime, or a day old). */
void inode_accessed(struct inode *inode);

/* Lock two different inodes by address, or one when they are the same; NULLs are left out. nested:
 * another inode's lock is held already. */
void inode_lock_two(struct inode *a, struct inode *b, bool nested);
void inode_unlock_two(struct inode *a, struct inode *b);

/* Deny writing to a program file while it runs, and allow it again. 0 or -ETXTBSY. */
int inode_deny_write(struct inode *inode);
void inode_allow_write(struct inode *inode);

/* Open for writing, and no longer. 0, or -ETXTBSY while a program runs from it. */
int inode_get_write(struct inode *inode);
void inode_put_write(struct inode *inode);
