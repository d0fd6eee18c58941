/*
 * attr.h: reading and changing what an inode says about itself.
 *
 * All give 0 or -errno as the system call of their name, check the permissions of c, and may sleep.
 */
#pragma once

#include "fs/caller.h"

/* What the stat calls tell, in the widest form. */
struct kstat {
	uint64_t ino, blocks; /* 512-byte units. */
	loff_t size;
	uint32_t dev, rdev, mode, nlink, uid, gid, blksize;
	struct timespec64 atime, mtime, ctime;
};

void inode_stat(struct inode *inode, struct kstat *st);

int inode_chmod(struct inode *inode, uint32_t mode, const struct fs_caller *c);

/* Others than root who write to a file take its set-id bits away. The inode is locked. */
void inode_drop_set_ids(struct inode *inode, const struct fs_caller *c);

/* UINT32_MAX leaves one as it is. */
int inode_chown(struct inode *inode, uint32_t uid, uint32_t gid, const struct fs_caller *c);

/* nsec may be UTIME_NOW or UTIME_OMIT. */
int inode_utimes(struct inode *inode, struct timespec64 atime, struct timespec64 mtime,
		 const struct fs_caller *c);

/* -EFBIG beyond the file system's or the caller's limit. Permission to write is the caller's
 * matter. */
int inode_truncate(struct inode *inode, loff_t size, const struct fs_caller *c);

/* Make sure that [off, off + len) has room, growing the file if need be unless keep_size: fallocate(2).
 * -ENOSPC with the size as it was; -EOPNOTSUPP where the file system cannot. */
int inode_allocate(struct inode *inode, loff_t off, loff_t len, bool keep_size,
		   const struct fs_caller *c);

/* [off, off + len) becomes a hole. */
int inode_punch(struct inode *inode, loff_t off, loff_t len, const struct fs_caller *c);
