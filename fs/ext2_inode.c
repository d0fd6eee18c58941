/*
 * ext2_inode.c: inodes to and from their table; making and ending them.
 */
#include "fs/ext2_internal.h"

#include "fs/device.h"
#include "fs/dir.h"
#include "fs/filemap.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/stat.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"

#define NSEC_PER_SEC 1000000000u
#define OLD_DEV_MAX                                                                                \
	0xFFFFu /* Device numbers of 8 and 8 bits are in block[0], others in block[1]. */

/* The inode's place in its group's table. */
static int raw_get(struct ext2 *fs, uint32_t ino, struct ext2_meta *m, struct ext2_raw_inode **raw)
{
	uint32_t at = (ino - 1) % fs->geo.inodes_per_group * fs->geo.inode_size;
	struct ext2_group_desc *d;
	uint32_t table;
	int err = ext2_group_get(fs, ext2_ino_group(fs, ino), m, &d);

	if (err)
		return err;
	table = d->inode_table;
	ext2_meta_put(m);
	err = ext2_meta_get(fs, table + (at >> fs->geo.block_shift), m);
	if (!err)
		*raw = (struct ext2_raw_inode *)(m->bytes + (at & (fs->geo.block_size - 1)));
	return err;
}

/* ---- times ---- */

/* There is room for the parts of a second, and it is used. */
static bool has_extra(const struct ext2 *fs, const struct ext2_raw_inode *raw)
{
	return fs->geo.inode_size >= sizeof(*raw) &&
	       raw->extra_isize >= offsetof(struct ext2_raw_inode, crtime) - EXT2_INODE_SIZE_OLD;
}

static struct timespec64 time_load(uint32_t sec, uint32_t extra)
{
	uint32_t nsec = extra >> EXT2_NSEC_SHIFT;

	return (struct timespec64){(int32_t)sec + ((int64_t)(extra & EXT2_EPOCH_MASK) << 32),
				   (int32_t)(nsec < NSEC_PER_SEC ? nsec : 0)};
}

static uint32_t extra_of(struct timespec64 t)
{
	int64_t epoch = (t.sec - (int32_t)t.sec) >> 32;

	return (uint32_t)t.nsec << EXT2_NSEC_SHIFT | ((uint32_t)epoch & EXT2_EPOCH_MASK);
}

static void times_load(struct inode *inode, const struct ext2_raw_inode *raw)
{
	bool extra = has_extra(ext2_fs(inode), raw);

	inode->atime = time_load(raw->atime, extra ? raw->atime_extra : 0);
	inode->mtime = time_load(raw->mtime, extra ? raw->mtime_extra : 0);
	inode->ctime = time_load(raw->ctime, extra ? raw->ctime_extra : 0);
}

static void times_store(const struct inode *inode, struct ext2_raw_inode *raw)
{
	raw->atime = (uint32_t)inode->atime.sec;
	raw->mtime = (uint32_t)inode->mtime.sec;
	raw->ctime = (uint32_t)inode->ctime.sec;
	raw->dtime = inode->nlink == 0 ? (uint32_t)fs_now().sec : 0;
	if (!has_extra(ext2_fs(inode), raw))
		return;
	raw->atime_extra = extra_of(inode->atime);
	raw->mtime_extra = extra_of(inode->mtime);
	raw->ctime_extra = extra_of(inode->ctime);
}

/* ---- loading ---- */

static void set_ops(struct inode *inode)
{
	inode->ops = &ext2_file_inode_ops;
	inode->file_ops = special_file_ops(inode->mode);
	if (S_ISDIR(inode->mode)) {
		inode->ops = &ext2_dir_inode_ops;
		inode->file_ops = &dir_file_ops;
	} else if (S_ISLNK(inode->mode)) {
		inode->ops = &ext2_link_inode_ops;
	}
	if (!inode->file_ops)
		inode->file_ops = &ext2_file_ops;
}

static uint32_t rdev_load(const struct ext2_raw_inode *raw)
{
	return raw->block[0] ? raw->block[0] & OLD_DEV_MAX : raw->block[1];
}

static bool is_size_sane(const struct inode *inode)
{
	const struct ext2 *fs = ext2_fs(inode);

	switch (inode->mode & S_IFMT) {
	case S_IFREG:
		return inode->size <= inode->super->max_bytes;
	case S_IFDIR:
		return inode->size > 0 && inode->size <= INT32_MAX &&
		       inode->size % fs->geo.block_size == 0;
	case S_IFLNK:
		return inode->size > 0 && inode->size < (loff_t)fs->geo.block_size;
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		return true;
	}
	return false;
}

