/*
 * super.h: file system types and their mounted instances.
 */
#pragma once

#include "fs/vfs.h"

/* What statfs(2) tells; blocks are of bsize bytes. */
struct statfs_info {
	uint32_t type, bsize;
	uint64_t blocks, bfree, files, ffree;
	uint64_t reserved; /* Of bfree: the last, for root only. */
};

/* Enter a type for good. */
void fs_type_register(struct fs_type *type);
struct fs_type *fs_type_find(const char *name);	    /* NULL: no such type. */
struct fs_type *fs_type_next(struct fs_type *prev); /* NULL first and last. */

/*
 * An instance of type on dev, or the one that is there already when type is single or has dev in
 * use, with a reference. flags are SUPER_*. 0 or -errno: -ENOMEM, -EBUSY (dev is in use with other
 * flags or by another type), or what the type says. May sleep.
 */
int super_open(struct fs_type *type, struct blockdev *dev, const char *options, uint32_t flags,
	       struct super **out);

/* The last one ends the instance; its files must all be closed. May sleep. */
void super_put(struct super *s);

/* Write everything of s to its device, and out of the device's own cache. 0 or the first error. May
 * sleep. */
int super_sync(struct super *s);

/* The same for all instances, and for devices that are written to without one. */
void super_sync_all(void);

/* Write everything, and leave it as an umount does: the machine is about to end. May sleep. */
void super_stop_all(void);

/* Become read-only or writable. 0; -EBUSY while a file is open for writing; -EROFS when the device
 * is read-only; the first error of writing, and s is as before. May sleep. */
int super_set_readonly(struct super *s, bool readonly);
