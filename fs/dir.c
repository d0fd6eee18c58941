/*
 * dir.c: changing directories.
 *
 * Each call walks to the directory of the last name, locks it, looks the name up again, checks, and
 * asks the file system; the dentry cache follows. rename.c has the call that needs two directories.
 */
#include "fs/dir.h"

#include "fs/dcache.h"
#include "fs/dir_internal.h"
#include "fs/file.h"
#include "fs/filemap.h"
#include "fs/inode.h"
#include "fs/mount.h"
#include "fs/writeback.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/stat.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"

/* ---- checks ---- */

int dir_may_add(const struct inode *dir, const struct fs_caller *c)
{
	if (dir->nlink == 0)
		return -ENOENT;
	return inode_permission(dir, c, MAY_WRITE | MAY_EXEC);
}

int dir_may_remove(const struct inode *dir, const struct dentry *d, const struct fs_caller *c)
{
	int err = inode_permission(dir, c, MAY_WRITE | MAY_EXEC);

	if (err)
		return err;
	/* In a sticky directory only the owners of file and directory may. */
	if (dir->mode & S_ISVTX && c->uid != 0 && c->uid != dir->uid && c->uid != d->inode->uid)
		return -EPERM;
	return 0;
}

bool dentry_is_mountpoint(const struct dentry *d)
{
	return atomic_load(&d->flags) & DENTRY_MOUNTED;
}

/* ---- making ---- */

/* Owner and mode of a new inode: the caller's, but a set-group-id directory hands its group down; to a
 * program of that group only who is in it may give the group's rights. */
static void inherit_owner(struct inode *inode, const struct inode *dir, const struct fs_caller *c)
{
	inode->uid = c->uid;
	inode->gid = c->gid;
	if (!(dir->mode & S_ISGID))
		return;
	inode->gid = dir->gid;
	if (S_ISDIR(inode->mode))
		inode->mode |= S_ISGID;
	else if (c->uid != 0 && inode->mode & S_IXGRP && !caller_in_group(c, inode->gid))
		inode->mode &= ~S_ISGID;
}

/* The new inode is ready: make the name positive. */
static void finish_creation(struct inode *dir, struct dentry *d, struct inode *inode,
			    const struct fs_caller *c)
{
	inherit_owner(inode, dir, c);
	inode_touch(inode, INODE_CTIME);
	inode_touch(dir, INODE_MTIME | INODE_CTIME);
	dentry_instantiate(d, inode);
}

int dir_create_locked(struct dentry *dir, struct dentry *d, const struct fs_caller *c,
		      uint32_t mode, uint32_t rdev)
{
	const struct inode_ops *ops = dir->inode->ops;
	struct inode *inode;
	int err = dir_may_add(dir->inode, c);

	if (!err)
		err = ops->create ? ops->create(dir->inode, d->name, d->len, mode, rdev, &inode)
				  : -EPERM;
	if (!err)
		finish_creation(dir->inode, d, inode, c);
	return err;
}

/* A name that is to be made: the directory is locked, d is negative. */
struct creation {
	struct walk walk;
	struct dentry *dir, *d;
};

static void creation_end(struct creation *cr)
{
	if (cr->d) {
		mutex_unlock(&cr->dir->inode->lock);
		dentry_put(cr->d);
	}
	walk_end(&cr->walk);
}

/* creation_end is called in any case. */
static int creation_begin(struct creation *cr, const struct lookup *from, const char *path,
			  bool is_dir)
{
	int err = walk_begin(&cr->walk, from, path);

	cr->d = NULL;
	if (!err)
		err = walk_to_last(&cr->walk);
	if (err)
		return err;
	if (cr->walk.kind != LAST_NAME)
		return -EEXIST;
	cr->dir = cr->walk.at.dentry;
	if (!S_ISDIR(cr->dir->inode->mode))
		return -ENOTDIR;
	mutex_lock(&cr->dir->inode->lock);
	err = dentry_lookup_locked(cr->dir, cr->walk.last, cr->walk.last_len, &cr->d);
	if (err) {
		mutex_unlock(&cr->dir->inode->lock);
		cr->d = NULL;
		return err;
	}
	if (cr->d->inode)
		return -EEXIST;
	if (cr->walk.slash && !is_dir)
		return -ENOENT;
	return dir_may_add(cr->dir->inode, &cr->walk.caller);
}

