/*
 * ext2.c: ext2 file systems as a whole: mounting, the super block, and what it tells of its state.
 *
 * While a file system may be written its super block says so (state without EXT2_VALID_FS, written
 * before anything else), so that e2fsck looks after a crash. The counts in it are right when it is
 * written for good: until then the groups' own are.
 */
#include "fs/ext2.h"

#include "fs/ext2_internal.h"
#include "fs/super.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/stat.h"
#include "kernel/abi/statfs.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"
#include "mm/kmalloc.h"
#include "mm/kmap.h"

#define COMPLAINTS_MAX 20u /* A broken disk must not fill the log. */

KMEM_CACHE(ext2_inode_cache, struct ext2_inode);

int ext2_corrupt(struct ext2 *fs, const char *fmt, ...)
{
	char text[128];
	va_list ap;

	fs->state = (fs->state & ~EXT2_VALID_FS) | EXT2_ERROR_FS;
	if (atomic_add_return(&fs->complaints, 1) > COMPLAINTS_MAX)
		return -EIO;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	log("ext2: %s: %s; run e2fsck\n", fs->dev->name, text);
	return -EIO;
}

static struct inode *ext2_alloc(struct super *s)
{
	struct ext2_inode *ei = kmem_cache_zalloc(&ext2_inode_cache);

	(void)s;
	return ei ? &ei->inode : NULL;
}

static void ext2_free(struct inode *inode)
{
	kmem_cache_free(&ext2_inode_cache, ext2_of(inode));
}

/* ---- the super block ---- */

static int super_get(struct ext2 *fs, struct ext2_meta *m, struct ext2_super **sb)
{
	int err = ext2_meta_get(fs, fs->geo.first_block, m);

	if (!err)
		*sb = (struct ext2_super *)(m->bytes + EXT2_SUPER_OFFSET % fs->geo.block_size);
	return err;
}

/* Bring the super block up to date; valid: nothing will be written any more. */
static int super_store(struct ext2 *fs, bool valid)
{
	struct ext2_super *sb;
	struct ext2_meta m;
	int err = super_get(fs, &m, &sb);

	if (err)
		return err;
	sb->free_blocks_count = fs->free_blocks;
	sb->free_inodes_count = fs->free_inodes;
	sb->wtime = (uint32_t)fs_now().sec;
	sb->state = valid ? fs->state : fs->state & ~EXT2_VALID_FS;
	if (fs->large_files)
		sb->feature_ro_compat |= EXT2_RO_COMPAT_LARGE_FILE;
	ext2_meta_dirty(&m);
	ext2_meta_put(&m);
	return 0;
}

/* From now on the file system may be written; the disk knows first. */
static int begin_use(struct ext2 *fs)
{
	struct ext2_super *sb;
	struct ext2_meta m;
	int err;

	if (fs->geo.read_only)
		return -EROFS;
	err = super_get(fs, &m, &sb);
	if (err)
		return err;
	sb->state &= (uint16_t)~EXT2_VALID_FS;
	sb->mtime = (uint32_t)fs_now().sec;
	sb->mnt_count++;
	ext2_meta_dirty(&m);
	err = ext2_meta_write(&m);
	ext2_meta_put(&m);
	if (!err)
		err = block_flush(fs->dev);
	fs->in_use = !err;
	return err;
}

/* All is written: the super block may say so, as the last thing. Files that are deleted but open
 * would be left for e2fsck. */
static int end_use(struct ext2 *fs)
{
	int err = ext2_meta_flush(fs);

	if (!err && atomic_load(&fs->deleted) > 0)
		err = -EBUSY;
	if (!err)
		err = super_store(fs, true);
	fs->in_use = err != 0;
	return err;
}

static int ext2_sync(struct super *s)
{
	struct ext2 *fs = s->private;
	bool read_only = atomic_load(&s->flags) & SUPER_RDONLY;
	int err = 0;

	mutex_lock(&fs->lock);
	if (fs->in_use) {
		err = ext2_release(fs);
		if (!err)
			err = read_only ? end_use(fs) : super_store(fs, false);
	} else if (!read_only) {
		err = begin_use(fs);
	}
	mutex_unlock(&fs->lock);
	return err;
}

static int ext2_statfs(struct super *s, struct statfs_info *out)
{
	const struct ext2 *fs = s->private;

	*out = (struct statfs_info){
		.type = EXT2_SUPER_MAGIC,
		.bsize = fs->geo.block_size,
		.blocks = fs->geo.blocks - fs->overhead,
		.bfree = fs->free_blocks + fs->held_blocks,
		.reserved = fs->reserved_blocks,
		.files = fs->geo.inodes,
		.ffree = fs->free_inodes,
	};
	return 0;
}

