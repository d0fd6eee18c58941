/*
 * ext2_format.h: the structures of an ext2 file system as they lie on the disk, little-endian like
 * the CPU. Names and values are those of Linux's fs/ext2/ext2.h and of e2fsprogs' ext2_fs.h.
 *
 *	byte 1024	super block
 *	next block	group descriptors
 *	each group	block bitmap, inode bitmap, inode table, and then blocks of files
 */
#pragma once

#include "kernel/lib/types.h"

#define EXT2_SUPER_OFFSET 1024u
#define EXT2_SUPER_SIZE 1024u
#define EXT2_MAGIC 0xEF53u

#define EXT2_ROOT_INO 2u
#define EXT2_FIRST_INO_OLD 11u /* Revision 0: inodes below are reserved. */
#define EXT2_INODE_SIZE_OLD 128u

#define EXT2_VALID_FS 1u /* s_state: unmounted cleanly. */
#define EXT2_ERROR_FS 2u

#define EXT2_INCOMPAT_FILETYPE 0x2u
#define EXT2_INCOMPAT_KNOWN EXT2_INCOMPAT_FILETYPE
#define EXT2_RO_COMPAT_SPARSE_SUPER 0x1u
#define EXT2_RO_COMPAT_LARGE_FILE 0x2u
#define EXT2_RO_COMPAT_KNOWN (EXT2_RO_COMPAT_SPARSE_SUPER | EXT2_RO_COMPAT_LARGE_FILE)

struct ext2_super {
	uint32_t inodes_count, blocks_count, r_blocks_count, free_blocks_count, free_inodes_count;
	uint32_t first_data_block, log_block_size, log_frag_size;
	uint32_t blocks_per_group, frags_per_group, inodes_per_group;
	uint32_t mtime, wtime;
	uint16_t mnt_count, max_mnt_count, magic, state, errors, minor_rev_level;
	uint32_t lastcheck, checkinterval, creator_os, rev_level;
	uint16_t def_resuid, def_resgid;
	/* Revision 1 and up. */
	uint32_t first_ino;
	uint16_t inode_size, block_group_nr;
	uint32_t feature_compat, feature_incompat, feature_ro_compat;
	uint8_t uuid[16], rest[EXT2_SUPER_SIZE - 120];
};

_Static_assert(sizeof(struct ext2_super) == EXT2_SUPER_SIZE, "the super block is 1024 bytes");
_Static_assert(offsetof(struct ext2_super, magic) == 56, "s_magic is at byte 56");
_Static_assert(offsetof(struct ext2_super, first_ino) == 84, "s_first_ino is at byte 84");

struct ext2_group_desc {
	uint32_t block_bitmap, inode_bitmap, inode_table;
	uint16_t free_blocks_count, free_inodes_count, used_dirs_count, pad;
	uint32_t reserved[3];
};

_Static_assert(sizeof(struct ext2_group_desc) == 32, "a group descriptor is 32 bytes");

#define EXT2_NDIR_BLOCKS 12u
#define EXT2_IND_BLOCK 12u
#define EXT2_N_BLOCKS 15u
#define EXT2_FAST_LINK_MAX 59u /* Longest target that fits into block[], with its NUL. */

#define EXT2_INDEX_FL 0x1000u /* Directory with a hash tree, which we neither read nor keep. */

#define EXT2_LINK_MAX 32000u
#define EXT2_EXTRA_ISIZE 32u /* What we use of an inode beyond 128 bytes. */
#define EXT2_NSEC_SHIFT 2    /* *time_extra: two bits of epoch below the nanoseconds. */
#define EXT2_EPOCH_MASK 3u

struct ext2_raw_inode {
	uint16_t mode, uid;
	uint32_t size, atime, ctime, mtime, dtime;
	uint16_t gid, links_count;
	uint32_t blocks; /* Of 512 bytes, with those of the map. */
	uint32_t flags, osd1;
	uint32_t block[EXT2_N_BLOCKS];
	uint32_t generation, file_acl;
	uint32_t size_high; /* Regular files of revision 1; else i_dir_acl. */
	uint32_t faddr;
	uint16_t frag, pad, uid_high, gid_high;
	uint32_t reserved;
	/* Beyond the first 128 bytes, as far as extra_isize says. */
	uint16_t extra_isize, checksum_high;
	uint32_t ctime_extra, mtime_extra, atime_extra, crtime, crtime_extra, version_high, projid;
};

_Static_assert(offsetof(struct ext2_raw_inode, extra_isize) == EXT2_INODE_SIZE_OLD,
	       "i_extra_isize");
_Static_assert(sizeof(struct ext2_raw_inode) == EXT2_INODE_SIZE_OLD + EXT2_EXTRA_ISIZE, "inode");

struct ext2_dirent {
	uint32_t inode; /* 0: unused. */
	uint16_t rec_len;
	uint8_t name_len;
	uint8_t type; /* EXT2_FT_*; without the feature, the upper half of name_len. */
	char name[];
};

#define EXT2_DIRENT_HEAD 8u
#define EXT2_DIRENT_LEN(name_len) ALIGN_UP(EXT2_DIRENT_HEAD + (name_len), 4u)

#define EXT2_FT_MAX 8u

/* The head of a block of extended attributes, which several inodes may share. */
struct ext2_xattr_head {
	uint32_t magic, refcount, blocks, hash, reserved[4];
};

#define EXT2_XATTR_MAGIC 0xEA020000u
