/*
 * ext2_file.c: contents of files, through the page cache; targets of symbolic links.
 *
 * A block is taken when a page is about to be written to (reserve), so that a full disk is told to
 * the writer. Holes stay holes until then: a dirty page may have some, and what it shows there is
 * zero. One exception: a mapping writes without asking behind what was the end of the file when its
 * page became writable. What is not zero in a hole gets its block when it is written back.
 */
#include "fs/ext2_internal.h"

#include "fs/filemap.h"
#include "fs/writeback.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/stat.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "mm/kmap.h"

/* ---- pages ---- */

/* Consecutive pages of a file, and how many of their bytes are in it. */
struct cluster {
	struct ext2_inode *ei;
	struct frame *const *f;
	uint32_t n;
	uint32_t first;	 /* Block of the file. */
	uint32_t blocks; /* That the file has here; the last may be partial. */
	uint32_t bytes;
};

static struct cluster cluster_of(struct backing *b, struct frame *const *f, uint32_t n)
{
	struct inode *inode = inode_of_backing(b);
	uint64_t start = (uint64_t)f[0]->index << PAGE_SHIFT, size = (uint64_t)inode_size(inode);
	uint32_t shift = ext2_fs(inode)->geo.block_shift;
	struct cluster c = {.ei = ext2_of(inode), .f = f, .n = n};

	c.first = (uint32_t)(start >> shift);
	c.bytes = (uint32_t)MIN((uint64_t)n << PAGE_SHIFT, size - MIN(start, size));
	c.blocks = DIV_ROUND_UP(c.bytes, 1u << shift);
	return c;
}

static void cluster_zero(const struct cluster *c, uint32_t from, uint32_t to)
{
	while (from < to) {
		struct frame *f = c->f[from >> PAGE_SHIFT];
		uint32_t off = from & (PAGE_SIZE - 1), len = MIN(PAGE_SIZE - off, to - from);
		uint8_t *va = kmap(f);

		memset(va + off, 0, len);
		kunmap(f, va);
		from += len;
	}
}

static bool cluster_is_zero(const struct cluster *c, uint32_t from, uint32_t len)
{
	struct frame *f = c->f[from >> PAGE_SHIFT];
	uint8_t *va = kmap(f);
	const uint32_t *word = (const uint32_t *)(va + (from & (PAGE_SIZE - 1)));
	uint32_t i = 0;

	while (i < len / sizeof(*word) && word[i] == 0)
		i++;
	kunmap(f, va);
	return i == len / sizeof(*word);
}

/* Move blocks [at, at + count) of the cluster, which lie from block start on. */
static int cluster_io(const struct cluster *c, enum bio_op op, uint32_t at, uint32_t count,
		      uint32_t start)
{
	struct ext2 *fs = ext2_fs(&c->ei->inode);
	uint32_t from = at << fs->geo.block_shift, to = (at + count) << fs->geo.block_shift;
	struct bio_seg segs[BACKING_CLUSTER_MAX];
	uint32_t n = 0;

	while (from < to) {
		uint32_t off = from & (PAGE_SIZE - 1), len = MIN(PAGE_SIZE - off, to - from);

		segs[n++] = (struct bio_seg){c->f[from >> PAGE_SHIFT], off, len};
		from += len;
	}
	return block_io(fs->dev, op,
			((uint64_t)start << fs->geo.block_shift) / fs->dev->sector_size, segs, n);
}

static int ext2_read_pages(struct backing *b, struct frame *const *f, uint32_t n)
{
	struct cluster c = cluster_of(b, f, n);
	uint32_t shift = ext2_fs(&c.ei->inode)->geo.block_shift, start;
	int err = 0;

	for (uint32_t at = 0; at < c.blocks; at += (uint32_t)err) {
		err = ext2_map_find(c.ei, c.first + at, c.blocks - at, &start);
		if (err < 0)
			return err;
		if (start) {
			int io_err = cluster_io(&c, BIO_READ, at, (uint32_t)err, start);

			if (io_err)
				return io_err;
		} else {
			cluster_zero(&c, at << shift, (at + (uint32_t)err) << shift);
		}
	}
	backing_zero_from(f, n, c.bytes);
	return 0;
}

