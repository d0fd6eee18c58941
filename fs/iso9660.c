/*
 * iso9660.c: the file system of CDs.
 *
 * Directories are read through the block device's page cache, one record after the other; the
 * contents of files go from their extents straight into the pages of the file. All that is believed
 * of the image is checked first in iso9660_parse.c, and an image that contradicts itself gives
 * -EIO.
 *
 * Inode numbers are where on the disk an inode is described, in units of 32 bytes (records are
 * longer): a file's directory record, a directory's first sector.
 */
#include "fs/iso9660.h"

#include "drivers/block.h"
#include "fs/device.h"
#include "fs/dir.h"
#include "fs/filemap.h"
#include "fs/inode.h"
#include "fs/iso9660_parse.h"
#include "fs/super.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/stat.h"
#include "kernel/abi/statfs.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"
#include "mm/kmalloc.h"
#include "mm/kmap.h"

#define INO_SHIFT 5
#define DESCRIPTORS_MAX 64
#define EXTENTS_MAX 16	 /* Of one file: 64 GiB. */
#define PLAIN_MODE 0555u /* Without Rock Ridge, as Linux has it. */

struct iso {
	struct blockdev *dev;
	struct iso_volume volume;
};

struct iso_extent {
	uint32_t lba, size;
};

struct iso_inode {
	struct inode inode;
	uint32_t extent_count;
	struct iso_extent extent;   /* The first. */
	struct iso_extent *further; /* extent_count - 1 more. */
	char *target;		    /* Symbolic links; NULL: the image has none. */
};

/* One name of a directory, with all that is known of it. */
struct iso_entry {
	uint64_t ino;
	bool is_dir;
	uint32_t mtime;
	loff_t size;
	uint32_t extent_count;
	struct iso_extent extents[EXTENTS_MAX];
	uint32_t name_len;
	char name[ISO_NAME_MAX + 1];
	struct rock rock;
};

KMEM_CACHE(iso_inode_cache, struct iso_inode);

static const struct inode_ops iso_file_inode_ops, iso_dir_inode_ops, iso_link_inode_ops;
static const struct file_ops iso_file_ops;
static const struct backing_ops iso_backing_ops;

static struct iso_inode *iso_of(struct inode *inode)
{
	return container_of(inode, struct iso_inode, inode);
}

static struct iso *fs_of(const struct inode *inode)
{
	return inode->super->private;
}

/* ---- sectors ---- */

/* A sector of metadata, as long as frame is held. */
struct sector {
	struct frame *frame;
	const uint8_t *bytes;
};

static void sector_put(struct sector *s)
{
	if (s->frame)
		frame_put(s->frame);
	s->frame = NULL;
}

static int sector_get(struct iso *fs, uint32_t lba, struct sector *s)
{
	uint64_t at = (uint64_t)lba * ISO_SECTOR;
	int err = cache_get(&fs->dev->backing, (uint32_t)(at >> PAGE_SHIFT), &s->frame);

	if (err) {
		s->frame = NULL;
		return err == -ENXIO ? -EIO : err;
	}
	s->bytes = (const uint8_t *)kmap(s->frame) + (at & (PAGE_SIZE - 1));
	return 0;
}

/* ---- walking a directory ---- */

struct scan {
	struct iso *fs;
	uint32_t lba, size; /* The directory. */
	uint32_t pos;	    /* Byte of the next record. */
	struct sector sector;
	uint32_t sector_index; /* Which of the directory sector is. */
};

static void scan_begin(struct scan *sc, struct inode *dir, uint32_t pos)
{
	*sc = (struct scan){
		.fs = fs_of(dir),
		.lba = iso_of(dir)->extent.lba,
		.size = iso_of(dir)->extent.size,
		.pos = pos,
	};
}

static void scan_end(struct scan *sc)
{
	sector_put(&sc->sector);
}

static int scan_load(struct scan *sc, uint32_t index)
{
	if (sc->sector.frame && sc->sector_index == index)
		return 0;
	sector_put(&sc->sector);
	sc->sector_index = index;
	return sector_get(sc->fs, sc->lba + index, &sc->sector);
}

