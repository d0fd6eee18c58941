/*
 * ext2_map.c: which block of the disk is block n of a file: twelve in the inode, then one, two and
 * three levels of blocks full of block numbers. 0 is a hole.
 *
 * What a corrupt image says is bounded by the levels, and each number is checked before it is used.
 */
#include "fs/ext2_internal.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/stat.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"

static uint32_t per_block(const struct ext2 *fs)
{
	return fs->geo.block_size / sizeof(uint32_t);
}

static int check_block(struct ext2_inode *ei, uint32_t block)
{
	struct ext2 *fs = ext2_fs(&ei->inode);

	if (ext2_block_is_sane(&fs->geo, block))
		return 0;
	return ext2_corrupt(fs, "inode %llu names block %u", ei->inode.ino, block);
}

/* A place in the map: a pointer in the inode or in a block. */
struct cursor {
	uint32_t *array; /* NULL: there is no block for it. */
	uint32_t slot, end;
	struct ext2_meta meta; /* The block that array is in. */
};

/* The blocks' and the file's accounts after count pointers of the cursor's array changed. */
static void cursor_changed(struct ext2_inode *ei, struct cursor *c)
{
	if (c->meta.frame)
		ext2_meta_dirty(&c->meta);
	inode_mark_dirty(&ei->inode);
}

static void count_blocks(struct ext2_inode *ei, int32_t count)
{
	ei->sectors += (uint32_t)count * (ext2_fs(&ei->inode)->geo.block_size / 512);
}

/* ---- growing ---- */

/* Behind the nearest block before, else behind the map's own block, else where the inode is. */
static uint32_t cursor_goal(struct ext2_inode *ei, const struct cursor *c)
{
	struct ext2 *fs = ext2_fs(&ei->inode);

	for (uint32_t i = c->slot; i-- > 0;)
		if (c->array[i])
			return c->array[i] + (c->slot - i);
	if (c->meta.frame)
		return c->meta.block + 1;
	return ext2_group_first_block(&fs->geo, ext2_ino_group(fs, ei->inode.ino));
}

/* Give the cursor's empty slot a block of pointers, which is on the disk before it is linked. */
static int grow_level(struct ext2_inode *ei, struct cursor *c)
{
	struct ext2 *fs = ext2_fs(&ei->inode);
	uint32_t block, count = 1;
	struct ext2_meta m;
	int err = ext2_block_alloc(fs, cursor_goal(ei, c), &count, &block);

	if (err)
		return err;
	err = ext2_meta_get(fs, block, &m);
	if (!err) {
		memset(m.bytes, 0, fs->geo.block_size);
		err = ext2_meta_write(&m);
		ext2_meta_put(&m);
	}
	if (err) {
		ext2_hold(fs, block, 1, true);
		return err;
	}
	atomic_store(&c->array[c->slot], block);
	count_blocks(ei, 1);
	cursor_changed(ei, c);
	return 0;
}

/* Go to the slot of block index; with grow, making the levels that are missing. ext2_meta_put(&c->meta)
 * afterwards, also on failure. */
static int cursor_seek(struct ext2_inode *ei, uint32_t index, bool grow, struct cursor *c)
{
	struct ext2 *fs = ext2_fs(&ei->inode);
	uint32_t slot[4], depth = ext2_path(&fs->geo, index, slot);

	*c = (struct cursor){.array = ei->block, .slot = slot[0], .end = EXT2_NDIR_BLOCKS};
	if (depth == 0)
		return -EFBIG;
	for (uint32_t i = 1; i < depth; i++) {
		struct ext2_meta next;
		int err = grow && !c->array[c->slot] ? grow_level(ei, c) : 0;
		uint32_t block = atomic_load(&c->array[c->slot]);

		if (!err && block)
			err = check_block(ei, block);
		if (!err && block)
			err = ext2_meta_get(fs, block, &next);
		if (err)
			return err;
		ext2_meta_put(&c->meta);
		c->slot = slot[depth - 1];
		c->end = per_block(fs);
		c->array = NULL;
		if (!block)
			return 0;
		c->meta = next;
		c->array = (uint32_t *)next.bytes;
		c->slot = slot[i];
	}
	return 0;
}

/* How many slots from the cursor's on, max at most, are holes or lead to blocks in a row. */
static uint32_t cursor_run(const struct cursor *c, uint32_t max, uint32_t *start)
{
	uint32_t n = 1;

	max = MIN(max, c->end - c->slot);
	*start = c->array ? atomic_load(&c->array[c->slot]) : 0;
	if (!c->array)
		return max;
	while (n < max && atomic_load(&c->array[c->slot + n]) == (*start ? *start + n : 0))
		n++;
	return n;
}

int ext2_map_find(struct ext2_inode *ei, uint32_t index, uint32_t max, uint32_t *start)
{
	struct cursor c;
	uint32_t n = 0;
	int err = cursor_seek(ei, index, false, &c);

	if (!err)
		n = cursor_run(&c, max, start);
	ext2_meta_put(&c.meta);
	if (!err && *start)
		err = check_block(ei, *start);
	if (!err && *start)
		err = check_block(ei, *start + n - 1);
	return err ? err : (int)n;
}