static int inode_load(struct inode *inode, const struct ext2_raw_inode *raw)
{
	struct ext2_inode *ei = ext2_of(inode);

	inode->mode = raw->mode;
	inode->nlink = raw->links_count;
	inode->uid = raw->uid | (uint32_t)raw->uid_high << 16;
	inode->gid = raw->gid | (uint32_t)raw->gid_high << 16;
	inode->size = raw->size;
	if (S_ISREG(inode->mode))
		inode->size |= (loff_t)raw->size_high << 32;
	ei->sectors = raw->blocks;
	ei->flags = raw->flags;
	ei->generation = raw->generation;
	ei->xattr_block = raw->file_acl;
	times_load(inode, raw);
	if (S_ISCHR(inode->mode) || S_ISBLK(inode->mode))
		inode->rdev = rdev_load(raw);
	else
		memcpy(ei->block, raw->block, sizeof(ei->block));
	set_ops(inode);
	if (inode->nlink == 0)
		return ext2_corrupt(ext2_fs(inode), "a name leads to inode %llu, which is free",
				    inode->ino);
	if (!is_size_sane(inode))
		return ext2_corrupt(ext2_fs(inode), "inode %llu of mode %o has size %lld",
				    inode->ino, inode->mode, inode->size);
	inode_set_size(inode, inode->size);
	return 0;
}

int ext2_inode_get(struct super *s, uint32_t ino, struct inode **out)
{
	struct ext2 *fs = s->private;
	struct ext2_raw_inode *raw;
	struct ext2_meta m;
	bool fresh;
	int err;

	if (!ext2_ino_is_sane(&fs->geo, ino))
		return ext2_corrupt(fs, "a name leads to inode %u", ino);
	err = inode_find(s, ino, &ext2_backing_ops, out, &fresh);
	if (err || !fresh)
		return err;
	set_ops(*out);
	err = raw_get(fs, ino, &m, &raw);
	if (!err) {
		err = inode_load(*out, raw);
		ext2_meta_put(&m);
	}
	inode_filled(*out, err);
	return err;
}

/* ---- storing ---- */

static void rdev_store(const struct inode *inode, struct ext2_raw_inode *raw)
{
	bool old = inode->rdev <= OLD_DEV_MAX;

	memset(raw->block, 0, sizeof(raw->block));
	raw->block[0] = old ? inode->rdev : 0;
	raw->block[1] = old ? 0 : inode->rdev;
}

static void inode_copy(const struct inode *inode, const struct ext2_inode *ei,
		       struct ext2_raw_inode *raw)
{
	loff_t size = inode_size(inode);

	raw->mode = (uint16_t)inode->mode;
	raw->uid = (uint16_t)inode->uid;
	raw->uid_high = (uint16_t)(inode->uid >> 16);
	raw->gid = (uint16_t)inode->gid;
	raw->gid_high = (uint16_t)(inode->gid >> 16);
	raw->links_count = (uint16_t)inode->nlink;
	raw->size = (uint32_t)size;
	if (S_ISREG(inode->mode))
		raw->size_high = (uint32_t)(size >> 32);
	raw->blocks = ei->sectors;
	raw->flags = ei->flags;
	raw->generation = ei->generation;
	raw->file_acl = ei->xattr_block;
	times_store(inode, raw);
	if (S_ISCHR(inode->mode) || S_ISBLK(inode->mode))
		rdev_store(inode, raw);
	else
		memcpy(raw->block, ei->block, sizeof(raw->block));
}

int ext2_inode_store_locked(struct ext2_inode *ei)
{
	struct ext2 *fs = ext2_fs(&ei->inode);
	struct ext2_raw_inode *raw;
	struct ext2_meta m;
	int err = raw_get(fs, (uint32_t)ei->inode.ino, &m, &raw);

	ASSERT(mutex_is_held(&fs->lock));
	if (err)
		return err;
	inode_copy(&ei->inode, ei, raw);
	if (S_ISREG(ei->inode.mode) && inode_size(&ei->inode) > INT32_MAX)
		fs->large_files = true;
	ext2_meta_dirty(&m);
	ext2_meta_put(&m);
	return 0;
}

int ext2_inode_store(struct inode *inode)
{
	struct ext2 *fs = ext2_fs(inode);
	int err;

	mutex_lock(&fs->lock);
	err = ext2_inode_store_locked(ext2_of(inode));
	mutex_unlock(&fs->lock);
	return err;
}

/* ---- making ---- */