/* What the device's pages show of files is old: nobody else is to see it. */
static void forget_pages(struct blockdev *dev)
{
	uint32_t pages = atomic_load(&dev->backing.size_pages);

	atomic_store(&dev->backing.size_pages, 0);
	cache_truncate(&dev->backing, 0);
	atomic_store(&dev->backing.size_pages, pages);
}

static void ext2_destroy(struct super *s)
{
	struct ext2 *fs = s->private;

	forget_pages(fs->dev);
	kfree(fs);
}

static const struct super_ops ext2_super_ops = {
	.alloc = ext2_alloc,
	.free = ext2_free,
	.write_inode = ext2_inode_store,
	.evict = ext2_inode_evict,
	.statfs = ext2_statfs,
	.sync = ext2_sync,
	.destroy = ext2_destroy,
};

/* ---- mounting ---- */

/* Read what the disk's super block says. */
static int load_super(struct ext2 *fs)
{
	const struct ext2_super *sb;
	struct frame *f;
	const uint8_t *page;
	const char *why;
	int err = cache_get(&fs->dev->backing, EXT2_SUPER_OFFSET / PAGE_SIZE, &f);

	if (err)
		return err == -ENXIO ? -EINVAL : err;
	page = kmap(f);
	sb = (const struct ext2_super *)(page + EXT2_SUPER_OFFSET % PAGE_SIZE);
	err = ext2_parse_super(sb, block_bytes(fs->dev), &fs->geo, &why);
	if (why)
		log("ext2: %s: it has %s\n", fs->dev->name, why);
	fs->reserved_blocks = sb->r_blocks_count;
	fs->reserved_uid = sb->def_resuid;
	fs->reserved_gid = sb->def_resgid;
	fs->state = sb->state;
	fs->large_files = sb->feature_ro_compat & EXT2_RO_COMPAT_LARGE_FILE;
	kunmap(f, (void *)page);
	frame_put(f);
	return err;
}

/* The groups know what is free. */
static int load_groups(struct ext2 *fs)
{
	for (uint32_t group = 0; group < fs->geo.groups; group++) {
		struct ext2_group_desc *d;
		struct ext2_meta m;
		int err = ext2_group_get(fs, group, &m, &d);

		if (err)
			return err;
		fs->free_blocks += d->free_blocks_count;
		fs->free_inodes += d->free_inodes_count;
		ext2_meta_put(&m);
	}
	return 0;
}

static int load(struct super *s, struct ext2 *fs, struct inode **root)
{
	int err = load_super(fs);

	if (!err)
		err = load_groups(fs);
	if (err)
		return err;
	if (fs->geo.read_only && !(s->flags & SUPER_RDONLY)) {
		log("ext2: %s: it has features that only allow reading\n", fs->dev->name);
		s->flags |= SUPER_RDONLY;
	}
	if ((fs->state & (EXT2_VALID_FS | EXT2_ERROR_FS)) != EXT2_VALID_FS)
		log("ext2: %s: it was not unmounted cleanly, run e2fsck\n", fs->dev->name);
	fs->overhead = ext2_overhead(&fs->geo);
	s->block_size = fs->geo.block_size;
	s->max_bytes = ext2_max_bytes(&fs->geo);
	err = ext2_inode_get(s, EXT2_ROOT_INO, root);
	if (!err && !S_ISDIR((*root)->mode))
		err = ext2_corrupt(fs, "the root is no directory");
	else if (!err && !(s->flags & SUPER_RDONLY))
		err = begin_use(fs);
	else
		return err;
	if (err)
		inode_put(*root);
	return err;
}

static int ext2_mount(struct super *s, const char *options, struct inode **root)
{
	struct ext2 *fs;
	int err;

	(void)options; /* Linux's are about errors and quotas; e2fsck's habits are the disk's. */
	if (s->dev->read_only && !(s->flags & SUPER_RDONLY))
		return -EACCES;
	fs = kzalloc(sizeof(*fs));
	if (!fs)
		return -ENOMEM;
	fs->dev = s->dev;
	mutex_init(&fs->lock, "ext2", RANK_FSALLOC);
	s->private = fs;
	s->ops = &ext2_super_ops;
	err = block_sync(fs->dev); /* Files are read past its pages. */
	if (!err)
		err = load(s, fs, root);
	if (err)
		kfree(fs);
	return err;
}

void ext2_init(void)
{
	static struct fs_type type = {.name = "ext2", .needs_device = true, .mount = ext2_mount};

	fs_type_register(&type);
}
