/* ext2_parse.c: see ext2_parse.h. */
#include "fs/ext2_parse.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"

#define MODE_DIR 0040000u /* S_IFDIR; its header is for the kernel alone. */
#define LOG_BLOCK_MIN 10u /* 1 KiB */
#define LOG_BLOCK_MAX 12u /* A page: metadata blocks are parts of pages. */

/* ---- the super block ---- */

static int parse_revision(const struct ext2_super *sb, struct ext2_geometry *g, const char **why)
{
	g->inode_size = EXT2_INODE_SIZE_OLD;
	g->first_ino = EXT2_FIRST_INO_OLD;
	g->revised = sb->rev_level > 0;
	if (!g->revised)
		return 0;
	if (sb->feature_incompat & ~EXT2_INCOMPAT_KNOWN) {
		*why = "features that are not supported";
		return -EINVAL;
	}
	g->inode_size = sb->inode_size;
	g->first_ino = sb->first_ino;
	g->file_types = sb->feature_incompat & EXT2_INCOMPAT_FILETYPE;
	g->sparse_super = sb->feature_ro_compat & EXT2_RO_COMPAT_SPARSE_SUPER;
	g->read_only = sb->feature_ro_compat & ~EXT2_RO_COMPAT_KNOWN;
	return 0;
}

/* Sizes out of range, or that do not fit each other: nothing may overflow later. */
static const char *find_fault(const struct ext2_super *sb, const struct ext2_geometry *g,
			      uint64_t bytes)
{
	uint32_t bits = g->block_size * 8;

	if (g->inode_size < EXT2_INODE_SIZE_OLD || g->inode_size > g->block_size ||
	    g->inode_size & (g->inode_size - 1) || g->first_ino < EXT2_FIRST_INO_OLD)
		return "bad inode sizes";
	if (g->first_block != (g->block_size == 1024) || g->blocks <= g->first_block + 1 ||
	    (uint64_t)g->blocks << g->block_shift > bytes)
		return "more blocks than the device";
	if (g->blocks_per_group < 8 || g->blocks_per_group > bits || g->inodes_per_group > bits ||
	    g->inodes_per_group < g->block_size / g->inode_size || g->blocks_per_group % 8 ||
	    g->inodes_per_group % 8)
		return "bad group sizes";
	if ((uint64_t)g->groups * g->inodes_per_group != sb->inodes_count ||
	    g->table_blocks + 2 >= g->blocks_per_group)
		return "inodes that do not fill the groups";
	if (sb->r_blocks_count > g->blocks || sb->free_blocks_count > g->blocks ||
	    sb->free_inodes_count > g->inodes)
		return "impossible counts";
	return NULL;
}

int ext2_parse_super(const struct ext2_super *sb, uint64_t bytes, struct ext2_geometry *g,
		     const char **why)
{
	*g = (struct ext2_geometry){0};
	*why = NULL;
	if (sb->magic != EXT2_MAGIC)
		return -EINVAL;
	*why = "a block size that is not supported";
	if (sb->log_block_size > LOG_BLOCK_MAX - LOG_BLOCK_MIN)
		return -EINVAL;
	g->block_shift = LOG_BLOCK_MIN + sb->log_block_size;
	g->block_size = 1u << g->block_shift;
	g->blocks = sb->blocks_count;
	g->first_block = sb->first_data_block;
	g->blocks_per_group = sb->blocks_per_group;
	g->inodes = sb->inodes_count;
	g->inodes_per_group = sb->inodes_per_group;
	if (parse_revision(sb, g, why))
		return -EINVAL;
	if (g->blocks_per_group > 0 && g->blocks > g->first_block) {
		g->groups = (g->blocks - g->first_block - 1) / g->blocks_per_group + 1;
		g->desc_blocks = (uint32_t)DIV_ROUND_UP(
			(uint64_t)g->groups * sizeof(struct ext2_group_desc), g->block_size);
		g->table_blocks = (uint32_t)DIV_ROUND_UP(
			(uint64_t)g->inodes_per_group * g->inode_size, g->block_size);
	}
	*why = find_fault(sb, g, bytes);
	return *why ? -EINVAL : 0;
}

/* ---- groups ---- */

uint32_t ext2_group_first_block(const struct ext2_geometry *g, uint32_t group)
{
	return g->first_block + group * g->blocks_per_group;
}