int vfs_mknod(const struct lookup *from, const char *path, uint32_t mode, uint32_t rdev)
{
	struct creation cr;
	int err = creation_begin(&cr, from, path, S_ISDIR(mode));

	if (!err && (S_ISCHR(mode) || S_ISBLK(mode)) && cr.walk.caller.uid != 0)
		err = -EPERM;
	if (!err)
		err = dir_create_locked(cr.dir, cr.d, &cr.walk.caller, mode, rdev);
	creation_end(&cr);
	return err;
}

int vfs_symlink(const struct lookup *from, const char *path, const char *target)
{
	struct creation cr;
	struct inode *dir, *inode;
	int err;

	if (!*target)
		return -ENOENT;
	err = creation_begin(&cr, from, path, false);
	if (!err) {
		dir = cr.dir->inode;
		err = dir->ops->symlink
			      ? dir->ops->symlink(dir, cr.d->name, cr.d->len, target, &inode)
			      : -EPERM;
		if (!err)
			finish_creation(dir, cr.d, inode, &cr.walk.caller);
	}
	creation_end(&cr);
	return err;
}

/* dir is locked; the file's own lock guards its number of links. */
static int link_locked(struct inode *dir, struct dentry *d, struct inode *inode)
{
	int err = 0;

	if (!dir->ops->link)
		return -EPERM;
	mutex_lock_nested(&inode->lock);
	if (inode->nlink == 0)
		err = -ENOENT;
	else
		err = dir->ops->link(dir, d->name, d->len, inode);
	if (!err)
		inode_touch(inode, INODE_CTIME);
	mutex_unlock(&inode->lock);
	if (err)
		return err;
	inode_touch(dir, INODE_MTIME | INODE_CTIME);
	dentry_instantiate(d, inode_get(inode));
	return 0;
}

int vfs_link(const struct path *existing, const struct lookup *to, const char *new_path)
{
	struct inode *inode = existing->dentry->inode;
	struct creation cr;
	int err = creation_begin(&cr, to, new_path, false);

	if (!err && cr.walk.at.mount != existing->mount)
		err = -EXDEV;
	if (!err && S_ISDIR(inode->mode))
		err = -EPERM;
	if (!err)
		err = link_locked(cr.dir->inode, cr.d, inode);
	creation_end(&cr);
	return err;
}

/* ---- removing ---- */

/* The last component is no name that could be removed. */
static int refuse_kind(enum last_kind kind, bool is_dir)
{
	if (!is_dir)
		return -EISDIR;
	switch (kind) {
	case LAST_DOT:
		return -EINVAL;
	case LAST_DOTDOT:
		return -ENOTEMPTY;
	default:
		return -EBUSY;
	}
}

static int check_victim(const struct walk *w, const struct dentry *d, bool is_dir)
{
	const struct inode *victim = d->inode;
	int err;

	if (!victim)
		return -ENOENT;
	err = dir_may_remove(w->at.dentry->inode, d, &w->caller);
	if (err)
		return err;
	if (is_dir && !S_ISDIR(victim->mode))
		return -ENOTDIR;
	if (!is_dir && S_ISDIR(victim->mode))
		return -EISDIR;
	if (!is_dir && w->slash)
		return -ENOTDIR;
	return 0;
}

