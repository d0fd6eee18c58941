/* filemap.c: see filemap.h. */
#include "fs/filemap.h"

#include "drivers/block.h"
#include "fs/attr.h"
#include "fs/caller.h"
#include "fs/inode.h"
#include "fs/writeback.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/stat.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "mm/kmap.h"
#include "mm/pageout.h"
#include "mm/shm.h"

#define NON_LARGEFILE_MAX 0x7FFFFFFF /* What a file opened without O_LARGEFILE can reach. */

#define PEEK 16u

/* A piece of a transfer that lies in one page. */
struct piece {
	uint32_t index, off, len;
};

static struct piece piece_at(loff_t pos, uint32_t left)
{
	struct piece p = {
		.index = (uint32_t)(pos >> PAGE_SHIFT),
		.off = (uint32_t)pos & (PAGE_SIZE - 1),
	};

	p.len = MIN(left, PAGE_SIZE - p.off);
	return p;
}

/* How many pages hold the piece and the rest of left bytes. */
static uint32_t pages_of(const struct piece *p, uint32_t left)
{
	return (uint32_t)(((uint64_t)p->off + left + PAGE_SIZE - 1) >> PAGE_SHIFT);
}

/* Frames for a disk's own pages come from the reserve, since a file system may need one while it writes. Whoever
 * brings in such a page for itself has time, and waits here until that reserve is not needed. */
static void await_frames(const struct backing *b)
{
	if (b->busy_rank != RANK_BUSY)
		pageout_wait();
}

/* ---- reading ---- */

static size_t copy_out(struct frame *f, const struct piece *p, struct uio *u)
{
	uint8_t *va = kmap(f);
	size_t moved = uio_copy_out(u, va + p->off, p->len);

	kunmap(f, va);
	return moved;
}

/* Bring in the page of the piece, and with it what will be read next: left bytes of this call at least. */
static int read_missing(struct backing *b, const struct piece *p, uint32_t left,
			struct readahead *ra, struct frame **f)
{
	uint32_t n = readahead_size(ra, p->index, pages_of(p, left));

	await_frames(b);
	return cache_get_cluster(b, p->index, p->index, p->index + MIN(n, UINT32_MAX - p->index),
				 f);
}

/* Move one piece, of left bytes that are wanted, to the reader, of a page that was not in memory. Bytes moved or
 * -errno; fewer than p->len means a bad address. */
static ssize_t read_piece(struct backing *b, const struct piece *p, uint32_t left, struct uio *u,
			  struct readahead *ra)
{
	struct frame *f;
	ssize_t moved;
	int err;

	if (!ra && !shm_slot(b, p->index))
		return (ssize_t)uio_zero_out(u, p->len);
	err = ra ? read_missing(b, p, left, ra, &f) : cache_get(b, p->index, &f);
	if (err)
		return err;
	moved = (ssize_t)copy_out(f, p, u);
	frame_put(f);
	return moved;
}

/* ra NULL: pages that are neither in memory nor in swap are zero. One look into the cache finds PEEK pages. */
static ssize_t read_range(struct backing *b, loff_t size, struct uio *u, loff_t *pos,
			  struct readahead *ra)
{
	uint32_t left =
		*pos < size ? (uint32_t)MIN((uint64_t)u->resid, (uint64_t)(size - *pos)) : 0;
	struct frame *cached[PEEK];
	ssize_t done = 0, moved = 0;

	while (left > 0) {
		struct piece p = piece_at(*pos + done, left);
		uint32_t n = cache_peek_run(b, p.index, MIN(pages_of(&p, left), PEEK), cached);

		if (n > 0) {
			p.len = MIN(left, (n << PAGE_SHIFT) - p.off);
			moved = (ssize_t)uio_copy_frames_out(u, cached, p.off, p.len);
			frames_put(cached, n);
		} else {
			moved = read_piece(b, &p, left, u, ra);
		}
		if (moved > 0) {
			done += moved;
			left -= (uint32_t)moved;
			if (ra)
				readahead_note(ra, p.index + MAX(n, 1u) - 1);
		}
		if (moved != (ssize_t)p.len) {
			if (moved >= 0)
				moved = -EFAULT;
			break;
		}
	}
	*pos += done;
	if (done > 0 || moved == -ENXIO) /* Cut off meanwhile: as if it had been before. */
		return done;
	return MIN(moved, 0);
}