/* The next record; it is valid until the next call. 1, 0 at the end, -errno. *ino: where it is. */
static int scan_record(struct scan *sc, struct iso_record *rec, uint64_t *ino)
{
	while (sc->pos < sc->size) {
		uint32_t off = sc->pos % ISO_SECTOR;
		int n = scan_load(sc, sc->pos / ISO_SECTOR);

		if (n < 0)
			return n;
		n = iso_parse_record(sc->sector.bytes + off, ISO_SECTOR - off, rec);
		if (n < 0)
			return n;
		*ino = ((uint64_t)sc->lba * ISO_SECTOR + sc->pos) >> INO_SHIFT;
		sc->pos = n > 0 ? sc->pos + (uint32_t)n : ALIGN_UP(sc->pos + 1, ISO_SECTOR);
		if (n > 0)
			return 1;
		if (sc->pos == 0)
			break; /* A directory of 4 GiB, all empty. */
	}
	return 0;
}

/* Read the Rock Ridge entries of a record, wherever they are. */
static int load_rock(struct iso *fs, const struct iso_record *rec, struct rock *rock)
{
	struct sector s;
	int err;

	rock_init(rock);
	if (!fs->volume.rock_ridge)
		return 0;
	err = rock_parse(rock, rec->system_use, rec->system_len, fs->volume.skip);
	while (!err && rock->more) {
		err = sector_get(fs, rock->next_lba, &s);
		if (err)
			return err;
		err = rock_continue(rock, s.bytes + rock->next_offset, rock->next_len);
		sector_put(&s);
	}
	return err;
}

static uint64_t dir_ino(uint32_t lba)
{
	return (uint64_t)lba * ISO_SECTOR >> INO_SHIFT;
}

/* Contents of one extent more. Only the last may end within a sector. */
static int add_extent(struct iso_entry *e, const struct iso_record *rec)
{
	if (e->extent_count == EXTENTS_MAX || e->size % ISO_SECTOR != 0)
		return -EIO;
	e->extents[e->extent_count++] = (struct iso_extent){rec->lba, rec->size};
	e->size += rec->size;
	return 0;
}

/* A file of several extents has a record for each. */
static int add_extents(struct scan *sc, struct iso_entry *e, struct iso_record *rec)
{
	uint64_t ino;
	int err = add_extent(e, rec);

	while (!err && rec->multi_extent) {
		int n = scan_record(sc, rec, &ino);

		if (n <= 0)
			return n < 0 ? n : -EIO;
		err = rec->is_dir ? -EIO : add_extent(e, rec);
	}
	return err;
}

/* Everything about the record that was just read. */
static int load_entry(struct scan *sc, struct iso_entry *e, struct iso_record *rec)
{
	int err = load_rock(sc->fs, rec, &e->rock);

	if (err)
		return err;
	if (e->rock.name_len > 0) {
		e->name_len = e->rock.name_len;
		memcpy(e->name, e->rock.name, e->name_len);
	} else {
		e->name_len = iso_plain_name(rec, e->name);
	}
	e->mtime = rec->mtime;
	e->is_dir = rec->is_dir;
	e->extent_count = 0;
	e->size = 0;
	if (e->is_dir)
		e->ino = dir_ino(rec->lba);
	if (e->rock.child_lba) {
		e->is_dir = true;
		e->ino = dir_ino(e->rock.child_lba);
	}
	return add_extents(sc, e, rec);
}

static bool is_dot_record(const struct iso_record *rec)
{
	return rec->name_len == 1 && rec->name[0] <= 1;
}

/* The next name that is to be seen. 1, 0 at the end, -errno. */
static int scan_entry(struct scan *sc, struct iso_entry *e)
{
	struct iso_record rec;
	int n, err;

	for (;;) {
		n = scan_record(sc, &rec, &e->ino);
		if (n <= 0)
			return n;
		if (is_dot_record(&rec) || rec.hidden)
			continue;
		err = load_entry(sc, e, &rec);
		if (err)
			return err;
		if (!e->rock.relocated && e->name_len > 0)
			return 1;
	}
}

/* ---- inodes ---- */

static struct inode *iso_alloc(struct super *s)
{
	struct iso_inode *ii = kmem_cache_zalloc(&iso_inode_cache);

	(void)s;
	return ii ? &ii->inode : NULL;
}

static void iso_free(struct inode *inode)
{
	kfree(iso_of(inode)->further);
	kfree(iso_of(inode)->target);
	kmem_cache_free(&iso_inode_cache, iso_of(inode));
}