uint32_t ext2_group_blocks(const struct ext2_geometry *g, uint32_t group)
{
	return MIN(g->blocks_per_group, g->blocks - ext2_group_first_block(g, group));
}

bool ext2_group_is_sane(const struct ext2_geometry *g, uint32_t group,
			const struct ext2_group_desc *d)
{
	uint32_t first = ext2_group_first_block(g, group), count = ext2_group_blocks(g, group);

	return d->block_bitmap - first < count && d->inode_bitmap - first < count &&
	       d->inode_table - first < count &&
	       d->inode_table - first + g->table_blocks <= count && d->free_blocks_count <= count &&
	       d->free_inodes_count <= g->inodes_per_group;
}

static bool is_power_of(uint32_t n, uint32_t base)
{
	while (n % base == 0)
		n /= base;
	return n == 1;
}

static bool group_has_super(const struct ext2_geometry *g, uint32_t group)
{
	return !g->sparse_super || group <= 1 || is_power_of(group, 3) || is_power_of(group, 5) ||
	       is_power_of(group, 7);
}

uint32_t ext2_overhead(const struct ext2_geometry *g)
{
	uint32_t blocks = g->first_block;

	for (uint32_t group = 0; group < g->groups; group++)
		blocks +=
			2 + g->table_blocks + (group_has_super(g, group) ? 1 + g->desc_blocks : 0);
	return MIN(blocks, g->blocks);
}

/* ---- maps ---- */

uint32_t ext2_path(const struct ext2_geometry *g, uint32_t index, uint32_t slot[4])
{
	uint32_t bits = g->block_shift - 2, mask = (1u << bits) - 1;

	if (index < EXT2_NDIR_BLOCKS) {
		slot[0] = index;
		return 1;
	}
	index -= EXT2_NDIR_BLOCKS;
	for (uint32_t levels = 1; levels <= 3; levels++) {
		uint64_t span = 1ull << bits * levels;

		if (index < span) {
			slot[0] = EXT2_IND_BLOCK + levels - 1;
			for (uint32_t i = 1; i <= levels; i++)
				slot[i] = index >> bits * (levels - i) & mask;
			return levels + 1;
		}
		index -= (uint32_t)span;
	}
	return 0;
}

loff_t ext2_max_bytes(const struct ext2_geometry *g)
{
	uint64_t per = g->block_size / 4,
		 all = EXT2_NDIR_BLOCKS + per + per * per + per * per * per;
	uint64_t limit = (uint64_t)UINT32_MAX >> (g->block_shift - 9);
	uint64_t beyond;

	if (!g->revised)
		return INT32_MAX;
	if (all >= limit) { /* The map's own blocks count too: of all levels, the last not full. */
		beyond = limit - EXT2_NDIR_BLOCKS - per - per * per;
		all = limit - (1 + 1 + per + 1 + DIV_ROUND_UP(beyond, per) +
			       DIV_ROUND_UP(beyond, per * per));
	}
	return (loff_t)(all << g->block_shift);
}

/* ---- entries ---- */

/* From the type in an entry to DT_*, which is the mode's type >> 12: regular file, directory, character
 * and block device, FIFO, socket, link. */
static const uint8_t entry_types[EXT2_FT_MAX] = {0, 8, 4, 2, 6, 1, 12, 10};

static uint8_t entry_type(const struct ext2_geometry *g, uint32_t mode)
{
	uint8_t type = 0;

	if (g->file_types)
		while (type < EXT2_FT_MAX - 1 && entry_types[type] != (mode >> 12 & 0xF))
			type++;
	return type;
}

int ext2_entry_parse(const struct ext2_geometry *g, const uint8_t *block, uint32_t at,
		     struct ext2_entry *e)
{
	const struct ext2_dirent *d = (const struct ext2_dirent *)(block + at);

	if (at % 4 || at + EXT2_DIRENT_HEAD > g->block_size)
		return -EIO;
	*e = (struct ext2_entry){
		.at = at,
		.len = d->rec_len,
		.ino = d->inode,
		.name_len = d->name_len,
		.name = d->name,
	};
	if (g->file_types && d->type < EXT2_FT_MAX)
		e->type = entry_types[d->type];
	if (e->len % 4 || e->len < EXT2_DIRENT_LEN(1) || e->len < EXT2_DIRENT_LEN(e->name_len) ||
	    e->len > g->block_size - at || e->ino > g->inodes)
		return -EIO;
	if (e->ino && (e->name_len == 0 || memchr(e->name, '/', e->name_len) ||
		       memchr(e->name, '\0', e->name_len)))
		return -EIO; /* It cannot be asked for; listed, it would lead somewhere else. */
	return 0;
}