ssize_t filemap_read_backing(struct file *f, loff_t size, struct uio *u, loff_t *pos)
{
	return read_range(f->ops->mmap(f), size, u, pos, &f->ra);
}

static ssize_t read_inode(struct file *f, struct uio *u, loff_t *pos, struct readahead *ra)
{
	struct inode *inode = f->inode;
	ssize_t n = read_range(&inode->backing, inode_size(inode), u, pos, ra);

	if (n > 0 && !(f->flags & O_NOATIME))
		inode_accessed(inode);
	return n;
}

ssize_t filemap_read(struct file *f, struct uio *u, loff_t *pos)
{
	return read_inode(f, u, pos, &f->ra);
}

ssize_t filemap_read_sparse(struct file *f, struct uio *u, loff_t *pos)
{
	return read_inode(f, u, pos, NULL);
}

/* ---- writing ---- */

static size_t copy_in(struct frame *f, const struct piece *p, struct uio *u)
{
	uint8_t *va = kmap(f);
	size_t moved = uio_copy_in(u, va + p->off, p->len);

	kunmap(f, va);
	return moved;
}

/* Move one piece from the writer. Bytes moved or -errno. A page beyond the end is born zero; any
 * other is read first even if all of it is to be written, because the copy may fail half way. */
static ssize_t write_piece(struct backing *b, const struct piece *p, struct uio *u)
{
	bool beyond = p->index >= atomic_load(&b->size_pages);
	int err = backing_reserve(b, p->index, p->off + p->len);
	struct frame *f;
	size_t moved;

	await_frames(b);
	if (!err)
		err = beyond ? cache_get_new(b, p->index, &f) : cache_get(b, p->index, &f);
	if (err)
		return err;
	moved = copy_in(f, p, u);
	if (moved > 0)
		cache_dirty(f);
	frame_put(f);
	if (beyond && moved == 0)
		cache_truncate(b, p->index);
	return (ssize_t)moved;
}

/* Write at *pos what u has, at most left bytes; inode NULL: the backing does not grow. */
static ssize_t write_range(struct backing *b, struct inode *inode, uint32_t left, struct uio *u,
			   loff_t *pos)
{
	ssize_t done = 0, moved = 0;

	while (left > 0) {
		struct piece p = piece_at(*pos, left);

		moved = write_piece(b, &p, u);
		if (moved > 0) {
			writeback_balance(b);
			done += moved;
			left -= (uint32_t)moved;
			*pos += moved;
			if (inode && *pos > inode->size)
				inode_set_size(inode, *pos);
		}
		if (moved != (ssize_t)p.len) {
			if (moved >= 0)
				moved = -EFAULT;
			break;
		}
	}
	return done > 0 ? done : MIN(moved, 0);
}

ssize_t filemap_write_backing(struct backing *b, loff_t size, struct uio *u, loff_t *pos)
{
	if (u->resid == 0)
		return 0;
	if (*pos >= size)
		return -ENOSPC;
	return write_range(b, NULL, (uint32_t)MIN((uint64_t)u->resid, (uint64_t)(size - *pos)), u,
			   pos);
}

/* Zero bytes [from, to) of a page. */
static int zero_part(struct inode *inode, uint32_t index, uint32_t from, uint32_t to)
{
	struct backing *b = &inode->backing;
	struct frame *f;
	uint8_t *va;
	int err;

	if (from >= to)
		return 0;
	f = cache_peek(b, index);
	if (!f && shm_stores(b) && !shm_slot(b, index))
		return 0; /* It is zero. */
	err = f ? 0 : cache_get(b, index, &f);
	if (err)
		return err;
	va = kmap(f);
	memset(va + from, 0, to - from);
	kunmap(f, va);
	cache_dirty(f);
	frame_put(f);
	return 0;
}

/* Bytes from the end of the file to the end of its page are to be zero before they come to lie
 * inside: a mapping may have written there. */
static int zero_tail(struct inode *inode)
{
	uint32_t off = (uint32_t)inode->size & (PAGE_SIZE - 1);

	return off ? zero_part(inode, (uint32_t)(inode->size >> PAGE_SHIFT), off, PAGE_SIZE) : 0;
}