/* Blocks for what a mapping wrote into holes. */
static int fill_holes(const struct cluster *c, uint32_t at, uint32_t count)
{
	uint32_t size = ext2_fs(&c->ei->inode)->geo.block_size;
	int err = 0;

	for (; !err && count > 0; at++, count--)
		if (!cluster_is_zero(c, at * size, size))
			err = ext2_map_fill(c->ei, c->first + at, 1);
	return err;
}

static int ext2_write_pages(struct backing *b, struct frame *const *f, uint32_t n)
{
	struct cluster c = cluster_of(b, f, n);
	uint32_t start;
	int run = 0, err = 0;

	for (uint32_t at = 0; !err && at < c.blocks; at += (uint32_t)run) {
		run = ext2_map_find(c.ei, c.first + at, c.blocks - at, &start);
		if (run < 0)
			return run;
		if (!start) {
			err = fill_holes(&c, at, (uint32_t)run);
			if (!err)
				run = ext2_map_find(c.ei, c.first + at, (uint32_t)run, &start);
			if (run < 0)
				return run;
		}
		if (!err && start)
			err = cluster_io(&c, BIO_WRITE, at, (uint32_t)run, start);
	}
	return err;
}

/* Has every block of [first, first + count) a place? */
static int is_filled(struct ext2_inode *ei, uint32_t first, uint32_t count)
{
	uint32_t start;

	while (count > 0) {
		int run = ext2_map_find(ei, first, count, &start);

		if (run < 0 || !start)
			return MIN(run, 0);
		first += (uint32_t)run;
		count -= (uint32_t)run;
	}
	return 1;
}

/* The page is brought in first, so that nobody sees what a new block held before; and dirty after,
 * so that it is overwritten there even if nothing is written to it. */
static int ext2_reserve(struct backing *b, uint32_t index, uint32_t end)
{
	struct ext2_inode *ei = ext2_of(inode_of_backing(b));
	uint64_t start = (uint64_t)index << PAGE_SHIFT, size = (uint64_t)inode_size(&ei->inode);
	uint32_t shift = ext2_fs(&ei->inode)->geo.block_shift;
	uint32_t first = (uint32_t)(start >> shift), count;
	struct frame *f;
	int err;

	writeback_balance(b);
	end = MAX(end, (uint32_t)MIN((uint64_t)PAGE_SIZE, size - MIN(start, size)));
	count = DIV_ROUND_UP(end, 1u << shift);
	err = is_filled(ei, first, count);
	if (err)
		return MIN(err, 0);
	err = index < atomic_load(&b->size_pages) ? cache_get(b, index, &f)
						  : cache_get_new(b, index, &f);
	if (err)
		return err;
	err = ext2_map_fill(ei, first, count);
	cache_dirty(f);
	frame_put(f);
	return err;
}

const struct backing_ops ext2_backing_ops = {
	.read = ext2_read_pages,
	.write = ext2_write_pages,
	.reserve = ext2_reserve,
	.dirtied = inode_backing_dirtied,
	.sync = filemap_sync,
	.get = inode_backing_get,
	.put = inode_backing_put,
};

/* ---- calls ---- */

static int cut_to_size(struct inode *inode)
{
	uint32_t shift = ext2_fs(inode)->geo.block_shift;

	return ext2_map_cut(ext2_of(inode),
			    (uint32_t)(((uint64_t)inode->size + (1u << shift) - 1) >> shift));
}

/* A write that stopped early may have taken pages and blocks behind the end. */
static ssize_t ext2_write(struct file *f, struct uio *u, loff_t *pos)
{
	ssize_t wanted = (ssize_t)u->resid;
	ssize_t n = filemap_write(f, u, pos);

	if (n != wanted) {
		mutex_lock(&f->inode->lock);
		cache_truncate(&f->inode->backing, atomic_load(&f->inode->backing.size_pages));
		cut_to_size(f->inode);
		mutex_unlock(&f->inode->lock);
	}
	return n;
}

/* The pages go, and who writes the last one is waited for, before the blocks do. */
static int ext2_truncate(struct inode *inode, loff_t size)
{
	loff_t old = inode->size;
	int err, cut_err = 0;

	if (!S_ISREG(inode->mode))
		return -EINVAL;
	err = filemap_truncate(inode, size);
	if (inode->size < old)
		cut_err = cut_to_size(inode);
	return err ? err : cut_err;
}

