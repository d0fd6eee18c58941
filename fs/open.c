/*
 * open.c: open(2): from a path and flags to an open file.
 *
 * Without O_CREAT it is a lookup. With it the last name is looked at with its directory locked, so
 * that looking and making are one step; a symbolic link there is followed and the walk goes on.
 */
#include "fs/attr.h"
#include "fs/dcache.h"
#include "fs/dir.h"
#include "fs/file.h"
#include "fs/inode.h"
#include "fs/mount.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/stat.h"

#define NON_LARGEFILE_MAX 0x7FFFFFFF

struct opening {
	struct walk walk;
	uint32_t flags, mode;
	bool created;
};

/* What the access mode asks of the inode's permissions. */
static uint32_t access_wanted(uint32_t flags)
{
	static const uint32_t by_mode[] = {MAY_READ, MAY_WRITE, MAY_READ | MAY_WRITE,
					   MAY_READ | MAY_WRITE};
	uint32_t may = by_mode[flags & O_ACCMODE];

	return flags & O_TRUNC ? may | MAY_WRITE : may;
}

static int check_kind(const struct inode *inode, uint32_t flags)
{
	bool writing = access_wanted(flags) & MAY_WRITE;

	switch (inode->mode & S_IFMT) {
	case S_IFLNK:
		return flags & O_DIRECTORY ? -ENOTDIR : -ELOOP;
	case S_IFDIR:
		return writing || flags & O_CREAT ? -EISDIR : 0;
	case S_IFSOCK:
		return -ENXIO;
	default:
		return flags & O_DIRECTORY ? -ENOTDIR : 0;
	}
}

static int check_open(const struct inode *inode, uint32_t flags, const struct fs_caller *c,
		      bool created)
{
	int err = check_kind(inode, flags);

	if (!err && !created)
		err = inode_permission(inode, c, access_wanted(flags));
	if (!err && flags & O_NOATIME && !inode_is_owner(inode, c))
		err = -EPERM;
	if (!err && S_ISREG(inode->mode) && !(flags & O_LARGEFILE) &&
	    inode_size(inode) > NON_LARGEFILE_MAX)
		err = -EOVERFLOW;
	return err;
}

#define OPEN_ONLY_FLAGS (O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC)

/* A reference that keeps the path and nothing else: no permission needed, no device woken. */
static int open_place(const struct path *p, uint32_t flags, struct file **out)
{
	static const struct file_ops place_ops;

	if (flags & O_DIRECTORY && !S_ISDIR(p->dentry->inode->mode))
		return -ENOTDIR;
	*out = file_alloc(p, flags & (O_PATH | O_DIRECTORY | O_NOFOLLOW), &place_ops);
	return *out ? 0 : -ENOMEM;
}

/* Count f as a writer and let the device or file system know. */
static int start_using(struct file *f)
{
	bool writes = file_writable(f) && S_ISREG(f->inode->mode);
	int err = writes ? inode_get_write(f->inode) : 0;

	if (!err && f->ops->open) {
		err = f->ops->open(f);
		if (err && writes)
			inode_put_write(f->inode);
	}
	return err;
}

/* O_TRUNC: also without O_WRONLY it counts as writing meanwhile. */
static int cut_off(struct inode *inode, const struct fs_caller *c)
{
	int err = inode_get_write(inode);

	if (err)
		return err;
	err = inode_truncate(inode, 0, c);
	inode_put_write(inode);
	return err;
}

/* Checks are done: make the file, start using it, cut the contents off. */
static int open_inode(const struct path *p, uint32_t flags, const struct fs_caller *c, bool created,
		      struct file **out)
{
	struct inode *inode = p->dentry->inode;
	struct file *f = file_alloc(p, flags, inode->file_ops);
	int err;

	if (!f)
		return -ENOMEM;
	err = start_using(f);
	if (err) {
		file_discard(f);
		return err;
	}
	if (flags & O_TRUNC && S_ISREG(inode->mode) && !created)
		err = cut_off(inode, c);
	f->flags &= ~OPEN_ONLY_FLAGS;
	if (err)
		file_put(f);
	else
		*out = f;
	return err;
}