/* Both the directory and the victim are locked. */
static int remove_locked(struct inode *dir, struct dentry *d, bool is_dir)
{
	int (*op)(struct inode *, const char *, uint32_t, struct inode *);
	int err;

	op = is_dir ? dir->ops->rmdir : dir->ops->unlink;
	if (!op)
		return -EPERM;
	if (dentry_is_mountpoint(d))
		return -EBUSY;
	err = op(dir, d->name, d->len, d->inode);
	if (err)
		return err;
	dentry_unhash(d);
	if (is_dir)
		dentry_forget_children(d);
	inode_touch(dir, INODE_MTIME | INODE_CTIME);
	inode_touch(d->inode, INODE_CTIME);
	return 0;
}

static int unlink_last(struct walk *w, bool is_dir)
{
	struct inode *dir = w->at.dentry->inode;
	struct dentry *d;
	int err;

	if (!S_ISDIR(dir->mode))
		return -ENOTDIR;
	mutex_lock(&dir->lock);
	err = dentry_lookup_locked(w->at.dentry, w->last, w->last_len, &d);
	if (err) {
		mutex_unlock(&dir->lock);
		return err;
	}
	err = check_victim(w, d, is_dir);
	if (!err) {
		mutex_lock_nested(&d->inode->lock);
		err = remove_locked(dir, d, is_dir);
		mutex_unlock(&d->inode->lock);
	}
	mutex_unlock(&dir->lock);
	if (!err && d->inode->nlink == 0)
		writeback_wait(d->inode);
	dentry_put(d); /* The file may end here, with no lock held. */
	return err;
}

int vfs_unlink(const struct lookup *from, const char *path, bool is_dir)
{
	struct walk w;
	int err = walk_begin(&w, from, path);

	if (!err)
		err = walk_to_last(&w);
	if (!err)
		err = w.kind == LAST_NAME ? unlink_last(&w, is_dir) : refuse_kind(w.kind, is_dir);
	walk_end(&w);
	return err;
}

/* ---- listing ---- */

/* The number of the directory above, for "..". The root of the tree is its own. */
static uint64_t parent_ino(const struct file *f)
{
	const struct dentry *d = f->path.dentry;
	uint64_t ino;

	spin_lock(&dcache_lock);
	ino = d->parent->inode->ino;
	spin_unlock(&dcache_lock);
	return ino;
}

/* Remembers how far the one who lists has come. */
struct listing {
	dirent_fn fn;
	void *ctx;
	loff_t pos;
};

static bool listing_take(void *arg, const char *name, uint32_t len, uint64_t ino, uint8_t type,
			 loff_t next_pos)
{
	struct listing *l = arg;

	if (!l->fn(l->ctx, name, len, ino, type, next_pos))
		return false;
	l->pos = next_pos;
	return true;
}

static int readdir_locked(struct file *f, struct listing *l)
{
	struct inode *dir = f->inode;

	if (dir->nlink == 0)
		return -ENOENT;
	if (l->pos == 0 && !listing_take(l, ".", 1, dir->ino, S_IFDIR >> 12, 1))
		return 0;
	if (l->pos == 1 && !listing_take(l, "..", 2, parent_ino(f), S_IFDIR >> 12, 2))
		return 0;
	return dir->ops->readdir(dir, l->pos, listing_take, l);
}

int vfs_readdir(struct file *f, loff_t *pos, dirent_fn fn, void *ctx)
{
	struct listing l = {.fn = fn, .ctx = ctx, .pos = *pos};
	struct inode *dir = f->inode;
	int err;

	if (!S_ISDIR(dir->mode) || !dir->ops->readdir)
		return -ENOTDIR;
	mutex_lock(&dir->lock);
	err = readdir_locked(f, &l);
	mutex_unlock(&dir->lock);
	*pos = l.pos;
	if (!err)
		inode_accessed(dir);
	return err;
}

static ssize_t dir_read(struct file *f, struct uio *u, loff_t *pos)
{
	(void)f;
	(void)u;
	(void)pos;
	return -EISDIR;
}

const struct file_ops dir_file_ops = {
	.read = dir_read,
	.seek = file_seek_unsized,
	.fsync = filemap_fsync,
	.positioned = true,
};
