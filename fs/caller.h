/*
 * caller.h: who asks, what time it is for them, and what they may do.
 */
#pragma once

#include "fs/vfs.h"

#define MAY_EXEC 1u /* The bits of one class of a mode, as access(2) numbers them. */
#define MAY_WRITE 2u
#define MAY_READ 4u

/* The current process, as it acts on files. */
struct fs_caller caller_current(void);

/* Wall clock time. */
struct timespec64 fs_now(void);

/* May the caller do this (MAY_* bits) with the inode? 0, -EACCES, or -EROFS for writing a file or
 * directory of a read-only file system. Root may all, but execute only what somebody may
 * execute. */
int inode_permission(const struct inode *inode, const struct fs_caller *c, uint32_t may);

/* The caller owns the inode or is root. */
bool inode_is_owner(const struct inode *inode, const struct fs_caller *c);

/* gid is one the caller belongs to. */
bool caller_in_group(const struct fs_caller *c, uint32_t gid);