/* How many of n bytes at pos may be written. 0 with *left > 0, or -EFBIG. */
static int limit_write(const struct file *f, uint32_t fsize_limit, loff_t pos, uint32_t *left)
{
	loff_t limit = MIN(f->inode->super->max_bytes, FILEMAP_MAX_BYTES);

	if (fsize_limit != UINT32_MAX)
		limit = MIN(limit, (loff_t)fsize_limit);
	if (!(f->flags & O_LARGEFILE))
		limit = MIN(limit, (loff_t)NON_LARGEFILE_MAX);
	if (pos >= limit)
		return -EFBIG;
	*left = (uint32_t)MIN((uint64_t)*left, (uint64_t)(limit - pos));
	return 0;
}

static ssize_t write_locked(struct file *f, struct uio *u, loff_t *pos)
{
	struct inode *inode = f->inode;
	struct fs_caller c = caller_current();
	uint32_t left = u->resid;
	ssize_t n;
	int err;

	if (atomic_load(&f->flags) & O_APPEND)
		*pos = inode->size;
	err = limit_write(f, c.fsize_limit, *pos, &left);
	if (!err && *pos > inode->size)
		err = zero_tail(inode);
	if (err)
		return err;
	n = write_range(&inode->backing, inode, left, u, pos);
	if (n > 0) {
		inode_drop_set_ids(inode, &c);
		inode_touch(inode, INODE_MTIME | INODE_CTIME);
	}
	return n;
}

ssize_t filemap_write(struct file *f, struct uio *u, loff_t *pos)
{
	ssize_t n;
	int err;

	if (u->resid == 0)
		return 0;
	mutex_lock(&f->inode->lock);
	n = write_locked(f, u, pos);
	mutex_unlock(&f->inode->lock);
	if (n > 0 && f->flags & O_DSYNC && f->ops->fsync) {
		err = f->ops->fsync(f, true);
		if (err)
			return err;
	}
	return n;
}

/* ---- the rest ---- */

int filemap_truncate(struct inode *inode, loff_t size)
{
	loff_t old = inode->size;
	int err = 0;

	ASSERT(mutex_is_held(&inode->lock));
	if (size > old)
		err = zero_tail(inode);
	if (err)
		return err;
	inode_set_size(inode, size);
	if (size > old)
		return 0;
	cache_truncate(&inode->backing, (uint32_t)DIV_ROUND_UP((uint64_t)size, PAGE_SIZE));
	return zero_tail(inode);
}

int filemap_allocate(struct inode *inode, loff_t off, loff_t end, bool keep_size)
{
	uint32_t last = (uint32_t)((end - 1) >> PAGE_SHIFT);
	struct backing *b = &inode->backing;
	loff_t old = inode->size;
	int err = end > old && !keep_size ? filemap_truncate(inode, end) : 0;

	for (uint32_t i = (uint32_t)(off >> PAGE_SHIFT); !err && i <= last; i++) {
		struct frame *f;

		err = i < b->size_pages ? cache_get(b, i, &f) : cache_get_new(b, i, &f);
		if (!err) {
			cache_dirty(f);
			frame_put(f);
		}
	}
	if (err && end > old)
		filemap_truncate(inode, old);
	return err;
}

int filemap_punch(struct inode *inode, loff_t off, loff_t end)
{
	uint32_t first = (uint32_t)((off + PAGE_SIZE - 1) >> PAGE_SHIFT);
	uint32_t last = (uint32_t)(end >> PAGE_SHIFT);
	uint32_t from = (uint32_t)off & (PAGE_SIZE - 1), to = (uint32_t)end & (PAGE_SIZE - 1);
	int err;

	if (last < first) /* All in one page. */
		return zero_part(inode, last, from, to);
	err = from ? zero_part(inode, first - 1, from, PAGE_SIZE) : 0;
	if (!err)
		err = zero_part(inode, last, 0, to);
	if (!err)
		cache_punch(&inode->backing, first, last);
	return err;
}

loff_t filemap_seek_in(loff_t *pos, loff_t size, loff_t off, int whence)
{
	loff_t base = 0;

	switch (whence) {
	case SEEK_SET:
		break;
	case SEEK_CUR:
		base = *pos;
		break;
	case SEEK_END:
		base = size;
		break;
	case SEEK_DATA: /* All of a file counts as data, with a hole behind it. */
	case SEEK_HOLE:
		if (off < 0 || off >= size)
			return -ENXIO;
		*pos = whence == SEEK_DATA ? off : size;
		return *pos;
	default:
		return -EINVAL;
	}
	if (__builtin_add_overflow(base, off, &off))
		return -EOVERFLOW;
	if (off < 0)
		return -EINVAL;
	*pos = off;
	return off;
}

