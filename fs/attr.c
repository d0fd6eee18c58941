/*
 * attr.c: attributes of inodes.
 *
 * Changes are made under inode->lock. Reading takes no lock: each word is right, and a stat beside
 * a change may see some of it, as on other systems.
 */
#include "fs/attr.h"

#include "fs/filemap.h"
#include "fs/inode.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/stat.h"

void inode_stat(struct inode *inode, struct kstat *st)
{
	*st = (struct kstat){
		.ino = inode->ino,
		.size = inode_size(inode),
		.dev = inode->super->dev_id,
		.rdev = inode->rdev,
		.mode = inode->mode,
		.nlink = inode->nlink,
		.uid = inode->uid,
		.gid = inode->gid,
		.blksize = inode->super->block_size,
		.atime = inode->atime,
		.mtime = inode->mtime,
		.ctime = inode->ctime,
	};
	if (inode->ops->blocks)
		st->blocks = inode->ops->blocks(inode);
	else
		st->blocks = DIV_ROUND_UP((uint64_t)st->size, 512);
}

static bool is_read_only(const struct inode *inode)
{
	return atomic_load(&inode->super->flags) & SUPER_RDONLY;
}

static int chmod_locked(struct inode *inode, uint32_t mode, const struct fs_caller *c)
{
	if (S_ISLNK(inode->mode))
		return -ENOTSUP;
	if (!inode_is_owner(inode, c))
		return -EPERM;
	if (c->uid != 0 && !S_ISDIR(inode->mode) && !caller_in_group(c, inode->gid))
		mode &= ~S_ISGID;
	inode->mode = (inode->mode & S_IFMT) | (mode & S_IALLUGO);
	inode_touch(inode, INODE_CTIME);
	return 0;
}

int inode_chmod(struct inode *inode, uint32_t mode, const struct fs_caller *c)
{
	int err;

	if (is_read_only(inode))
		return -EROFS;
	mutex_lock(&inode->lock);
	err = chmod_locked(inode, mode, c);
	mutex_unlock(&inode->lock);
	return err;
}

static void clear_set_ids(struct inode *inode)
{
	if (inode->mode & S_IXGRP) /* Otherwise the bit means mandatory locking. */
		inode->mode &= ~S_ISGID;
	inode->mode &= ~S_ISUID;
}

void inode_drop_set_ids(struct inode *inode, const struct fs_caller *c)
{
	if (c->uid != 0)
		clear_set_ids(inode);
}

/* Only root gives files away; an owner may choose among his own groups. */
static int may_chown(const struct inode *inode, uint32_t uid, uint32_t gid,
		     const struct fs_caller *c)
{
	if (c->uid == 0)
		return 0;
	if (c->uid != inode->uid || uid != inode->uid)
		return -EPERM;
	return gid == inode->gid || caller_in_group(c, gid) ? 0 : -EPERM;
}

static int chown_locked(struct inode *inode, uint32_t uid, uint32_t gid, const struct fs_caller *c)
{
	int err;

	if (uid == UINT32_MAX && gid == UINT32_MAX && !inode_is_owner(inode, c))
		return 0;
	uid = uid == UINT32_MAX ? inode->uid : uid;
	gid = gid == UINT32_MAX ? inode->gid : gid;
	err = may_chown(inode, uid, gid, c);
	if (err)
		return err;
	inode->uid = uid;
	inode->gid = gid;
	if (!S_ISDIR(inode->mode))
		clear_set_ids(inode);
	inode_touch(inode, INODE_CTIME);
	return 0;
}

int inode_chown(struct inode *inode, uint32_t uid, uint32_t gid, const struct fs_caller *c)
{
	int err;

	if (is_read_only(inode))
		return -EROFS;
	mutex_lock(&inode->lock);
	err = chown_locked(inode, uid, gid, c);
	mutex_unlock(&inode->lock);
	return err;
}

static bool is_special(struct timespec64 ts, int32_t value)
{
	return ts.nsec == value;
}