static void fill_times(struct inode *inode, const struct iso_entry *e)
{
	const struct rock *r = &e->rock;

	inode->mtime = (struct timespec64){r->has_mtime ? r->mtime : e->mtime, 0};
	inode->atime = r->has_atime ? (struct timespec64){r->atime, 0} : inode->mtime;
	inode->ctime = r->has_ctime ? (struct timespec64){r->ctime, 0} : inode->mtime;
}

static int fill_mode(struct inode *inode, const struct iso_entry *e)
{
	const struct rock *r = &e->rock;

	inode->mode = (e->is_dir ? S_IFDIR : S_IFREG) | PLAIN_MODE;
	inode->nlink = e->is_dir ? 2 : 1;
	if (r->has_mode) {
		inode->mode = r->mode & (S_IFMT | S_IALLUGO);
		inode->nlink = MAX(r->nlink, 1u);
		inode->uid = r->uid;
		inode->gid = r->gid;
	}
	if (e->is_dir != S_ISDIR(inode->mode))
		return -EIO;
	if (r->has_rdev && (S_ISCHR(inode->mode) || S_ISBLK(inode->mode)))
		inode->rdev = dev_make(r->major, r->minor);
	return 0;
}

static int fill_contents(struct inode *inode, const struct iso_entry *e)
{
	struct iso_inode *ii = iso_of(inode);
	uint32_t further = e->extent_count - 1;

	ii->extent_count = e->extent_count;
	ii->extent = e->extents[0];
	if (further > 0) {
		ii->further = kmalloc(further * sizeof(*ii->further));
		if (!ii->further)
			return -ENOMEM;
		memcpy(ii->further, e->extents + 1, further * sizeof(*ii->further));
	}
	inode_set_size(inode, e->size);
	if (!S_ISLNK(inode->mode))
		return 0;
	ii->target = e->rock.link_len > 0 ? kstrdup(e->rock.link) : NULL;
	inode_set_size(inode, (loff_t)e->rock.link_len);
	return ii->target || e->rock.link_len == 0 ? 0 : -ENOMEM;
}

static void set_ops(struct inode *inode)
{
	inode->ops = &iso_file_inode_ops;
	inode->file_ops = special_file_ops(inode->mode);
	if (S_ISDIR(inode->mode)) {
		inode->ops = &iso_dir_inode_ops;
		inode->file_ops = &dir_file_ops;
	} else if (S_ISLNK(inode->mode)) {
		inode->ops = &iso_link_inode_ops;
	}
	if (!inode->file_ops)
		inode->file_ops = &iso_file_ops;
}

static int inode_fill(struct inode *inode, const struct iso_entry *e)
{
	int err = fill_mode(inode, e);

	set_ops(inode);
	if (!err)
		err = fill_contents(inode, e);
	fill_times(inode, e);
	return err;
}

/* A directory that Rock Ridge has moved: what its own first record says. */
static int load_relocated(struct iso *fs, struct iso_entry *e)
{
	struct iso_record rec;
	struct sector s;
	uint32_t lba = e->rock.child_lba;
	int n, err = sector_get(fs, lba, &s);

	if (err)
		return err;
	n = iso_parse_record(s.bytes, ISO_SECTOR, &rec);
	if (n <= 0 || !is_dot_record(&rec) || !rec.is_dir)
		err = -EIO;
	if (!err)
		err = load_rock(fs, &rec, &e->rock);
	if (!err) {
		e->extent_count = 1;
		e->extents[0] = (struct iso_extent){lba, rec.size};
		e->size = rec.size;
	}
	sector_put(&s);
	return err;
}

/* The inode of an entry. */
static int inode_of_entry(struct super *s, struct iso_entry *e, struct inode **out)
{
	bool fresh;
	int err = e->rock.child_lba ? load_relocated(s->private, e) : 0;

	if (!err)
		err = inode_find(s, e->ino, &iso_backing_ops, out, &fresh);
	if (err || !fresh)
		return err;
	err = inode_fill(*out, e);
	inode_filled(*out, err);
	return err;
}

/* ---- operations ---- */

