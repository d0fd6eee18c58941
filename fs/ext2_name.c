/*
 * ext2_name.c: the calls that change directories. The caller holds the locks of the directories and
 * of the inodes they lose; see ext2_internal.h for what must reach the disk before what.
 */
#include "fs/ext2_internal.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/stat.h"

/* A directory is in one place only, which its ".." names: no image leads us in a circle. */
static int check_parent(struct inode *dir, const struct inode *parent)
{
	struct ext2_place p;
	uint32_t ino;
	int err = ext2_dir_find(dir, "..", 2, &p);

	if (err == -ENOENT)
		return ext2_corrupt(ext2_fs(dir), "directory %llu has no ..", dir->ino);
	if (err)
		return err;
	ino = p.entry.ino;
	ext2_dir_put(&p);
	if (ino == parent->ino && dir != parent)
		return 0;
	return ext2_corrupt(ext2_fs(dir), "directory %llu in %llu has .. %u", dir->ino, parent->ino,
			    ino);
}

static int ext2_lookup(struct inode *dir, const char *name, uint32_t len, struct inode **out)
{
	struct ext2_place p;
	uint32_t ino;
	int err = ext2_dir_find(dir, name, len, &p);

	if (err)
		return err;
	ino = p.entry.ino;
	ext2_dir_put(&p);
	err = ext2_inode_get(dir->super, ino, out);
	if (!err && S_ISDIR((*out)->mode)) {
		err = check_parent(*out, dir);
		if (err)
			inode_put(*out);
	}
	return err;
}

/* ---- making ---- */

/* Enter a new inode, or end it. */
static int enter(struct inode *dir, const char *name, uint32_t len, struct inode *inode,
		 struct inode **out)
{
	uint32_t block;
	int err = ext2_dir_add(dir, name, len, inode, &block);

	if (err) {
		ext2_link_drop(inode);
		inode_put(inode);
		return err;
	}
	if (S_ISDIR(inode->mode)) {
		dir->nlink++;
		inode_mark_dirty(dir);
	}
	*out = inode;
	return 0;
}

static int ext2_create(struct inode *dir, const char *name, uint32_t len, uint32_t mode,
		       uint32_t rdev, struct inode **out)
{
	struct inode *inode;
	int err;

	if (S_ISDIR(mode) && dir->nlink >= EXT2_LINK_MAX)
		return -EMLINK;
	err = ext2_inode_make(dir, mode, rdev, &inode);
	return err ? err : enter(dir, name, len, inode, out);
}

static int ext2_symlink(struct inode *dir, const char *name, uint32_t len, const char *target,
			struct inode **out)
{
	struct inode *inode;
	int err = ext2_inode_make(dir, S_IFLNK | S_IRWXUGO, 0, &inode);

	if (err)
		return err;
	err = ext2_link_set(inode, target);
	if (!err)
		return enter(dir, name, len, inode, out);
	ext2_link_drop(inode);
	inode_put(inode);
	return err;
}

static int ext2_link(struct inode *dir, const char *name, uint32_t len, struct inode *inode)
{
	uint32_t block;
	int err;

	if (inode->nlink >= EXT2_LINK_MAX)
		return -EMLINK;
	err = ext2_dir_add(dir, name, len, inode, &block);
	if (!err)
		inode->nlink++;
	return err;
}

/* ---- removing ---- */

static int remove_name(struct inode *dir, const char *name, uint32_t len)
{
	struct ext2_place p;
	int err = ext2_dir_find(dir, name, len, &p);

	if (err)
		return err == -ENOENT ? -EIO : err;
	ext2_dir_remove(dir, &p);
	ext2_dir_put(&p);
	return 0;
}

/* The inode lost a name: what it keeps is on the disk, or it goes when nobody has it open. */
static void name_lost(struct inode *inode)
{
	ext2_link_drop(inode);
	inode_mark_dirty(inode);
}

/* Another name of the file may be new. */
static int ext2_unlink(struct inode *dir, const char *name, uint32_t len, struct inode *victim)
{
	int err = victim->nlink > 1 ? ext2_meta_flush(ext2_fs(dir)) : 0;

	if (!err)
		err = remove_name(dir, name, len);
	if (!err)
		name_lost(victim);
	return err;
}