/* Folders are long, so that each entry is only looked at as far as is needed to go on. */
int ext2_entry_find(const struct ext2_geometry *g, const uint8_t *block, const char *name,
		    uint32_t len, struct ext2_entry *e, uint32_t *prev)
{
	uint32_t step;

	*prev = 0;
	for (uint32_t at = 0; at < g->block_size; at += step) {
		const struct ext2_dirent *d = (const struct ext2_dirent *)(block + at);

		if (at + EXT2_DIRENT_HEAD > g->block_size)
			return -EIO;
		step = d->rec_len;
		if (step % 4 || step < EXT2_DIRENT_LEN(1) || step > g->block_size - at)
			return -EIO;
		if (d->name_len == len && d->inode && EXT2_DIRENT_LEN(len) <= step &&
		    d->name[len - 1] == name[len - 1] && memcmp(d->name, name, len) == 0)
			return ext2_entry_parse(g, block, at, e);
		*prev = at;
	}
	return -ENOENT;
}

/* Bytes of the entry that its name needs. */
static uint32_t entry_used(const struct ext2_entry *e)
{
	return e->ino ? EXT2_DIRENT_LEN(e->name_len) : 0;
}

static void entry_write(const struct ext2_geometry *g, uint8_t *block, uint32_t at, uint32_t len,
			const char *name, uint32_t name_len, uint32_t mode)
{
	struct ext2_dirent *d = (struct ext2_dirent *)(block + at);

	d->rec_len = (uint16_t)len;
	d->name_len = (uint8_t)name_len;
	d->type = entry_type(g, mode);
	memcpy(d->name, name, name_len);
}

int ext2_entry_add(const struct ext2_geometry *g, uint8_t *block, const char *name, uint32_t len,
		   uint32_t ino, uint32_t mode)
{
	struct ext2_entry e;

	for (uint32_t at = 0; at < g->block_size; at += e.len) {
		int err = ext2_entry_parse(g, block, at, &e);
		uint32_t used = err ? 0 : entry_used(&e);

		if (err)
			return err;
		if (e.len - used < EXT2_DIRENT_LEN(len))
			continue;
		/* First the entry behind the name, then what makes it part of the list. */
		entry_write(g, block, at + used, e.len - used, name, len, mode);
		((struct ext2_dirent *)(block + at + used))->inode = ino;
		if (used)
			((struct ext2_dirent *)(block + at))->rec_len = (uint16_t)used;
		return 0;
	}
	return -ENOSPC;
}

void ext2_entry_set(const struct ext2_geometry *g, uint8_t *block, uint32_t at, uint32_t ino,
		    uint32_t mode)
{
	struct ext2_dirent *d = (struct ext2_dirent *)(block + at);

	d->inode = ino;
	d->type = entry_type(g, mode);
}

void ext2_entry_remove(uint8_t *block, const struct ext2_entry *e, uint32_t prev)
{
	struct ext2_dirent *d = (struct ext2_dirent *)(block + e->at);

	d->inode = 0;
	if (prev != e->at)
		((struct ext2_dirent *)(block + prev))->rec_len += d->rec_len;
}

void ext2_dir_init(const struct ext2_geometry *g, uint8_t *block)
{
	memset(block, 0, g->block_size);
	((struct ext2_dirent *)block)->rec_len = (uint16_t)g->block_size;
}

void ext2_dir_init_first(const struct ext2_geometry *g, uint8_t *block, uint32_t self,
			 uint32_t parent)
{
	ext2_dir_init(g, block);
	ext2_entry_add(g, block, ".", 1, self, MODE_DIR);
	ext2_entry_add(g, block, "..", 2, parent, MODE_DIR);
}

static bool is_dot_name(const struct ext2_entry *e)
{
	return (e->name_len == 1 || (e->name_len == 2 && e->name[1] == '.')) && e->name[0] == '.';
}

int ext2_dir_check_empty(const struct ext2_geometry *g, const uint8_t *block)
{
	struct ext2_entry e;

	for (uint32_t at = 0; at < g->block_size; at += e.len) {
		int err = ext2_entry_parse(g, block, at, &e);

		if (err)
			return err;
		if (e.ino && !is_dot_name(&e))
			return -ENOTEMPTY;
	}
	return 0;
}
