/*
 * rename.c: rename(2): the one call with two directories.
 *
 * Order of locks: rename_lock of the super when the directories differ (it keeps the tree's shape
 * still, so that ancestry means something), the ancestor directory or else the lower address, the
 * other directory, then the two inodes by address.
 */
#include "fs/dcache.h"
#include "fs/dir.h"
#include "fs/dir_internal.h"
#include "fs/inode.h"
#include "fs/mount.h"
#include "fs/writeback.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/stat.h"

struct rename {
	struct walk old, new;
	struct dentry *old_dir, *new_dir;
	struct dentry *source, *target; /* target may be negative. */
	uint32_t flags;
};

/* ---- locking ---- */

static void lock_directories(struct rename *rn)
{
	struct inode *a = rn->old_dir->inode, *b = rn->new_dir->inode;

	if (a == b) {
		mutex_lock(&a->lock);
		return;
	}
	mutex_lock(&a->super->rename_lock);
	if (dentry_is_ancestor(rn->new_dir, rn->old_dir)) {
		mutex_lock_nested(&b->lock);
		mutex_lock_nested(&a->lock);
	} else if (dentry_is_ancestor(rn->old_dir, rn->new_dir)) {
		mutex_lock_nested(&a->lock);
		mutex_lock_nested(&b->lock);
	} else {
		inode_lock_two(a, b, true);
	}
}

static void unlock_directories(struct rename *rn)
{
	struct inode *a = rn->old_dir->inode, *b = rn->new_dir->inode;

	inode_unlock_two(a, b);
	if (a != b)
		mutex_unlock(&a->super->rename_lock);
}

/* ---- checks ---- */

/* What is asked for must make sense, whoever asks. */
static int check_names(const struct rename *rn)
{
	const struct inode *source = rn->source->inode;

	if (!source)
		return -ENOENT;
	if (rn->target->inode && rn->flags & RENAME_NOREPLACE)
		return -EEXIST;
	if (!S_ISDIR(source->mode) && (rn->old.slash || rn->new.slash))
		return -ENOTDIR;
	if (dentry_is_ancestor(rn->source, rn->new_dir))
		return -EINVAL; /* Into itself. */
	if (dentry_is_ancestor(rn->target, rn->old_dir))
		return -ENOTEMPTY; /* The source is in it. */
	return 0;
}

static int check_source(const struct rename *rn)
{
	const struct inode *source = rn->source->inode;
	int err = dir_may_remove(rn->old_dir->inode, rn->source, &rn->old.caller);

	if (!err && S_ISDIR(source->mode) && rn->old_dir != rn->new_dir) /* Its ".." changes. */
		err = inode_permission(source, &rn->old.caller, MAY_WRITE);
	return err;
}

static int check_target(const struct rename *rn)
{
	const struct inode *source = rn->source->inode, *target = rn->target->inode;
	int err;

	if (!target)
		return dir_may_add(rn->new_dir->inode, &rn->new.caller);
	err = dir_may_remove(rn->new_dir->inode, rn->target, &rn->new.caller);
	if (err)
		return err;
	if (S_ISDIR(target->mode) && !S_ISDIR(source->mode))
		return -EISDIR;
	if (!S_ISDIR(target->mode) && S_ISDIR(source->mode))
		return -ENOTDIR;
	return 0;
}

/* ---- doing it ---- */

/* All four are locked. */
static int rename_locked(struct rename *rn)
{
	struct inode *from = rn->old_dir->inode, *to = rn->new_dir->inode;
	char *storage;
	int err;

	if (!from->ops->rename)
		return -EPERM;
	if (dentry_is_mountpoint(rn->source) || dentry_is_mountpoint(rn->target))
		return -EBUSY;
	err = dentry_move_prepare(rn->target, &storage);
	if (err)
		return err;
	err = from->ops->rename(from, rn->source->name, rn->source->len, rn->source->inode, to,
				rn->target->name, rn->target->len, rn->target->inode);
	if (err) {
		dentry_move_cancel(storage);
		return err;
	}
	dentry_move(rn->source, rn->target, storage);
	inode_touch(from, INODE_MTIME | INODE_CTIME);
	if (to != from)
		inode_touch(to, INODE_MTIME | INODE_CTIME);
	inode_touch(rn->source->inode, INODE_CTIME);
	if (rn->target->inode) {
		inode_touch(rn->target->inode, INODE_CTIME);
		dentry_forget_children(rn->target);
	}
	return 0;
}

static int rename_found(struct rename *rn)
{
	struct inode *source = rn->source->inode, *target = rn->target->inode;
	int err = check_names(rn);

	if (err || source == target)
		return err; /* Two names of one file: POSIX says do nothing. */
	err = check_source(rn);
	if (!err)
		err = check_target(rn);
	if (err)
		return err;
	inode_lock_two(source, target, true);
	err = rename_locked(rn);
	inode_unlock_two(source, target);
	return err;
}

/* Both directories are locked: find both names, then the rest. */
static int rename_names(struct rename *rn)
{
	int err = dentry_lookup_locked(rn->old_dir, rn->old.last, rn->old.last_len, &rn->source);

	if (err)
		return err;
	err = dentry_lookup_locked(rn->new_dir, rn->new.last, rn->new.last_len, &rn->target);
	if (!err)
		err = rename_found(rn);
	return err;
}

static int rename_walked(struct rename *rn)
{
	int err;

	if (rn->old.at.mount != rn->new.at.mount)
		return -EXDEV;
	if (rn->old.kind != LAST_NAME)
		return -EBUSY;
	if (rn->new.kind != LAST_NAME)
		return rn->flags & RENAME_NOREPLACE ? -EEXIST : -EBUSY;
	rn->old_dir = rn->old.at.dentry;
	rn->new_dir = rn->new.at.dentry;
	if (!S_ISDIR(rn->old_dir->inode->mode) || !S_ISDIR(rn->new_dir->inode->mode))
		return -ENOTDIR;
	lock_directories(rn);
	err = rename_names(rn);
	unlock_directories(rn);
	if (!err && rn->target->inode && rn->target->inode->nlink == 0)
		writeback_wait(rn->target->inode);
	dentry_put(rn->source);
	dentry_put(rn->target);
	return err;
}

int vfs_rename(const struct lookup *from, const char *old_path, const struct lookup *to,
	       const char *new_path, uint32_t flags)
{
	struct rename rn = {.flags = flags};
	int err, new_err;

	if (flags & ~RENAME_NOREPLACE)
		return -EINVAL;
	err = walk_begin(&rn.old, from, old_path);
	new_err = walk_begin(&rn.new, to, new_path);
	if (!err)
		err = walk_to_last(&rn.old);
	if (!err)
		err = new_err ? new_err : walk_to_last(&rn.new);
	if (!err)
		err = rename_walked(&rn);
	walk_end(&rn.new);
	walk_end(&rn.old);
	return err;
}