static struct timespec64 choose_time(struct timespec64 wanted, struct timespec64 old,
				     struct timespec64 now)
{
	if (is_special(wanted, UTIME_OMIT))
		return old;
	return is_special(wanted, UTIME_NOW) ? now : wanted;
}

/* Who may write may set both to now; anything else is the owner's. */
static int may_utimes(const struct inode *inode, struct timespec64 atime, struct timespec64 mtime,
		      const struct fs_caller *c)
{
	if (inode_is_owner(inode, c))
		return 0;
	if (is_special(atime, UTIME_NOW) && is_special(mtime, UTIME_NOW))
		return inode_permission(inode, c, MAY_WRITE);
	return -EPERM;
}

int inode_utimes(struct inode *inode, struct timespec64 atime, struct timespec64 mtime,
		 const struct fs_caller *c)
{
	struct timespec64 now = fs_now();
	int err;

	if (is_special(atime, UTIME_OMIT) && is_special(mtime, UTIME_OMIT))
		return 0;
	if (is_read_only(inode))
		return -EROFS;
	mutex_lock(&inode->lock);
	err = may_utimes(inode, atime, mtime, c);
	if (!err) {
		inode->atime = choose_time(atime, inode->atime, now);
		inode->mtime = choose_time(mtime, inode->mtime, now);
		inode_touch(inode, INODE_CTIME);
	}
	mutex_unlock(&inode->lock);
	return err;
}

/* May the file have this size? 0 or -EFBIG. */
static int check_size(struct inode *inode, loff_t size, const struct fs_caller *c)
{
	if (size > inode->super->max_bytes || size > FILEMAP_MAX_BYTES)
		return -EFBIG;
	if (size > inode_size(inode) && c->fsize_limit != UINT32_MAX &&
	    size > (loff_t)c->fsize_limit)
		return -EFBIG;
	return 0;
}

int inode_truncate(struct inode *inode, loff_t size, const struct fs_caller *c)
{
	int err = check_size(inode, size, c);

	if (err)
		return err;
	if (is_read_only(inode))
		return -EROFS;
	if (!inode->ops->truncate)
		return -EINVAL;
	mutex_lock(&inode->lock);
	err = inode->ops->truncate(inode, size);
	if (!err) {
		inode_drop_set_ids(inode, c);
		inode_touch(inode, INODE_MTIME | INODE_CTIME);
	}
	mutex_unlock(&inode->lock);
	return err;
}

/* -EFBIG for a range that no file of this kind has. */
static int check_range(struct inode *inode, loff_t off, loff_t len, loff_t *end)
{
	if (__builtin_add_overflow(off, len, end) || *end > inode->super->max_bytes)
		return -EFBIG;
	return 0;
}

int inode_allocate(struct inode *inode, loff_t off, loff_t len, bool keep_size,
		   const struct fs_caller *c)
{
	loff_t end;
	int err = check_range(inode, off, len, &end);

	if (err)
		return err;
	if (!inode->ops->allocate)
		return -EOPNOTSUPP;
	err = check_size(inode, end, c);
	if (err)
		return err;
	mutex_lock(&inode->lock);
	err = inode->ops->allocate(inode, off, end, keep_size);
	if (!err) {
		inode_drop_set_ids(inode, c);
		inode_touch(inode, keep_size ? INODE_CTIME : INODE_MTIME | INODE_CTIME);
	}
	mutex_unlock(&inode->lock);
	return err;
}

int inode_punch(struct inode *inode, loff_t off, loff_t len, const struct fs_caller *c)
{
	loff_t end;
	int err = check_range(inode, off, len, &end);

	if (err)
		return err;
	if (!inode->ops->punch)
		return -EOPNOTSUPP;
	mutex_lock(&inode->lock);
	err = inode->ops->punch(inode, off, end);
	if (!err) {
		inode_drop_set_ids(inode, c);
		inode_touch(inode, INODE_MTIME | INODE_CTIME);
	}
	mutex_unlock(&inode->lock);
	return err;
}