static int open_checked(const struct path *p, uint32_t flags, const struct fs_caller *c,
			bool created, struct file **out)
{
	int err;

	if (flags & O_PATH)
		return open_place(p, flags, out);
	err = check_open(p->dentry->inode, flags, c, created);
	return err ? err : open_inode(p, flags, c, created, out);
}

/* ---- the last component ---- */

/* Find the last name or, with O_CREAT, make it. *out may be a symbolic link. */
static int find_or_create(struct opening *o, struct dentry **out)
{
	struct dentry *dir = o->walk.at.dentry;
	int err;

	if (!(o->flags & O_CREAT))
		return walk_find_last(&o->walk, out);
	if (o->walk.slash)
		return -EISDIR;
	mutex_lock(&dir->inode->lock);
	err = dentry_lookup_locked(dir, o->walk.last, o->walk.last_len, out);
	if (!err && !(*out)->inode) {
		err = dir_create_locked(dir, *out, &o->walk.caller, S_IFREG | (o->mode & S_IALLUGO),
					0);
		o->created = !err;
		if (err)
			dentry_put(*out);
	}
	mutex_unlock(&dir->inode->lock);
	return err;
}

static bool should_follow(const struct opening *o)
{
	if (o->flags & O_CREAT && o->flags & O_EXCL)
		return false;
	return o->walk.slash || !(o->flags & O_NOFOLLOW);
}

/* Go to the last component. *again: it was a link, and the walk goes on. */
static int open_last(struct opening *o, bool *again)
{
	struct dentry *d;
	int err;

	*again = false;
	if (o->walk.kind != LAST_NAME) {
		if (!(o->flags & O_CREAT) || o->walk.kind == LAST_JUMP)
			return 0;
		return o->flags & O_EXCL ? -EEXIST : -EISDIR;
	}
	if (!S_ISDIR(o->walk.at.dentry->inode->mode))
		return -ENOTDIR;
	err = find_or_create(o, &d);
	if (err)
		return err;
	if (!d->inode) {
		err = -ENOENT;
	} else if (!o->created && o->flags & O_CREAT && o->flags & O_EXCL) {
		err = -EEXIST;
	} else if (S_ISLNK(d->inode->mode) && should_follow(o)) {
		*again = true;
		err = walk_follow(&o->walk, d);
	} else {
		walk_go_down(&o->walk, d);
		return 0;
	}
	dentry_put(d);
	return err;
}

static int open_walk(struct opening *o)
{
	bool again = true;
	int err = 0;

	while (!err && again) {
		err = walk_to_last(&o->walk);
		if (!err)
			err = open_last(o, &again);
	}
	if (!err && o->walk.slash && !S_ISDIR(o->walk.at.dentry->inode->mode))
		err = -ENOTDIR;
	return err;
}

/* Flags that make no sense together. O_PATH leaves only those that say how to look. */
static int sanitize(uint32_t *flags)
{
	if (*flags & O_PATH)
		*flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	if ((*flags & O_TMPFILE) == O_TMPFILE)
		return access_wanted(*flags) & MAY_WRITE ? -ENOTSUP : -EINVAL;
	if ((*flags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY))
		return -EINVAL;
	if (*flags & O_DIRECT)
		return -EINVAL;
	return 0;
}

int file_open(struct fs_context *ctx, const struct path *base, const char *path, uint32_t flags,
	      uint32_t mode, struct file **out)
{
	struct lookup from = {.ctx = ctx, .base = base};
	struct opening o = {.mode = mode};
	int err = sanitize(&flags);

	if (err)
		return err;
	o.flags = flags;
	err = walk_begin(&o.walk, &from, path);
	if (!err)
		err = open_walk(&o);
	if (!err)
		err = open_checked(&o.walk.at, flags, &o.walk.caller, o.created, out);
	walk_end(&o.walk);
	return err;
}
