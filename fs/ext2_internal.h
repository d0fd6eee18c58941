/*
 * ext2_internal.h: what the parts of ext2 share.
 *
 *	ext2_format.h, ext2_parse.c	the bytes, checked; pure
 *	ext2.c				mounting, the super block, its state
 *	ext2_meta.c			blocks of metadata, and freed blocks that may not be reused yet
 *	ext2_alloc.c			bitmaps: blocks and inodes
 *	ext2_map.c			which block of the disk is block n of a file
 *	ext2_inode.c			inodes to and from their table
 *	ext2_file.c			contents of files and of symbolic links
 *	ext2_dir.c			names in a directory
 *	ext2_name.c			the calls that change directories
 *
 * Where things are: contents of files in the page cache of their inodes; directories, maps, tables
 * and bitmaps in the pages of the device. A block is smaller than a page or one; two neighbours in a page may
 * be metadata and a file's. So metadata is marked dirty by the block, and only dirty blocks are
 * written: what a page of the device shows of a file's blocks is old, and of no meaning.
 *
 * What a crash may leave. Writes reach the disk in any order, except that
 *	1. a block that is new in a map or a directory is on the disk before anything leads to it;
 *	2. freed blocks stay taken until all metadata that still led to them is on the disk;
 *	3. a name that replaces another one of the same file is on the disk before that goes.
 * So every map on the disk leads to blocks that are that file's, now or as it was, and e2fsck has
 * nothing to choose between two owners: it finishes what was begun. A file that was fsynced, and its
 * name, are whole from then on, whatever happens to others.
 *
 * Locks: inode->lock guards a directory's names and, with ext2->lock, who changes a file's size.
 * ext2->lock (RANK_FSALLOC) guards bitmaps, descriptors, counts, all changes of maps, and the step
 * of an inode into its table. Maps are read without it: a pointer is written in one piece.
 */
#pragma once

#include "drivers/block.h"
#include "fs/caller.h"
#include "fs/ext2_parse.h"
#include "fs/inode.h"
#include "fs/writeback.h"

#define EXT2_HELD_MAX 256u

/* A run of blocks. */
struct ext2_run {
	uint32_t start, count;
};

struct ext2 {
	struct blockdev *dev;
	struct ext2_geometry geo;
	struct mutex lock;
	/* Guarded by lock, and read without. */
	uint32_t free_blocks, free_inodes; /* As the descriptors say. */
	uint32_t held_blocks;		   /* Free, but still taken in their bitmaps. */
	uint32_t held_runs;
	struct ext2_run held[EXT2_HELD_MAX];
	uint32_t reserved_blocks; /* The last free ones are for: */
	uint32_t reserved_uid, reserved_gid;
	uint32_t generation; /* Of the inode made last. */
	uint32_t overhead;
	uint32_t deleted;    /* Atomic: inodes that live only until they are closed. */
	uint32_t complaints; /* Atomic: lines that ext2_corrupt wrote. */
	bool large_files;    /* Some file is, or was, larger than 2 GiB: a feature. */
	uint16_t state;	     /* EXT2_*_FS: what the disk is to say when it is not in use. */
	bool in_use;	     /* The disk says that it is. */
};

struct ext2_inode {
	struct inode inode;
	/* Guarded by ext2->lock; read without. */
	uint32_t block[EXT2_N_BLOCKS]; /* The map, or a short link's target. */
	uint32_t sectors;	       /* i_blocks: of 512 bytes. */
	uint32_t flags, generation, xattr_block;
	uint32_t
		add_hint; /* Directories, inode->lock: blocks before have no room for a long name. */
};

static inline struct ext2_inode *ext2_of(struct inode *inode)
{
	return container_of(inode, struct ext2_inode, inode);
}

static inline struct ext2 *ext2_fs(const struct inode *inode)
{
	return inode->super->private;
}

/* The disk does not say what it should: tell the log, and e2fsck. Returns -EIO. */
int ext2_corrupt(struct ext2 *fs, const char *fmt, ...) __printf(2, 3);

/* ---- ext2_meta.c ---- */

/* A block of metadata, as long as frame is held. */
struct ext2_meta {
	struct ext2 *fs;
	struct frame *frame; /* NULL: none. */
	uint8_t *bytes;
	uint32_t block;
};

/* Get a block that exists. 0; -EIO beyond the end or from the disk; -ENOMEM. May sleep. */
int ext2_meta_get(struct ext2 *fs, uint32_t block, struct ext2_meta *m);
void ext2_meta_put(struct ext2_meta *m); /* Nothing happens to one that was not got. */

/* It was changed. */
void ext2_meta_dirty(struct ext2_meta *m);

/* Write a new block at once: it is durable before any page that leads to it is written. 0 or -EIO. */
int ext2_meta_write(struct ext2_meta *m);

/* Make all metadata that is dirty durable: for order. 0 or the first error. */
int ext2_meta_flush(struct ext2 *fs);

/* The pointer to this run is gone from its page: free it once the disk knows too. meta: it may be
 * dirty in the device's pages. fs->lock held. */
void ext2_hold(struct ext2 *fs, uint32_t start, uint32_t count, bool meta);

