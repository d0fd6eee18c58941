/* dir_internal.h: checks that dir.c and rename.c share. */
#pragma once

#include "fs/caller.h"

struct dentry;

/* May the caller add a name to dir (locked)? 0, -ENOENT (removed), -EACCES, -EROFS. */
int dir_may_add(const struct inode *dir, const struct fs_caller *c);

/* May the caller take d, which is positive, out of dir? 0, -EACCES, -EROFS, -EPERM (sticky). */
int dir_may_remove(const struct inode *dir, const struct dentry *d, const struct fs_caller *c);

/* Something is mounted on it, so it must stay where it is. */
bool dentry_is_mountpoint(const struct dentry *d);
