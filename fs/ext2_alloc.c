/*
 * ext2_alloc.c: which blocks and inodes are free.
 *
 * A file's next block is looked for behind its last, then in the groups that follow; one whose
 * neighbours are taken comes after eight free ones in a row, so that files grow in one piece. An
 * inode is looked for in its directory's group; directories of the root go where most room is.
 */
#include "fs/ext2_internal.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/bitmap.h"

int ext2_group_get(struct ext2 *fs, uint32_t group, struct ext2_meta *m, struct ext2_group_desc **d)
{
	uint32_t per_block = fs->geo.block_size / sizeof(**d);
	int err = ext2_meta_get(fs, fs->geo.first_block + 1 + group / per_block, m);

	if (err)
		return err;
	*d = (struct ext2_group_desc *)m->bytes + group % per_block;
	if (ext2_group_is_sane(&fs->geo, group, *d))
		return 0;
	ext2_meta_put(m);
	return ext2_corrupt(fs, "group %u has a bad descriptor", group);
}

/* A group's descriptor and one of its bitmaps. */
struct group {
	struct ext2_meta desc_meta, map_meta;
	struct ext2_group_desc *desc;
	uint32_t *map;
};

static void group_close(struct group *g)
{
	ext2_meta_put(&g->map_meta);
	ext2_meta_put(&g->desc_meta);
}

static void group_changed(struct group *g)
{
	ext2_meta_dirty(&g->map_meta);
	ext2_meta_dirty(&g->desc_meta);
}

static int group_open(struct ext2 *fs, uint32_t group, bool inodes, struct group *g)
{
	int err = ext2_group_get(fs, group, &g->desc_meta, &g->desc);

	if (err)
		return err;
	err = ext2_meta_get(fs, inodes ? g->desc->inode_bitmap : g->desc->block_bitmap,
			    &g->map_meta);
	if (err)
		ext2_meta_put(&g->desc_meta);
	else
		g->map = (uint32_t *)g->map_meta.bytes;
	return err;
}

/* ---- blocks ---- */

static bool overlaps(uint32_t start, uint32_t count, uint32_t other, uint32_t others)
{
	return start < other + others && other < start + count;
}

/* The run holds what no file can: tables or bitmaps of its group, or the descriptors. */
static bool is_system(const struct ext2 *fs, const struct ext2_group_desc *d, uint32_t start,
		      uint32_t count)
{
	return overlaps(start, count, d->block_bitmap, 1) ||
	       overlaps(start, count, d->inode_bitmap, 1) ||
	       overlaps(start, count, d->inode_table, fs->geo.table_blocks) ||
	       overlaps(start, count, 0, fs->geo.first_block + 1 + fs->geo.desc_blocks);
}

/* The first free bit from from on, at best at from itself or with seven more behind it. nbits: none. */
static uint32_t find_free(const uint32_t *map, uint32_t nbits, uint32_t from)
{
	const uint8_t *bytes = (const uint8_t *)map;

	if (from < nbits && !bitmap_test(map, from))
		return from;
	for (uint32_t i = DIV_ROUND_UP(from, 8); i < nbits / 8; i++)
		if (bytes[i] == 0)
			return i * 8;
	return bitmap_find_clear(map, nbits, from);
}

static int alloc_in_group(struct ext2 *fs, uint32_t group, uint32_t from, uint32_t *count,
			  uint32_t *start)
{
	uint32_t nbits = ext2_group_blocks(&fs->geo, group), bit, n = 0;
	struct group g;
	int err = group_open(fs, group, false, &g);

	if (err)
		return err;
	bit = g.desc->free_blocks_count > 0 ? find_free(g.map, nbits, from) : nbits;
	*start = ext2_group_first_block(&fs->geo, group) + bit;
	while (n < *count && bit + n < nbits && !bitmap_test(g.map, bit + n))
		n++;
	if (n == 0) {
		err = -ENOSPC;
	} else if (is_system(fs, g.desc, *start, n) || n > g.desc->free_blocks_count) {
		err = ext2_corrupt(fs, "the block bitmap of group %u is wrong", group);
	} else {
		for (uint32_t i = 0; i < n; i++)
			bitmap_set(g.map, bit + i);
		g.desc->free_blocks_count -= (uint16_t)n;
		fs->free_blocks -= n;
		*count = n;
		group_changed(&g);
	}
	group_close(&g);
	return err;
}

/* May the caller take a block that is free? */
static bool has_room(const struct ext2 *fs)
{
	struct fs_caller c;

	if (fs->free_blocks > fs->reserved_blocks)
		return true;
	c = caller_current();
	return fs->free_blocks > 0 && (c.uid == 0 || c.uid == fs->reserved_uid ||
				       (fs->reserved_gid && caller_in_group(&c, fs->reserved_gid)));
}

