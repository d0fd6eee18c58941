/*
 * tmpfs.h: the file system in memory. devfs is one that is filled with device nodes.
 */
#pragma once

#include "fs/super.h"

/* fs_type.mount of tmpfs. Options: size=BYTES[k|m|g] or size=N%, nr_inodes=N, mode=OCTAL, uid=,
 * gid=; unknown ones are -EINVAL. */
int tmpfs_mount(struct super *s, const char *options, struct inode **root);

/* For devfs: a node or a symbolic link (target not NULL) in a directory nobody else knows yet. 0 or
 * -ENOMEM. */
int tmpfs_add(struct inode *dir, const char *name, uint32_t mode, uint32_t rdev, const char *target,
	      struct inode **out);

/* A file that is in no directory, with one reference. 0, -ENOSPC or -ENOMEM. */
int tmpfs_create_unnamed(struct super *s, uint32_t mode, struct inode **out);

void tmpfs_init(void);