static int iso_lookup(struct inode *dir, const char *name, uint32_t len, struct inode **out)
{
	struct iso_entry *e = kmalloc(sizeof(*e));
	struct scan sc;
	int n;

	if (!e)
		return -ENOMEM;
	scan_begin(&sc, dir, 0);
	do
		n = scan_entry(&sc, e);
	while (n > 0 && (e->name_len != len || memcmp(e->name, name, len) != 0));
	scan_end(&sc);
	if (n > 0 && e->ino == dir->ino)
		n = -EIO; /* A directory in itself. */
	else if (n > 0)
		n = inode_of_entry(dir->super, e, out);
	else if (n == 0)
		n = -ENOENT;
	kfree(e);
	return n;
}

static uint8_t entry_type(const struct iso_entry *e)
{
	if (e->rock.child_lba || !e->rock.has_mode)
		return (e->is_dir ? S_IFDIR : S_IFREG) >> 12;
	return (uint8_t)((e->rock.mode & S_IFMT) >> 12);
}

/* Positions are bytes, two further, because 0 and 1 are taken. */
static int iso_readdir(struct inode *dir, loff_t pos, dirent_fn fn, void *ctx)
{
	struct iso_entry *e;
	struct scan sc;
	int n;

	if (pos - 2 > (loff_t)iso_of(dir)->extent.size)
		return 0;
	e = kmalloc(sizeof(*e));
	if (!e)
		return -ENOMEM;
	scan_begin(&sc, dir, (uint32_t)(pos - 2));
	do
		n = scan_entry(&sc, e);
	while (n > 0 && fn(ctx, e->name, e->name_len, e->ino, entry_type(e), (loff_t)sc.pos + 2));
	scan_end(&sc);
	kfree(e);
	return MIN(n, 0);
}

static ssize_t iso_readlink(struct inode *inode, char *buf, size_t size)
{
	const char *target = iso_of(inode)->target;
	size_t len;

	if (!target)
		return -EIO;
	len = MIN(strlen(target), size);
	memcpy(buf, target, len);
	return (ssize_t)len;
}

static const struct inode_ops iso_file_inode_ops;

static const struct inode_ops iso_link_inode_ops = {
	.readlink = iso_readlink,
};

static const struct inode_ops iso_dir_inode_ops = {
	.lookup = iso_lookup,
	.readdir = iso_readdir,
};

static const struct file_ops iso_file_ops = {
	.read = filemap_read,
	.seek = filemap_seek,
	.fsync = filemap_fsync,
	.mmap = filemap_mmap,
	.positioned = true,
};

/* ---- pages ---- */

/* The extent that holds byte *pos of the file; *pos becomes the byte in it. NULL: behind the
 * end. */
static const struct iso_extent *extent_at(const struct iso_inode *ii, uint64_t *pos)
{
	for (uint32_t i = 0; i < ii->extent_count; i++) {
		const struct iso_extent *x = i == 0 ? &ii->extent : &ii->further[i - 1];

		if (*pos < x->size)
			return x;
		*pos -= x->size;
	}
	return NULL;
}

/* Read whole sectors of the file from byte pos on to the bytes [off, end) of the frames, as far as one
 * extent goes. Bytes read, 0 behind the end, or -errno. */
static int read_part(struct iso_inode *ii, uint64_t pos, struct frame *const *f, uint32_t off,
		     uint32_t end)
{
	const struct iso_extent *x = extent_at(ii, &pos);
	struct blockdev *dev = fs_of(&ii->inode)->dev;
	struct bio_seg segs[BACKING_CLUSTER_MAX];
	uint32_t start = off, n = 0;
	uint64_t lba;
	int err;

	if (!x)
		return 0;
	end = (uint32_t)MIN((uint64_t)end, off + ALIGN_UP(x->size - pos, (uint64_t)ISO_SECTOR));
	for (; off < end; off += segs[n++].len) {
		uint32_t in_page = off & ~PAGE_MASK;

		segs[n] = (struct bio_seg){
			.frame = f[off >> PAGE_SHIFT],
			.offset = in_page,
			.len = MIN(PAGE_SIZE - in_page, end - off),
		};
	}
	lba = (x->lba + pos / ISO_SECTOR) * (ISO_SECTOR / dev->sector_size);
	err = block_io(dev, BIO_READ, lba, segs, n);
	return err ? err : (int)(end - start);
}

