/* ext2_meta.c: blocks of metadata in the pages of the device. */
#include "fs/ext2_internal.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/log.h"
#include "mm/kmap.h"

int ext2_meta_get(struct ext2 *fs, uint32_t block, struct ext2_meta *m)
{
	uint64_t at = (uint64_t)block << fs->geo.block_shift;
	int err;

	*m = (struct ext2_meta){.fs = fs, .block = block};
	if (block >= fs->geo.blocks)
		return ext2_corrupt(fs, "block %u does not exist", block);
	err = cache_get(&fs->dev->backing, (uint32_t)(at >> PAGE_SHIFT), &m->frame);
	if (err) {
		m->frame = NULL;
		return err == -ENOMEM ? err : -EIO;
	}
	m->bytes = (uint8_t *)kmap(m->frame) + ((uint32_t)at & (PAGE_SIZE - 1));
	return 0;
}

void ext2_meta_put(struct ext2_meta *m)
{
	if (!m->frame)
		return;
	kunmap(m->frame, m->bytes);
	frame_put(m->frame);
	m->frame = NULL;
}

/* Where the block is in its page. */
static uint32_t meta_offset(const struct ext2_meta *m)
{
	return (m->block << m->fs->geo.block_shift) & (PAGE_SIZE - 1);
}

void ext2_meta_dirty(struct ext2_meta *m)
{
	cache_dirty_part(m->frame, meta_offset(m), m->fs->geo.block_size);
}

int ext2_meta_write(struct ext2_meta *m)
{
	struct ext2 *fs = m->fs;
	struct bio_seg seg = {
		.frame = m->frame,
		.offset = meta_offset(m),
		.len = fs->geo.block_size,
	};
	uint64_t lba = ((uint64_t)m->block << fs->geo.block_shift) / fs->dev->sector_size;
	int err = block_io(fs->dev, BIO_WRITE, lba, &seg, 1);

	atomic_store(&fs->dev->flush_first, true);
	return err;
}

int ext2_meta_flush(struct ext2 *fs)
{
	return block_sync(fs->dev);
}

/* A block leaves the metadata. It need not be written any more, and must not be once it has become a
 * file's: who is writing it now is waited for. */
static void meta_forget(struct ext2 *fs, uint32_t block)
{
	uint64_t at = (uint64_t)block << fs->geo.block_shift;

	cache_clean_part(&fs->dev->backing, (uint32_t)(at >> PAGE_SHIFT),
			 (uint32_t)at & (PAGE_SIZE - 1), fs->geo.block_size);
}

/* ---- held blocks ---- */

void ext2_hold(struct ext2 *fs, uint32_t start, uint32_t count, bool meta)
{
	struct ext2_run *last = fs->held_runs > 0 ? &fs->held[fs->held_runs - 1] : NULL;

	ASSERT(mutex_is_held(&fs->lock));
	for (uint32_t i = 0; meta && i < count; i++)
		meta_forget(fs, start + i);
	if (last && last->start + last->count == start) {
		last->count += count;
	} else {
		if (fs->held_runs == EXT2_HELD_MAX)
			ext2_release(fs);
		fs->held[fs->held_runs++] = (struct ext2_run){start, count};
	}
	fs->held_blocks += count;
}

int ext2_release(struct ext2 *fs)
{
	int err;

	ASSERT(mutex_is_held(&fs->lock));
	if (fs->held_runs == 0)
		return 0;
	err = ext2_meta_flush(fs);
	if (err)
		log("ext2: %s: metadata could not be written\n", fs->dev->name);
	for (uint32_t i = 0; i < fs->held_runs; i++)
		ext2_block_free(fs, fs->held[i].start, fs->held[i].count);
	fs->held_runs = fs->held_blocks = 0;
	return err;
}
