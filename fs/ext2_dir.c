/*
 * ext2_dir.c: names in a directory: blocks of entries, one after the other, without order.
 *
 * A directory with a hash tree is read the same way: the tree's blocks look like unused entries.
 * Changing such a directory takes its flag away, because the tree is not kept.
 */
#include "fs/ext2_internal.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/stat.h"

static uint32_t dir_blocks(const struct inode *dir)
{
	return (uint32_t)(dir->size >> ext2_fs(dir)->geo.block_shift);
}

/* Get a block. run, empty at first, remembers where those that follow are: they are asked for in
 * order. */
static int dir_get(struct inode *dir, uint32_t index, struct ext2_run *run, struct ext2_meta *m)
{
	struct ext2 *fs = ext2_fs(dir);
	int n = 1;

	m->frame = NULL;
	if (run->count == 0) {
		n = ext2_map_find(ext2_of(dir), index, dir_blocks(dir) - index, &run->start);
		run->count = (uint32_t)MAX(n, 0);
	}
	if (n < 0)
		return n;
	if (!run->start)
		return ext2_corrupt(fs, "directory %llu has a hole", dir->ino);
	run->count--;
	return ext2_meta_get(fs, run->start++, m);
}

/* A block of entries is broken. */
static int bad_block(struct inode *dir, uint32_t index)
{
	return ext2_corrupt(ext2_fs(dir), "directory %llu: bad entry in block %u", dir->ino, index);
}

/* Before the entries are changed. */
static void forget_index(struct inode *dir)
{
	struct ext2_inode *ei = ext2_of(dir);

	if (!(ei->flags & EXT2_INDEX_FL))
		return;
	ei->flags &= ~EXT2_INDEX_FL;
	ext2_inode_store(dir);
}

int ext2_dir_find(struct inode *dir, const char *name, uint32_t len, struct ext2_place *p)
{
	const struct ext2_geometry *g = &ext2_fs(dir)->geo;
	struct ext2_run run = {0};
	int err;

	for (p->index = 0; p->index < dir_blocks(dir); p->index++) {
		err = dir_get(dir, p->index, &run, &p->meta);
		if (err)
			return err;
		err = ext2_entry_find(g, p->meta.bytes, name, len, &p->entry, &p->prev);
		if (!err)
			return 0;
		ext2_dir_put(p);
		if (err != -ENOENT)
			return bad_block(dir, p->index);
	}
	return -ENOENT;
}

void ext2_dir_put(struct ext2_place *p)
{
	ext2_meta_put(&p->meta);
}

/* ---- changing ---- */

/* One block more, which begins with the name; it is on the disk before it is the directory's. */
static int dir_extend(struct inode *dir, const char *name, uint32_t len, const struct inode *inode,
		      uint32_t *block)
{
	struct ext2 *fs = ext2_fs(dir);
	struct ext2_meta m;
	int err;

	if (dir->size + fs->geo.block_size > INT32_MAX)
		return -ENOSPC;
	mutex_lock(&fs->lock);
	err = ext2_map_append(ext2_of(dir), dir_blocks(dir), &m);
	if (!err) {
		ext2_dir_init(&fs->geo, m.bytes);
		ext2_entry_add(&fs->geo, m.bytes, name, len, (uint32_t)inode->ino, inode->mode);
		err = ext2_map_link(ext2_of(dir), dir_blocks(dir), &m);
	}
	if (!err) {
		*block = m.block;
		inode_set_size(dir, dir->size + fs->geo.block_size);
		err = ext2_inode_store_locked(ext2_of(dir));
	}
	ext2_meta_put(&m);
	mutex_unlock(&fs->lock);
	return err;
}

int ext2_dir_add(struct inode *dir, const char *name, uint32_t len, const struct inode *inode,
		 uint32_t *block)
{
	const struct ext2_geometry *g = &ext2_fs(dir)->geo;
	struct ext2_inode *ei = ext2_of(dir);
	struct ext2_run run = {0};
	struct ext2_meta m;
	int err;

	forget_index(dir);
	for (; ei->add_hint < dir_blocks(dir); ei->add_hint++) {
		err = dir_get(dir, ei->add_hint, &run, &m);
		if (err)
			return err;
		err = ext2_entry_add(g, m.bytes, name, len, (uint32_t)inode->ino, inode->mode);
		if (!err)
			ext2_meta_dirty(&m);
		*block = m.block;
		ext2_meta_put(&m);
		if (err != -ENOSPC)
			return err ? bad_block(dir, ei->add_hint) : 0;
	}
	return dir_extend(dir, name, len, inode, block);
}

