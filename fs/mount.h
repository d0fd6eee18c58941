/*
 * mount.h: the mount table: which super's root stands over which place in the tree.
 *
 *	vfs_mount_root(cdrom);			the tree begins
 *	vfs_mount(ctx, "tmpfs", &tmp, "tmpfs", 0, "size=1m");
 *	vfs_umount(&tmp);
 *
 * Locks: dcache_lock guards the table, the links between mounts and their references. mount_mutex
 * (RANK_PROC) is held while the table changes.
 */
#pragma once

#include "fs/place.h"
#include "fs/super.h"

struct fs_context;

struct mount {
	uint32_t refs; /* One of the table, one per path and per mount upon it. */
	uint32_t id;
	struct super *super;
	struct mount *parent;	   /* NULL: the root of the tree, or not in it. */
	struct dentry *mountpoint; /* In parent; NULL as above. A reference. */
	char *source;		   /* As the user named it. */
	struct list link;	   /* The table, oldest first. */
};

/* Mount the CD's iso9660 as the root of everything and devtmpfs on its /dev. NULL, or an image
 * without /dev: -ENODEV, -ENOENT. 0 or -errno. Once. */
int vfs_mount_root(struct blockdev *cd);

/* The root of the tree, with references. */
void vfs_root(struct path *out);

/* mount(2): flags are MS_*. source is looked up from ctx when the type needs a device. May sleep.
 * 0 or -errno as mount(2): -ENODEV (no such type), -ENOTBLK, -ENXIO, -ENOTDIR, -EBUSY, -EINVAL. */
int vfs_mount(struct fs_context *ctx, const char *source, const struct path *target,
	      const char *type, uint32_t flags, const char *options);

/* umount(2) of the mount whose root target is; takes over the references of target. 0; -EINVAL when
 * it is no mount's root; -EBUSY while anything uses it. May sleep. */
int vfs_umount(struct path *target);

/* A mount of s that is in no tree, for pipes: never ends. Takes over the reference on s. NULL: no
 * memory. */
struct mount *mount_create_nameless(struct super *s);

/* For the walk across mounts: drop a path's reference, and what is mounted over a place (NULL:
 * nothing; dcache_lock held). */
void mount_put(struct mount *m);
struct mount *mount_over_locked(const struct path *p);

/* A place where this inode is, as far as names are known, with references. False: nowhere. */
bool path_of_inode(const struct inode *inode, struct path *out);

/* The mount after prev in the table with a reference (prev's is dropped); NULL first and last. */
struct mount *mount_next(struct mount *prev);