/* Flush, and free all that was held. 0 or the first error. fs->lock held. */
int ext2_release(struct ext2 *fs);

/* ---- ext2_alloc.c: fs->lock held ---- */

/* Blocks near goal, *count at most (what was got is given back there), at *start. 0, -ENOSPC, -EIO. */
int ext2_block_alloc(struct ext2 *fs, uint32_t goal, uint32_t *count, uint32_t *start);
void ext2_block_free(struct ext2 *fs, uint32_t start, uint32_t count);

/* An inode near its directory. 0, -ENOSPC, -EIO. */
int ext2_ino_alloc(struct ext2 *fs, const struct inode *dir, bool is_dir, uint32_t *ino);
void ext2_ino_free(struct ext2 *fs, uint32_t ino, bool is_dir);

/* The descriptor of a group. */
int ext2_group_get(struct ext2 *fs, uint32_t group, struct ext2_meta *m,
		   struct ext2_group_desc **d);

static inline uint32_t ext2_ino_group(const struct ext2 *fs, uint64_t ino)
{
	return ((uint32_t)ino - 1) / fs->geo.inodes_per_group;
}

/* ---- ext2_map.c ---- */

/* Blocks [index, index + max) of a file: how many of them, at least 1, follow each other on the disk
 * from *start on, or are a hole when *start is 0. Or -EIO, -ENOMEM. */
int ext2_map_find(struct ext2_inode *ei, uint32_t index, uint32_t max, uint32_t *start);

/* Give blocks to the holes in [index, index + count). 0, -ENOSPC, -EFBIG, -EIO, -ENOMEM; what was
 * got before stays. */
int ext2_map_fill(struct ext2_inode *ei, uint32_t index, uint32_t count);

/*
 * A block of metadata (a directory's, a link's target) for block index, a hole, in two steps: get it,
 * to be initialised; write it and link it. When linking fails the block is free again. m is to be put
 * in any case. fs->lock held.
 */
int ext2_map_append(struct ext2_inode *ei, uint32_t index, struct ext2_meta *m);
int ext2_map_link(struct ext2_inode *ei, uint32_t index, struct ext2_meta *m);

/* Free all blocks from index on. The first error; goes on behind it. */
int ext2_map_cut(struct ext2_inode *ei, uint32_t index);

/* ---- ext2_inode.c ---- */

extern const struct backing_ops ext2_backing_ops;

/* The inode of this number, with a reference. 0, -EIO, -ENOMEM. */
int ext2_inode_get(struct super *s, uint32_t ino, struct inode **out);

/* A new one: no name leads to it, nlink is 1 (2 of a directory, whose first block is there). It goes
 * when nlink is made 0 and it is put. */
int ext2_inode_make(struct inode *dir, uint32_t mode, uint32_t rdev, struct inode **out);

/* Copy it to its table. fs->lock held. */
int ext2_inode_store_locked(struct ext2_inode *ei);
int ext2_inode_store(struct inode *inode);

/* It has one name less; a directory has none then. Without names it goes with its last reference. */
void ext2_link_drop(struct inode *inode);
void ext2_inode_evict(struct inode *inode);

/* ---- ext2_file.c ---- */

extern const struct inode_ops ext2_file_inode_ops, ext2_link_inode_ops;
extern const struct file_ops ext2_file_ops;

/* Give a new link its target. 0, -ENAMETOOLONG, -ENOSPC, -EIO, -ENOMEM. */
int ext2_link_set(struct inode *inode, const char *target);

/* Its target is in a block of its own. */
bool ext2_link_is_long(const struct ext2_inode *ei);

/* st_blocks. */
uint64_t ext2_blocks(struct inode *inode);

/* ---- ext2_dir.c: the directory is locked ---- */

/* A name found. */
struct ext2_place {
	struct ext2_meta meta;
	struct ext2_entry entry;
	uint32_t prev;	/* See ext2_entry_find. */
	uint32_t index; /* Of the block in the directory. */
};

/* 0 (to be put), -ENOENT, -EIO, -ENOMEM. */
int ext2_dir_find(struct inode *dir, const char *name, uint32_t len, struct ext2_place *p);
void ext2_dir_put(struct ext2_place *p);

/* Add a name that is not there; *block is where it went. 0, -ENOSPC, -EIO, -ENOMEM. */
int ext2_dir_add(struct inode *dir, const char *name, uint32_t len, const struct inode *inode,
		 uint32_t *block);

/* Lead the name found to another inode; remove it. */
void ext2_dir_set(struct inode *dir, struct ext2_place *p, const struct inode *inode);
void ext2_dir_remove(struct inode *dir, struct ext2_place *p);

/* The first block of a directory that no name leads to yet. */
int ext2_dir_make(struct inode *dir, uint32_t parent);

/* 0, -ENOTEMPTY, -EIO, -ENOMEM. */
int ext2_dir_check_is_empty(struct inode *dir);

int ext2_readdir(struct inode *dir, loff_t pos, dirent_fn fn, void *ctx);

/* ---- ext2_name.c ---- */

extern const struct inode_ops ext2_dir_inode_ops;