/* Nothing of what the place held before is to be found in the new inode. */
static int raw_clear(struct ext2 *fs, uint32_t ino)
{
	struct ext2_raw_inode *raw;
	struct ext2_meta m;
	int err = raw_get(fs, ino, &m, &raw);

	if (err)
		return err;
	memset(raw, 0, fs->geo.inode_size);
	if (fs->geo.inode_size >= sizeof(*raw))
		raw->extra_isize = EXT2_EXTRA_ISIZE;
	ext2_meta_put(&m);
	return 0;
}

static int ino_take(struct ext2 *fs, const struct inode *dir, bool is_dir, uint32_t *ino)
{
	int err;

	mutex_lock(&fs->lock);
	err = ext2_ino_alloc(fs, dir, is_dir, ino);
	if (!err) {
		err = raw_clear(fs, *ino);
		if (err)
			ext2_ino_free(fs, *ino, is_dir);
	}
	mutex_unlock(&fs->lock);
	return err;
}

static void ino_give_back(struct ext2 *fs, uint32_t ino, bool is_dir)
{
	mutex_lock(&fs->lock);
	ext2_ino_free(fs, ino, is_dir);
	mutex_unlock(&fs->lock);
}

int ext2_inode_make(struct inode *dir, uint32_t mode, uint32_t rdev, struct inode **out)
{
	struct ext2 *fs = ext2_fs(dir);
	struct inode *inode;
	uint32_t ino;
	bool fresh;
	int err = ino_take(fs, dir, S_ISDIR(mode), &ino);

	if (err)
		return err;
	err = inode_find(dir->super, ino, &ext2_backing_ops, &inode, &fresh);
	if (err) {
		ino_give_back(fs, ino, S_ISDIR(mode));
		return err;
	}
	if (!fresh) {
		inode_put(inode);
		return ext2_corrupt(fs, "inode %u is in use but free in its bitmap", ino);
	}
	inode->mode = mode;
	inode->rdev = rdev;
	ext2_of(inode)->generation = atomic_add_return(&fs->generation, 1);
	set_ops(inode);
	inode_filled(inode, 0);
	err = S_ISDIR(mode) ? ext2_dir_make(inode, (uint32_t)dir->ino) : ext2_inode_store(inode);
	if (err) {
		ext2_link_drop(inode);
		inode_put(inode);
		return err;
	}
	*out = inode;
	return 0;
}

/* ---- the end ---- */

void ext2_link_drop(struct inode *inode)
{
	if (inode->nlink == 0)
		return; /* The disk counted too few. */
	inode->nlink -= S_ISDIR(inode->mode) ? inode->nlink : 1;
	if (inode->nlink == 0)
		atomic_inc(&ext2_fs(inode)->deleted);
}

/* Attributes that others share are counted down, those of this inode alone go. */
static void drop_xattrs(struct ext2_inode *ei)
{
	struct ext2 *fs = ext2_fs(&ei->inode);
	struct ext2_xattr_head *head;
	struct ext2_meta m;

	if (!ei->xattr_block || !ext2_block_is_sane(&fs->geo, ei->xattr_block) ||
	    ext2_meta_get(fs, ei->xattr_block, &m))
		return;
	head = (struct ext2_xattr_head *)m.bytes;
	if (head->magic != EXT2_XATTR_MAGIC) {
		ext2_corrupt(fs, "inode %llu has bad attributes", ei->inode.ino);
	} else if (head->refcount > 1) {
		head->refcount--;
		ext2_meta_dirty(&m);
	} else {
		uint32_t block = ei->xattr_block;

		ei->xattr_block = 0;
		ext2_inode_store_locked(ei);
		ext2_hold(fs, block, 1, true);
	}
	ext2_meta_put(&m);
}

/* Has it blocks of its own? A short link's target, and a device's number, lie in the inode. */
static bool has_map(const struct ext2_inode *ei)
{
	return S_ISREG(ei->inode.mode) || S_ISDIR(ei->inode.mode) || ext2_link_is_long(ei);
}

void ext2_inode_evict(struct inode *inode)
{
	struct ext2_inode *ei = ext2_of(inode);
	struct ext2 *fs = ext2_fs(inode);

	if (inode->nlink > 0)
		return;
	inode_set_size(inode, 0);
	cache_truncate(&inode->backing, 0);
	if (has_map(ei))
		ext2_map_cut(ei, 0);
	mutex_lock(&fs->lock);
	drop_xattrs(ei);
	ei->sectors = 0;
	if (!ext2_inode_store_locked(ei))
		ext2_ino_free(fs, (uint32_t)inode->ino, S_ISDIR(inode->mode));
	mutex_unlock(&fs->lock);
	atomic_dec(&fs->deleted);
}
