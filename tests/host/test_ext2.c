/*
 * test_ext2.c: the pure parts of ext2: a directory's block against a model, paths through a map
 * against counting, and the limits that Linux states.
 */

#include "fs/ext2_parse.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "tests/host/check.h"

#define NAMES 64
#define ROUNDS 20000

static struct ext2_geometry geo_of(uint32_t shift)
{
	return (struct ext2_geometry){
		.block_shift = shift,
		.block_size = 1u << shift,
		.blocks = 100000,
		.first_block = shift == 10,
		.blocks_per_group = 8u << shift,
		.inodes = 10000,
		.inodes_per_group = 1000,
		.groups = (100000 - 1) / (8u << shift) + 1,
		.table_blocks = 100,
		.desc_blocks = 1,
		.revised = true,
		.sparse_super = true,
		.file_types = true,
	};
}

/* Name i: its letter, as often as random, but always the same. */
static uint32_t name_of(uint32_t i, char *name)
{
	uint32_t len = 1 + i * 37 % 255;

	memset(name, 'A' + (int)i, len);
	return len;
}

static uint32_t bytes_free(const struct ext2_geometry *g, const uint8_t *block)
{
	struct ext2_entry e;
	uint32_t most = 0;

	for (uint32_t at = 0; at < g->block_size; at += e.len) {
		uint32_t used;

		CHECK(ext2_entry_parse(g, block, at, &e) == 0);
		used = e.ino ? EXT2_DIRENT_LEN(e.name_len) : 0;
		most = MAX(most, e.len - used);
	}
	return most;
}

static void test_directory(uint32_t shift)
{
	struct ext2_geometry g = geo_of(shift);
	uint8_t *block = host_alloc(g.block_size);
	uint32_t inode[NAMES] = {0};

	ext2_dir_init_first(&g, block, 11, 2);
	CHECK(ext2_dir_check_empty(&g, block) == 0);
	for (uint32_t round = 0; round < ROUNDS; round++) {
		uint32_t i = random_below(NAMES), prev;
		struct ext2_entry e;
		char name[256];
		uint32_t len = name_of(i, name);
		int err = ext2_entry_find(&g, block, name, len, &e, &prev);

		CHECK(err == (inode[i] ? 0 : -ENOENT));
		if (!inode[i]) {
			bool fits = bytes_free(&g, block) >= EXT2_DIRENT_LEN(len);

			err = ext2_entry_add(&g, block, name, len, 100 + round % 9000, 0100644);
			CHECK(err == (fits ? 0 : -ENOSPC));
			inode[i] = fits ? 100 + round % 9000 : 0;
			continue;
		}
		CHECK(e.ino == inode[i] && e.type == 8);
		CHECK(ext2_dir_check_empty(&g, block) == -ENOTEMPTY);
		ext2_entry_remove(block, &e, prev);
		inode[i] = 0;
	}
	host_free(block);
}

/* Consecutive blocks have consecutive paths: like digits, from the right. */
static void test_paths(uint32_t shift)
{
	struct ext2_geometry g = geo_of(shift);
	uint32_t per = g.block_size / 4, slot[4], last[4] = {0}, depth;
	uint32_t end = EXT2_NDIR_BLOCKS + per + per * per + 3 * per;

	for (uint32_t i = 0; i < end; i++) {
		depth = ext2_path(&g, i, slot);
		CHECK(depth == 1u + (i >= 12) + (i >= 12 + per) + (i >= 12 + per + per * per));
		if (i > 0 && depth > 1 && slot[0] == last[0]) {
			uint32_t at = 0, was = 0;

			for (uint32_t k = 1; k < depth; k++) {
				at = at * per + slot[k];
				was = was * per + last[k];
			}
			CHECK(at == was + 1);
		}
		memcpy(last, slot, sizeof(last));
	}
	CHECK(ext2_path(&g, UINT32_MAX, slot) == 0);
}

/* The sizes that Linux's ext2 documentation and ext2_max_size give. */
static void test_limits(void)
{
	static const loff_t limits[] = {17247252480, 275415851008, 2196873666560};

	for (uint32_t i = 0; i < ARRAY_SIZE(limits); i++) {
		struct ext2_geometry g = geo_of(10 + i);

		CHECK(ext2_max_bytes(&g) == limits[i]);
		g.revised = false;
		CHECK(ext2_max_bytes(&g) == INT32_MAX);
	}
}

/* Copies of the super block are in groups 0, 1 and powers of 3, 5 and 7. */
static void test_overhead(void)
{
	struct ext2_geometry g = geo_of(10);

	g.groups = 13; /* 0 1 3 5 7 9 */
	CHECK(ext2_overhead(&g) == 1 + 13 * 102 + 6 * 2);
	g.sparse_super = false;
	CHECK(ext2_overhead(&g) == 1 + 13 * 102 + 13 * 2);
}

int main(void)
{
	for (uint32_t shift = 10; shift <= 12; shift++) {
		test_directory(shift);
		test_paths(shift);
	}
	test_limits();
	test_overhead();
	return 0;
}