loff_t filemap_seek(struct file *f, loff_t off, int whence)
{
	loff_t max = MIN(f->inode->super->max_bytes, FILEMAP_MAX_BYTES);
	loff_t pos = f->pos, result = filemap_seek_in(&pos, inode_size(f->inode), off, whence);

	if (result > max)
		return -EINVAL;
	if (result >= 0)
		f->pos = pos;
	return result;
}

/* The first page at or after index that is in memory or in swap (exists), or that is in neither. */
static uint32_t find_page(struct backing *b, uint32_t index, bool exists)
{
	uint32_t at = index, in_swap = index;

	spin_lock(&b->lock);
	if (exists) {
		if (!radix_next(&b->pages, &at))
			at = UINT32_MAX;
		if (b->swapped && radix_next(&b->swapped->slots, &in_swap))
			at = MIN(at, in_swap);
	} else {
		while (radix_lookup(&b->pages, at) || shm_slot_locked(b, at))
			at++;
	}
	spin_unlock(&b->lock);
	return at;
}

loff_t filemap_seek_sparse(struct file *f, loff_t off, int whence)
{
	loff_t size = inode_size(f->inode), at;
	uint32_t index = (uint32_t)(off >> PAGE_SHIFT), found;

	if ((whence != SEEK_DATA && whence != SEEK_HOLE) || off < 0 || off >= size)
		return filemap_seek(f, off, whence);
	found = find_page(&f->inode->backing, index, whence == SEEK_DATA);
	at = found == index ? off : (loff_t)found << PAGE_SHIFT;
	if (at >= size && whence == SEEK_DATA)
		return -ENXIO;
	f->pos = MIN(at, size);
	return f->pos;
}

int filemap_sync(struct backing *b)
{
	struct inode *inode = inode_of_backing(b);
	struct blockdev *dev = inode->super->dev;
	int attr_err = inode_write(inode), err = writeback_error(b);
	int dev_err = dev ? block_sync(dev) : 0;

	if (!err)
		err = attr_err;
	return err ? err : dev_err;
}

int filemap_fsync(struct file *f, bool data_only)
{
	(void)data_only;
	return filemap_sync(&f->inode->backing);
}

/* Whole pages of [off, off + len); len 0: to the end of what a file can be. */
static void advise_pages(struct backing *b, loff_t off, loff_t len, bool wanted)
{
	uint64_t end = (uint64_t)FILEMAP_MAX_BYTES, first = (uint64_t)off;

	if (len > 0 && (uint64_t)off + (uint64_t)len < end)
		end = (uint64_t)off + (uint64_t)len;
	if (!wanted)
		cache_drop(b, (uint32_t)((MIN(first, end) + PAGE_SIZE - 1) >> PAGE_SHIFT),
			   (uint32_t)(end >> PAGE_SHIFT), UINT32_MAX);
	else if (first < end)
		cache_read_ahead(b, (uint32_t)(first >> PAGE_SHIFT),
				 (uint32_t)((end + PAGE_SIZE - 1) >> PAGE_SHIFT));
}

void filemap_advise(struct file *f, loff_t off, loff_t len, uint32_t advice)
{
	struct backing *b = f->ops->mmap ? f->ops->mmap(f) : NULL;

	if (!b || shm_stores(b))
		return;
	switch (advice) {
	case POSIX_FADV_NORMAL:
		f->ra.advice = READAHEAD_NORMAL;
		break;
	case POSIX_FADV_RANDOM:
		f->ra.advice = READAHEAD_RANDOM;
		break;
	case POSIX_FADV_SEQUENTIAL:
		f->ra.advice = READAHEAD_SEQUENTIAL;
		break;
	case POSIX_FADV_WILLNEED:
	case POSIX_FADV_DONTNEED:
		advise_pages(b, off, len, advice == POSIX_FADV_WILLNEED);
		break;
	}
}

struct backing *filemap_mmap(struct file *f)
{
	return &f->inode->backing;
}