void ext2_dir_set(struct inode *dir, struct ext2_place *p, const struct inode *inode)
{
	forget_index(dir);
	ext2_entry_set(&ext2_fs(dir)->geo, p->meta.bytes, p->entry.at, (uint32_t)inode->ino,
		       inode->mode);
	ext2_meta_dirty(&p->meta);
}

void ext2_dir_remove(struct inode *dir, struct ext2_place *p)
{
	struct ext2_inode *ei = ext2_of(dir);

	forget_index(dir);
	ext2_entry_remove(p->meta.bytes, &p->entry, p->prev);
	ext2_meta_dirty(&p->meta);
	ei->add_hint = MIN(ei->add_hint, p->index);
}

int ext2_dir_make(struct inode *dir, uint32_t parent)
{
	struct ext2 *fs = ext2_fs(dir);
	struct ext2_meta m;
	int err;

	mutex_lock(&fs->lock);
	err = ext2_map_append(ext2_of(dir), 0, &m);
	if (!err) {
		ext2_dir_init_first(&fs->geo, m.bytes, (uint32_t)dir->ino, parent);
		err = ext2_map_link(ext2_of(dir), 0, &m);
	}
	if (!err) {
		dir->nlink = 2;
		inode_set_size(dir, fs->geo.block_size);
		err = ext2_inode_store_locked(ext2_of(dir));
	}
	ext2_meta_put(&m);
	mutex_unlock(&fs->lock);
	return err;
}

/* ---- reading ---- */

int ext2_dir_check_is_empty(struct inode *dir)
{
	struct ext2_run run = {0};
	struct ext2_meta m;
	int err = 0;

	for (uint32_t i = 0; !err && i < dir_blocks(dir); i++) {
		err = dir_get(dir, i, &run, &m);
		if (err)
			break;
		err = ext2_dir_check_empty(&ext2_fs(dir)->geo, m.bytes);
		ext2_meta_put(&m);
		if (err == -EIO)
			bad_block(dir, i);
	}
	return err;
}

static bool is_dots(const struct ext2_entry *e)
{
	return e->name[0] == '.' && (e->name_len == 1 || (e->name_len == 2 && e->name[1] == '.'));
}

/* Hand on the names of a block from byte from on. 1, 0 when fn has enough, -EIO. */
static int list_block(const struct ext2_geometry *g, const struct ext2_meta *m, uint32_t from,
		      loff_t base, dirent_fn fn, void *ctx)
{
	struct ext2_entry e;

	for (uint32_t at = 0; at < g->block_size; at += e.len) {
		int err = ext2_entry_parse(g, m->bytes, at, &e);

		if (err)
			return err;
		if (at < from || !e.ino || is_dots(&e))
			continue;
		if (!fn(ctx, e.name, e.name_len, e.ino, e.type, base + at + e.len))
			return 0;
	}
	return 1;
}

/* Positions are bytes, two further, because 0 and 1 are taken. One may lie in the middle of an entry
 * by now: the block is read from its beginning. */
int ext2_readdir(struct inode *dir, loff_t pos, dirent_fn fn, void *ctx)
{
	const struct ext2_geometry *g = &ext2_fs(dir)->geo;
	struct ext2_run run = {0};
	int more = 1;

	for (pos -= 2; more > 0 && pos < dir->size;
	     pos = ALIGN_DOWN(pos, (loff_t)g->block_size) + g->block_size) {
		uint32_t index = (uint32_t)(pos >> g->block_shift);
		struct ext2_meta m;
		int err = dir_get(dir, index, &run, &m);

		if (err)
			return err;
		more = list_block(g, &m, (uint32_t)pos & (g->block_size - 1),
				  ((loff_t)index << g->block_shift) + 2, fn, ctx);
		ext2_meta_put(&m);
		if (more < 0)
			return bad_block(dir, index);
	}
	return 0;
}