/* dir has one subdirectory less. */
static void parent_lost(struct inode *dir)
{
	if (dir->nlink > 2)
		dir->nlink--;
	inode_mark_dirty(dir);
}

static int ext2_rmdir(struct inode *dir, const char *name, uint32_t len, struct inode *victim)
{
	int err = ext2_dir_check_is_empty(victim);

	if (!err)
		err = remove_name(dir, name, len);
	if (err)
		return err;
	name_lost(victim);
	parent_lost(dir);
	return 0;
}

/* ---- renaming ---- */

struct rename {
	struct inode *from, *inode, *to, *target;
	const char *name, *new_name;
	uint32_t len, new_len;
};

/* The new name leads to the inode. *block: where that was changed. */
static int rename_enter(const struct rename *r, uint32_t *block)
{
	struct ext2_place p;
	int err;

	if (!r->target)
		return ext2_dir_add(r->to, r->new_name, r->new_len, r->inode, block);
	err = ext2_dir_find(r->to, r->new_name, r->new_len, &p);
	if (err)
		return err == -ENOENT ? -EIO : err;
	ext2_dir_set(r->to, &p, r->inode);
	*block = p.meta.block;
	ext2_dir_put(&p);
	return 0;
}

static void rename_undo(const struct rename *r)
{
	struct ext2_place p;

	if (ext2_dir_find(r->to, r->new_name, r->new_len, &p))
		return;
	if (r->target)
		ext2_dir_set(r->to, &p, r->target);
	else
		ext2_dir_remove(r->to, &p);
	ext2_dir_put(&p);
}

/* Take the old name away, when the new one, and all that leads there, is on the disk. In one block
 * the two change at once; but what was replaced must not go before its name. */
static int rename_leave(const struct rename *r, uint32_t block)
{
	struct ext2_place p;
	int err = ext2_dir_find(r->from, r->name, r->len, &p);

	if (err)
		return err == -ENOENT ? -EIO : err;
	if (r->target || p.meta.block != block)
		err = ext2_meta_flush(ext2_fs(r->from));
	if (!err)
		ext2_dir_remove(r->from, &p);
	ext2_dir_put(&p);
	return err;
}

/* A directory went from one to another: its ".." follows. */
static int rename_parent(const struct rename *r)
{
	struct ext2_place p;
	int err = ext2_dir_find(r->inode, "..", 2, &p);

	if (err)
		return err == -ENOENT ? -EIO : err;
	ext2_dir_set(r->inode, &p, r->to);
	ext2_dir_put(&p);
	parent_lost(r->from);
	r->to->nlink++;
	inode_mark_dirty(r->to);
	return 0;
}

static int rename_check(const struct rename *r)
{
	if (!S_ISDIR(r->inode->mode))
		return 0;
	if (r->target)
		return ext2_dir_check_is_empty(r->target);
	return r->from != r->to && r->to->nlink >= EXT2_LINK_MAX ? -EMLINK : 0;
}

static int ext2_rename(struct inode *from, const char *name, uint32_t len, struct inode *victim,
		       struct inode *to, const char *new_name, uint32_t new_len,
		       struct inode *target)
{
	struct rename r = {from, victim, to, target, name, new_name, len, new_len};
	uint32_t block;
	int err = rename_check(&r);

	if (!err)
		err = rename_enter(&r, &block);
	if (err)
		return err;
	err = rename_leave(&r, block);
	if (err) {
		rename_undo(&r);
		return err;
	}
	if (target) {
		if (S_ISDIR(target->mode))
			parent_lost(to);
		name_lost(target);
	}
	return S_ISDIR(victim->mode) && from != to ? rename_parent(&r) : 0;
}

const struct inode_ops ext2_dir_inode_ops = {
	.lookup = ext2_lookup,
	.create = ext2_create,
	.symlink = ext2_symlink,
	.link = ext2_link,
	.unlink = ext2_unlink,
	.rmdir = ext2_rmdir,
	.rename = ext2_rename,
	.readdir = ext2_readdir,
	.blocks = ext2_blocks,
};
