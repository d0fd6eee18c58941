/*
 * fuzz_ext2.c: no image makes the ext2 parser read outside what it is given or loop, and what it
 * accepts keeps its promises. The input changes the super block of a good image of 64 KiB, and is what
 * follows it: descriptors, inodes, and blocks of directories, which are then changed at random too.
 */

#include "fs/ext2_parse.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "tests/host/check.h"

#define IMAGE 65536u
#define GROUPS_MAX 64u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct ext2_super good = {
	.inodes_count = 64,
	.blocks_count = 64,
	.first_data_block = 1,
	.blocks_per_group = 8192,
	.inodes_per_group = 64,
	.magic = EXT2_MAGIC,
	.rev_level = 1,
	.first_ino = 11,
	.inode_size = 128,
	.feature_incompat = EXT2_INCOMPAT_FILETYPE,
};

static uint8_t *image;
static struct ext2_geometry geo;

/* A block by itself: ASan sees a step beyond. NULL: the image has no such block. */
static uint8_t *block_copy(uint32_t block)
{
	uint8_t *copy;

	if (block >= geo.blocks || (uint64_t)(block + 1) << geo.block_shift > IMAGE)
		return NULL;
	copy = host_alloc(geo.block_size);
	memcpy(copy, image + ((size_t)block << geo.block_shift), geo.block_size);
	return copy;
}

static uint32_t count_names(const uint8_t *block)
{
	struct ext2_entry e;
	uint32_t names = 0;

	for (uint32_t at = 0; at < geo.block_size; at += e.len) {
		if (ext2_entry_parse(&geo, block, at, &e) != 0)
			return UINT32_MAX;
		CHECK(e.len > 0 && e.at + e.len <= geo.block_size);
		CHECK(EXT2_DIRENT_HEAD + e.name_len <= e.len);
		CHECK(e.ino <= geo.inodes && e.type <= 12);
		names += e.ino != 0;
	}
	return names;
}

/* Adding and removing a name changes nothing else, and never breaks a block that was whole. */
static void try_directory(uint8_t *block, uint8_t salt)
{
	uint32_t before = count_names(block), prev;
	uint32_t len = 1 + salt % 255u;
	struct ext2_entry e;
	char name[256];
	int err;

	memset(name, 'a' + salt % 26, sizeof(name));
	ext2_dir_check_empty(&geo, block);
	err = ext2_entry_find(&geo, block, name, len, &e, &prev);
	if (before == UINT32_MAX || err == 0)
		return;
	CHECK(err == -ENOENT);
	err = ext2_entry_add(&geo, block, name, len, 2, 0040000);
	if (err) {
		CHECK(err == -ENOSPC && count_names(block) == before);
		return;
	}
	CHECK(count_names(block) == before + 1);
	CHECK(ext2_entry_find(&geo, block, name, len, &e, &prev) == 0 && e.ino == 2);
	ext2_entry_set(&geo, block, e.at, 1, 0100000);
	ext2_entry_remove(block, &e, prev);
	CHECK(count_names(block) == before);
	CHECK(ext2_entry_find(&geo, block, name, len, &e, &prev) == -ENOENT);
}

static void try_group(uint32_t group, const struct ext2_group_desc *d)
{
	uint32_t first = ext2_group_first_block(&geo, group);
	uint32_t end = first + ext2_group_blocks(&geo, group);

	CHECK(first >= geo.first_block && first < end && end <= geo.blocks);
	if (!ext2_group_is_sane(&geo, group, d))
		return;
	CHECK(d->block_bitmap >= first && d->block_bitmap < end);
	CHECK(d->inode_table >= first && d->inode_table + geo.table_blocks <= end);
}

static void try_paths(uint32_t index)
{
	uint32_t slot[4], depth = ext2_path(&geo, index, slot);

	CHECK(depth <= 4);
	for (uint32_t i = 0; i < depth; i++)
		CHECK(slot[i] < (i == 0 ? EXT2_N_BLOCKS : geo.block_size / 4));
	if (index < ext2_max_bytes(&geo) >> geo.block_shift)
		CHECK(depth > 0);
}

static void try_image(uint8_t salt)
{
	uint32_t per_block = geo.block_size / sizeof(struct ext2_group_desc);

	CHECK(geo.groups > 0 && geo.desc_blocks > 0 && geo.table_blocks > 0);
	CHECK(ext2_overhead(&geo) <= geo.blocks && ext2_max_bytes(&geo) > 0);
	for (uint32_t group = 0; group < MIN(geo.groups, GROUPS_MAX); group++) {
		uint8_t *block = block_copy(geo.first_block + 1 + group / per_block);

		if (!block)
			break;
		try_group(group, (struct ext2_group_desc *)block + group % per_block);
		host_free(block);
	}
	for (uint32_t i = 0; i < geo.blocks; i++) {
		uint8_t *block = block_copy(i);

		if (!block)
			break;
		try_directory(block, (uint8_t)(salt + i));
		try_paths(*(uint32_t *)block);
		host_free(block);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ext2_super sb = good;
	uint8_t *bytes = (uint8_t *)&sb;
	size_t head = MIN(size, (size_t)128);
	const char *why;

	for (size_t i = 0; i < head; i++)
		bytes[i] ^= data[i];
	image = host_alloc(IMAGE);
	memcpy(image + EXT2_SUPER_OFFSET, &sb, sizeof(sb));
	memcpy(image + 2048, data + head, MIN(size - head, (size_t)(IMAGE - 2048)));
	if (ext2_parse_super(&sb, IMAGE, &geo, &why) == 0)
		try_image(size ? data[size - 1] : 0);
	host_free(image);
	return 0;
}