uint64_t ext2_blocks(struct inode *inode)
{
	return ext2_of(inode)->sectors;
}

/* The first byte at or after off that is in a block, or that is not; the size when there is none. */
static loff_t find_byte(struct inode *inode, loff_t off, loff_t size, bool in_block)
{
	uint32_t shift = ext2_fs(inode)->geo.block_shift, start;

	while (off < size) {
		uint32_t index = (uint32_t)(off >> shift);
		int n = ext2_map_find(ext2_of(inode), index,
				      (uint32_t)((size - 1) >> shift) - index + 1, &start);

		if (n < 0)
			return n;
		if ((start != 0) == in_block)
			return off;
		off = (loff_t)(index + (uint32_t)n) << shift;
	}
	return size;
}

static loff_t ext2_seek(struct file *f, loff_t off, int whence)
{
	loff_t size = inode_size(f->inode), found;

	if ((whence != SEEK_DATA && whence != SEEK_HOLE) || off < 0 || off >= size)
		return filemap_seek(f, off, whence);
	found = find_byte(f->inode, off, size, whence == SEEK_DATA);
	if (found == size && whence == SEEK_DATA)
		return -ENXIO;
	if (found >= 0)
		f->pos = found;
	return found;
}

const struct inode_ops ext2_file_inode_ops = {
	.truncate = ext2_truncate,
	.blocks = ext2_blocks,
};

const struct file_ops ext2_file_ops = {
	.read = filemap_read,
	.write = ext2_write,
	.seek = ext2_seek,
	.fsync = filemap_fsync,
	.mmap = filemap_mmap,
	.positioned = true,
};

/* ---- symbolic links ---- */

bool ext2_link_is_long(const struct ext2_inode *ei)
{
	const struct ext2 *fs = ext2_fs(&ei->inode);
	uint32_t xattrs = ei->xattr_block ? fs->geo.block_size / 512 : 0;

	return S_ISLNK(ei->inode.mode) && ei->sectors != xattrs;
}

static int long_link_set(struct inode *inode, const char *target, size_t len)
{
	struct ext2_inode *ei = ext2_of(inode);
	struct ext2 *fs = ext2_fs(inode);
	struct ext2_meta m;
	int err;

	mutex_lock(&fs->lock);
	err = ext2_map_append(ei, 0, &m);
	if (!err) {
		memset(m.bytes, 0, fs->geo.block_size);
		memcpy(m.bytes, target, len);
		err = ext2_map_link(ei, 0, &m);
	}
	ext2_meta_put(&m);
	mutex_unlock(&fs->lock);
	return err;
}

int ext2_link_set(struct inode *inode, const char *target)
{
	size_t len = strlen(target);
	int err = 0;

	if (len >= ext2_fs(inode)->geo.block_size)
		return -ENAMETOOLONG;
	if (len <= EXT2_FAST_LINK_MAX)
		memcpy(ext2_of(inode)->block, target, len);
	else
		err = long_link_set(inode, target, len);
	if (err)
		return err;
	inode_set_size(inode, (loff_t)len);
	return ext2_inode_store(inode);
}

static ssize_t ext2_readlink(struct inode *inode, char *buf, size_t size)
{
	struct ext2_inode *ei = ext2_of(inode);
	size_t len = MIN((size_t)inode->size, size);
	struct ext2_meta m;
	int err;

	if (!ext2_link_is_long(ei)) {
		if (inode->size > EXT2_FAST_LINK_MAX)
			return ext2_corrupt(ext2_fs(inode), "link %llu has size %lld", inode->ino,
					    inode->size);
		memcpy(buf, ei->block, len);
		return (ssize_t)len;
	}
	err = ext2_meta_get(ext2_fs(inode), ei->block[0], &m);
	if (err)
		return err;
	memcpy(buf, m.bytes, len);
	ext2_meta_put(&m);
	return (ssize_t)len;
}

const struct inode_ops ext2_link_inode_ops = {
	.readlink = ext2_readlink,
	.blocks = ext2_blocks,
};
