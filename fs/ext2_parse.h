/*
 * ext2_parse.h: the bytes of an ext2 image, checked; and changes of one directory block. Pure: runs
 * on the host as it does in the kernel, and never reads or writes outside what it is given.
 */
#pragma once

#include "fs/ext2_format.h"

/* What the super block says, in the units used here. */
struct ext2_geometry {
	uint32_t block_size, block_shift;
	uint32_t blocks, first_block; /* Blocks [first_block, blocks) are in groups. */
	uint32_t blocks_per_group;
	uint32_t inodes, inodes_per_group, inode_size, first_ino;
	uint32_t groups;
	uint32_t table_blocks; /* Blocks of a group's inode table. */
	uint32_t desc_blocks;  /* Blocks of group descriptors. */
	bool revised;	       /* Revision 1 or later. */
	bool sparse_super, file_types;
	bool read_only; /* Has features that only readers may ignore. */
};

/* 0, or -EINVAL: not ext2, or with features or sizes that we do not know; *why says what, for the
 * log, or is NULL when there is no ext2 at all. bytes: the size of the device. */
int ext2_parse_super(const struct ext2_super *sb, uint64_t bytes, struct ext2_geometry *g,
		     const char **why);

/* The descriptor of this group names blocks of the group only. */
bool ext2_group_is_sane(const struct ext2_geometry *g, uint32_t group,
			const struct ext2_group_desc *d);

/* Blocks of a group: all have blocks_per_group of them but the last. */
uint32_t ext2_group_first_block(const struct ext2_geometry *g, uint32_t group);
uint32_t ext2_group_blocks(const struct ext2_geometry *g, uint32_t group);

/* What super blocks, descriptors, bitmaps and inode tables take: statfs(2) does not count it. */
uint32_t ext2_overhead(const struct ext2_geometry *g);

/* Largest size of a file: what the map can name and 32 bits can count in 512-byte units. */
loff_t ext2_max_bytes(const struct ext2_geometry *g);

/* A file may use this block. */
static inline bool ext2_block_is_sane(const struct ext2_geometry *g, uint32_t block)
{
	return block > g->first_block && block < g->blocks;
}

/* An inode that a name may lead to. */
static inline bool ext2_ino_is_sane(const struct ext2_geometry *g, uint32_t ino)
{
	return (ino >= g->first_ino || ino == EXT2_ROOT_INO) && ino <= g->inodes;
}

/*
 * The way to block number index of a file: slot[0] in the inode's block[], slot[1] in the block that it
 * names, and so on. Returns the number of slots, 1 to 4, or 0 when index is beyond what a map can name.
 */
uint32_t ext2_path(const struct ext2_geometry *g, uint32_t index, uint32_t slot[4]);

/* ---- a directory's block ---- */

/* A checked entry. */
struct ext2_entry {
	uint32_t at, len; /* Where in the block, and how many bytes up to the next. */
	uint32_t ino;	  /* 0: unused. */
	uint8_t type;	  /* DT_*, 0: unknown. */
	uint32_t name_len;
	const char *name;
};

/* The entry at byte at of the block. 0 or -EIO. */
int ext2_entry_parse(const struct ext2_geometry *g, const uint8_t *block, uint32_t at,
		     struct ext2_entry *e);

/* The entry of this name, *prev being where the one before it begins (its own place when it is the
 * first). 0, -ENOENT or -EIO. */
int ext2_entry_find(const struct ext2_geometry *g, const uint8_t *block, const char *name,
		    uint32_t len, struct ext2_entry *e, uint32_t *prev);

/* Add a name, which is not there. 0, -ENOSPC when the block has no room, or -EIO. mode gives the
 * type. The block is valid at every moment meanwhile, so it may be written at any. */
int ext2_entry_add(const struct ext2_geometry *g, uint8_t *block, const char *name, uint32_t len,
		   uint32_t ino, uint32_t mode);

/* Lead an existing entry somewhere else. */
void ext2_entry_set(const struct ext2_geometry *g, uint8_t *block, uint32_t at, uint32_t ino,
		    uint32_t mode);

/* Take out what ext2_entry_find has found. */
void ext2_entry_remove(uint8_t *block, const struct ext2_entry *e, uint32_t prev);

/* A block with no names, and one with "." and "..". */
void ext2_dir_init(const struct ext2_geometry *g, uint8_t *block);
void ext2_dir_init_first(const struct ext2_geometry *g, uint8_t *block, uint32_t self,
			 uint32_t parent);

/* Only "." and ".." are in it. 0, -ENOTEMPTY or -EIO. */
int ext2_dir_check_empty(const struct ext2_geometry *g, const uint8_t *block);