static int alloc_anywhere(struct ext2 *fs, uint32_t goal, uint32_t *count, uint32_t *start)
{
	const struct ext2_geometry *g = &fs->geo;
	uint32_t first = (goal - g->first_block) / g->blocks_per_group, from;
	int err = -ENOSPC;

	from = (goal - g->first_block) % g->blocks_per_group;
	/* Last the goal's group once more, from its beginning. */
	for (uint32_t i = 0; err == -ENOSPC && i <= g->groups; i++, from = 0)
		err = alloc_in_group(fs, (first + i) % g->groups, from, count, start);
	return err;
}

int ext2_block_alloc(struct ext2 *fs, uint32_t goal, uint32_t *count, uint32_t *start)
{
	int err;

	if (!ext2_block_is_sane(&fs->geo, goal))
		goal = fs->geo.first_block;
	err = has_room(fs) ? alloc_anywhere(fs, goal, count, start) : -ENOSPC;
	if (err != -ENOSPC || fs->held_blocks == 0)
		return err;
	ext2_release(fs);
	return has_room(fs) ? alloc_anywhere(fs, goal, count, start) : -ENOSPC;
}

static void free_in_group(struct ext2 *fs, uint32_t group, uint32_t bit, uint32_t count)
{
	uint32_t start = ext2_group_first_block(&fs->geo, group) + bit, freed = 0;
	struct group g;

	if (group_open(fs, group, false, &g))
		return; /* Lost until e2fsck finds it. */
	if (is_system(fs, g.desc, start, count)) {
		ext2_corrupt(fs, "blocks %u+%u are no file's", start, count);
	} else {
		for (uint32_t i = 0; i < count; i++) {
			freed += bitmap_test(g.map, bit + i);
			bitmap_clear(g.map, bit + i);
		}
		if (freed < count)
			ext2_corrupt(fs, "blocks %u+%u were free already", start, count);
		g.desc->free_blocks_count += (uint16_t)freed;
		fs->free_blocks += freed;
		group_changed(&g);
	}
	group_close(&g);
}

void ext2_block_free(struct ext2 *fs, uint32_t start, uint32_t count)
{
	const struct ext2_geometry *g = &fs->geo;

	while (count > 0) {
		uint32_t group = (start - g->first_block) / g->blocks_per_group;
		uint32_t bit = (start - g->first_block) % g->blocks_per_group;
		uint32_t n = MIN(count, g->blocks_per_group - bit);

		free_in_group(fs, group, bit, n);
		start += n;
		count -= n;
	}
}

/* ---- inodes ---- */

/* The group with most free blocks among those with a free inode. */
static uint32_t find_roomy_group(struct ext2 *fs)
{
	uint32_t best = 0, most = 0;

	for (uint32_t group = 0; group < fs->geo.groups; group++) {
		struct ext2_group_desc *d;
		struct ext2_meta m;

		if (ext2_group_get(fs, group, &m, &d))
			continue;
		if (d->free_inodes_count > 0 && d->free_blocks_count > most) {
			most = d->free_blocks_count;
			best = group;
		}
		ext2_meta_put(&m);
	}
	return best;
}

static int alloc_ino_in_group(struct ext2 *fs, uint32_t group, bool is_dir, uint32_t *ino)
{
	uint32_t nbits = fs->geo.inodes_per_group, bit;
	struct group g;
	int err = group_open(fs, group, true, &g);

	if (err)
		return err;
	bit = g.desc->free_inodes_count > 0 ? bitmap_find_clear(g.map, nbits, 0) : nbits;
	*ino = group * nbits + bit + 1;
	if (bit == nbits) {
		err = -ENOSPC;
	} else if (*ino < fs->geo.first_ino) {
		err = ext2_corrupt(fs, "the inode bitmap of group %u is wrong", group);
	} else {
		bitmap_set(g.map, bit);
		g.desc->free_inodes_count--;
		g.desc->used_dirs_count += is_dir;
		fs->free_inodes--;
		group_changed(&g);
	}
	group_close(&g);
	return err;
}

int ext2_ino_alloc(struct ext2 *fs, const struct inode *dir, bool is_dir, uint32_t *ino)
{
	uint32_t first = is_dir && dir->ino == EXT2_ROOT_INO ? find_roomy_group(fs)
							     : ext2_ino_group(fs, dir->ino);
	int err = -ENOSPC;

	for (uint32_t i = 0; err == -ENOSPC && i < fs->geo.groups; i++)
		err = alloc_ino_in_group(fs, (first + i) % fs->geo.groups, is_dir, ino);
	return err;
}

void ext2_ino_free(struct ext2 *fs, uint32_t ino, bool is_dir)
{
	uint32_t bit = (ino - 1) % fs->geo.inodes_per_group;
	struct group g;

	if (group_open(fs, ext2_ino_group(fs, ino), true, &g))
		return;
	if (!bitmap_test(g.map, bit)) {
		ext2_corrupt(fs, "inode %u was free already", ino);
	} else {
		bitmap_clear(g.map, bit);
		g.desc->free_inodes_count++;
		if (g.desc->used_dirs_count >= is_dir)
			g.desc->used_dirs_count -= is_dir;
		fs->free_inodes++;
		group_changed(&g);
	}
	group_close(&g);
}