/* Fill as much of the holes [index, index + count) as one run of blocks does. Their number. */
static int fill_run(struct ext2_inode *ei, uint32_t index, uint32_t count)
{
	struct ext2 *fs = ext2_fs(&ei->inode);
	uint32_t start, hole;
	struct cursor c;
	int err = cursor_seek(ei, index, true, &c);

	if (!err) {
		count = cursor_run(&c, count, &hole);
		err = hole ? 0 : ext2_block_alloc(fs, cursor_goal(ei, &c), &count, &start);
		if (!err && !hole) {
			for (uint32_t i = 0; i < count; i++)
				atomic_store(&c.array[c.slot + i], start + i);
			count_blocks(ei, (int32_t)count);
			cursor_changed(ei, &c);
		}
	}
	ext2_meta_put(&c.meta);
	return err ? err : (int)count;
}

int ext2_map_fill(struct ext2_inode *ei, uint32_t index, uint32_t count)
{
	struct ext2 *fs = ext2_fs(&ei->inode);
	int n = 0;

	mutex_lock(&fs->lock);
	for (; count > 0 && n >= 0; index += (uint32_t)MAX(n, 0), count -= (uint32_t)MAX(n, 0))
		n = fill_run(ei, index, count);
	mutex_unlock(&fs->lock);
	return MIN(n, 0);
}

int ext2_map_append(struct ext2_inode *ei, uint32_t index, struct ext2_meta *m)
{
	struct ext2 *fs = ext2_fs(&ei->inode);
	uint32_t count = 1, block;
	struct cursor c;
	int err = cursor_seek(ei, index, true, &c);

	ASSERT(mutex_is_held(&fs->lock));
	m->frame = NULL;
	if (!err)
		err = ext2_block_alloc(fs, cursor_goal(ei, &c), &count, &block);
	ext2_meta_put(&c.meta);
	if (err)
		return err;
	err = ext2_meta_get(fs, block, m);
	if (err)
		ext2_hold(fs, block, 1, true);
	return err;
}

int ext2_map_link(struct ext2_inode *ei, uint32_t index, struct ext2_meta *m)
{
	struct ext2 *fs = ext2_fs(&ei->inode);
	struct cursor c = {0};
	int err = ext2_meta_write(m);

	ASSERT(mutex_is_held(&fs->lock));
	if (!err)
		err = cursor_seek(ei, index, true, &c);
	if (err) {
		ext2_hold(fs, m->block, 1, true);
	} else {
		atomic_store(&c.array[c.slot], m->block);
		count_blocks(ei, 1);
		cursor_changed(ei, &c);
	}
	ext2_meta_put(&c.meta);
	return err;
}

/* ---- cutting ---- */

static int cut_below(struct ext2_inode *ei, uint32_t block, uint32_t level, uint64_t from);

/* Free the block that *p, a slot of m or of the inode, leads to, and what is below it from its block
 * number from on; only when all of that goes, the block too. The pointer goes first. */
static int cut_slot(struct ext2_inode *ei, uint32_t *p, struct ext2_meta *m, uint32_t level,
		    uint64_t from)
{
	uint32_t block = *p;
	int err, store_err = 0;

	if (!block)
		return 0;
	err = check_block(ei, block);
	if (!err && level > 0)
		err = cut_below(ei, block, level, from);
	if (from > 0)
		return err;
	atomic_store(p, 0);
	count_blocks(ei, -1);
	if (m)
		ext2_meta_dirty(m);
	else
		store_err = ext2_inode_store_locked(ei);
	if (ext2_block_is_sane(&ext2_fs(&ei->inode)->geo, block))
		ext2_hold(ext2_fs(&ei->inode), block, 1, level > 0 || !S_ISREG(ei->inode.mode));
	return err ? err : store_err;
}

/* The same for a block of pointers to blocks of level - 1. From the end, so that what is freed lies in
 * runs; at any moment it may reach the disk as it is. */
static int cut_below(struct ext2_inode *ei, uint32_t block, uint32_t level, uint64_t from)
{
	struct ext2 *fs = ext2_fs(&ei->inode);
	uint32_t per = per_block(fs), first;
	uint64_t span = 1;
	struct ext2_meta m;
	int first_err = 0, err = ext2_meta_get(fs, block, &m);

	if (err)
		return err;
	for (uint32_t i = 1; i < level; i++)
		span *= per;
	first = (uint32_t)(from / span);
	for (uint32_t slot = per; slot-- > first;) {
		err = cut_slot(ei, (uint32_t *)m.bytes + slot, &m, level - 1,
			       slot == first ? from % span : 0);
		if (!first_err)
			first_err = err;
	}
	ext2_meta_put(&m);
	return first_err;
}

int ext2_map_cut(struct ext2_inode *ei, uint32_t index)
{
	struct ext2 *fs = ext2_fs(&ei->inode);
	uint64_t end = 0, starts[EXT2_N_BLOCKS + 1], span = 1;
	int first_err = 0;

	for (uint32_t i = 0; i < EXT2_N_BLOCKS; i++) {
		span *= i >= EXT2_IND_BLOCK ? per_block(fs) : 1;
		starts[i] = end;
		end += span;
	}
	starts[EXT2_N_BLOCKS] = end;
	mutex_lock(&fs->lock);
	for (uint32_t i = EXT2_N_BLOCKS; i-- > 0 && starts[i + 1] > index;) {
		uint32_t level = i >= EXT2_IND_BLOCK ? i - EXT2_IND_BLOCK + 1 : 0;
		int err = cut_slot(ei, &ei->block[i], NULL, level,
				   index > starts[i] ? index - starts[i] : 0);

		if (!first_err)
			first_err = err;
	}
	mutex_unlock(&fs->lock);
	inode_mark_dirty(&ei->inode);
	return first_err;
}