static int iso_read_pages(struct backing *b, struct frame *const *f, uint32_t n)
{
	struct inode *inode = inode_of_backing(b);
	uint64_t start = (uint64_t)f[0]->index << PAGE_SHIFT;
	uint64_t valid = (uint64_t)inode->size - start; /* The size never changes. */
	uint32_t off = 0, end = n << PAGE_SHIFT;

	while (off < end) {
		int done = read_part(iso_of(inode), start + off, f, off, end);

		if (done < 0)
			return done;
		if (done == 0)
			break;
		off += (uint32_t)done;
	}
	backing_zero_from(f, n, (uint32_t)MIN((uint64_t)off, valid));
	return 0;
}

static const struct backing_ops iso_backing_ops = {
	.read = iso_read_pages,
	.get = inode_backing_get,
	.put = inode_backing_put,
};

/* ---- mounting ---- */

static int iso_statfs(struct super *s, struct statfs_info *out)
{
	const struct iso *fs = s->private;

	*out = (struct statfs_info){
		.type = ISOFS_SUPER_MAGIC,
		.bsize = ISO_SECTOR,
		.blocks = fs->volume.sectors,
	};
	return 0;
}

static void iso_destroy(struct super *s)
{
	kfree(s->private);
}

static const struct super_ops iso_super_ops = {
	.alloc = iso_alloc,
	.free = iso_free,
	.statfs = iso_statfs,
	.destroy = iso_destroy,
};

static int find_primary(struct iso *fs)
{
	enum iso_descriptor kind = ISO_OTHER;
	struct sector s;
	int err = 0;

	for (uint32_t i = 0; i < DESCRIPTORS_MAX && !err && kind == ISO_OTHER; i++) {
		err = sector_get(fs, ISO_FIRST_DESCRIPTOR + i, &s);
		if (err)
			break;
		err = iso_parse_volume(s.bytes, &fs->volume, &kind);
		sector_put(&s);
	}
	if (err)
		return err == -ENOMEM ? err : -EINVAL;
	return kind == ISO_PRIMARY ? 0 : -EINVAL;
}

/* The root's own record says whether there is Rock Ridge, and gives the root its attributes. */
static int load_root(struct iso *fs, struct iso_entry *e)
{
	struct iso_record rec;
	struct sector s;
	int err = sector_get(fs, fs->volume.root.lba, &s);

	if (err)
		return err;
	if (iso_parse_record(s.bytes, ISO_SECTOR, &rec) <= 0 || !is_dot_record(&rec)) {
		sector_put(&s);
		return -EIO;
	}
	fs->volume.rock_ridge = true;
	err = load_rock(fs, &rec, &e->rock);
	fs->volume.rock_ridge = !err && e->rock.is_susp && e->rock.has_mode;
	if (!fs->volume.rock_ridge)
		rock_init(&e->rock);
	fs->volume.skip = e->rock.skip;
	e->ino = dir_ino(fs->volume.root.lba);
	e->is_dir = true;
	e->mtime = rec.mtime;
	e->size = rec.size;
	e->extent_count = 1;
	e->extents[0] = (struct iso_extent){fs->volume.root.lba, rec.size};
	sector_put(&s);
	return 0;
}

static int mount_found(struct super *s, struct iso *fs, struct inode **root)
{
	struct iso_entry *e = kzalloc(sizeof(*e));
	int err = e ? load_root(fs, e) : -ENOMEM;

	if (!err)
		err = inode_of_entry(s, e, root);
	kfree(e);
	return err;
}

static int iso_mount(struct super *s, const char *options, struct inode **root)
{
	struct iso *fs = kzalloc(sizeof(*fs));
	int err;

	(void)options; /* Linux's change how things look; we show them as they are. */
	if (!fs)
		return -ENOMEM;
	fs->dev = s->dev;
	s->private = fs;
	s->ops = &iso_super_ops;
	s->flags |= SUPER_RDONLY;
	s->block_size = ISO_SECTOR;
	err = fs->dev->sector_size <= ISO_SECTOR ? find_primary(fs) : -EINVAL;
	if (!err)
		err = mount_found(s, fs, root);
	if (err)
		kfree(fs);
	return err;
}

void iso9660_init(void)
{
	static struct fs_type type = {.name = "iso9660", .needs_device = true, .mount = iso_mount};

	fs_type_register(&type);
}
