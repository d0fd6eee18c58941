/*
 * tmpfs.c: files that live in memory and nowhere else.
 *
 * A file's pages are in its inode's page cache, which has no store behind it: a page that is absent
 * is zero, a page that was written stays until the file is cut or ends. A directory is a list of
 * entries, each with a reference on its inode and a number that never comes back, so that listing
 * goes on correctly while names come and go. Names are found through the dentry cache; only a miss
 * walks the list.
 *
 * Limits: pages are counted when they enter the cache (charge), for the file system and for all of them
 * together; inodes when they are made.
 *
 * Locks: inode->lock of a directory guards its entries, as everywhere; the counters are atomic.
 */
#include "fs/tmpfs.h"

#include "fs/attr.h"
#include "fs/caller.h"
#include "fs/device.h"
#include "fs/dir.h"
#include "fs/filemap.h"
#include "fs/inode.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/stat.h"
#include "kernel/abi/statfs.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/printf.h"
#include "kernel/lib/string.h"
#include "mm/kmalloc.h"
#include "mm/pmm.h"
#include "mm/shm.h"

#define FIRST_COOKIE 2 /* Positions 0 and 1 are "." and "..". */

struct tmpfs {
	uint32_t page_limit, pages;   /* Atomic. UINT32_MAX: no limit. */
	uint32_t inode_limit, inodes; /* Atomic. */
	uint32_t last_ino;	      /* Atomic. */
	struct inode *root;	      /* A reference of its own: entries below hang on it. */
	uint32_t root_mode, uid, gid;
};

struct tmpfs_inode {
	struct inode inode;
	uint32_t pages; /* Atomic: in memory or in swap. */
	union {
		struct {		     /* Directories. */
			struct list entries; /* struct tmpfs_entry by cookie. */
			uint32_t last_cookie;
		};
		char *target; /* Symbolic links. */
	};
};

struct tmpfs_entry {
	struct list link;
	struct inode *inode; /* A reference. */
	uint32_t cookie;     /* Position in listings. */
	uint32_t len;
	char name[];
};

KMEM_CACHE(tmpfs_inode_cache, struct tmpfs_inode);

static const struct inode_ops file_inode_ops, dir_inode_ops, link_inode_ops;
static const struct file_ops file_ops;

static struct tmpfs_inode *tmpfs_of(struct inode *inode)
{
	return container_of(inode, struct tmpfs_inode, inode);
}

static struct tmpfs *fs_of(const struct inode *inode)
{
	return inode->super->private;
}

/* ---- limits ---- */

/* Atomic: pages of all file systems of this kind. Each may have room left when memory has none, and
 * then no program could run that removes a file: a quarter of the memory stays with programs. */
static uint32_t all_pages;

/* Take n of what *used counts, unless that goes beyond limit. */
static bool quota_take(uint32_t *used, uint32_t n, uint32_t limit)
{
	if (atomic_add_return(used, n) <= limit)
		return true;
	atomic_sub(used, n);
	return false;
}

static int backing_charge(struct backing *b, uint32_t index, int32_t pages)
{
	struct inode *inode = inode_of_backing(b);
	struct tmpfs *t = fs_of(inode);
	uint32_t n = (uint32_t)pages;

	(void)index;
	if (pages > 0 && !quota_take(&all_pages, n, frame_total_count() / 4 * 3))
		return -ENOSPC;
	if (pages > 0 && !quota_take(&t->pages, n, t->page_limit)) {
		atomic_sub(&all_pages, n);
		return -ENOSPC;
	}
	if (pages < 0) {
		atomic_add(&t->pages, n);
		atomic_add(&all_pages, n);
	}
	atomic_add(&tmpfs_of(inode)->pages, n);
	return 0;
}

/* For madvise(2). */
static int backing_punch(struct backing *b, uint32_t first, uint32_t end)
{
	struct fs_caller c = caller_current();

	return inode_punch(inode_of_backing(b), (loff_t)first << PAGE_SHIFT,
			   (loff_t)(end - first) << PAGE_SHIFT, &c);
}

static const struct backing_ops backing_ops = {
	.read = shm_read,
	.write = shm_write,
	.punch = backing_punch,
	.get = inode_backing_get,
	.put = inode_backing_put,
	.charge = backing_charge,
};

/* ---- inodes ---- */

static struct inode *tmpfs_alloc(struct super *s)
{
	struct tmpfs_inode *ti = kmem_cache_zalloc(&tmpfs_inode_cache);

	(void)s;
	return ti ? &ti->inode : NULL;
}

static void tmpfs_free(struct inode *inode)
{
	struct tmpfs_inode *ti = tmpfs_of(inode);

	if (S_ISLNK(inode->mode))
		kfree(ti->target);
	if (S_ISDIR(inode->mode))
		ASSERT(list_empty(&ti->entries));
	atomic_dec(&fs_of(inode)->inodes);
	kmem_cache_free(&tmpfs_inode_cache, ti);
}

static void set_ops(struct inode *inode)
{
	inode->ops = &file_inode_ops;
	inode->file_ops = special_file_ops(inode->mode);
	if (S_ISDIR(inode->mode)) {
		inode->ops = &dir_inode_ops;
		inode->file_ops = &dir_file_ops;
		list_init(&tmpfs_of(inode)->entries);
		tmpfs_of(inode)->last_cookie = FIRST_COOKIE;
	} else if (S_ISLNK(inode->mode)) {
		inode->ops = &link_inode_ops;
	}
	if (!inode->file_ops)
		inode->file_ops = &file_ops;
}

/* An inode with one reference. 0, -ENOSPC or -ENOMEM. */
static int inode_make(struct super *s, uint32_t mode, uint32_t rdev, struct inode **out)
{
	struct tmpfs *t = s->private;
	struct inode *inode;

	if (!quota_take(&t->inodes, 1, t->inode_limit))
		return -ENOSPC;
	inode = inode_alloc(s, atomic_add_return(&t->last_ino, 1), &backing_ops);
	if (!inode) {
		atomic_dec(&t->inodes);
		return -ENOMEM;
	}
	inode->mode = mode;
	inode->rdev = rdev;
	inode->nlink = S_ISDIR(mode) ? 2 : 1;
	set_ops(inode);
	*out = inode;
	return 0;
}

int tmpfs_create_unnamed(struct super *s, uint32_t mode, struct inode **out)
{
	int err = inode_make(s, mode, 0, out);

	if (!err)
		(*out)->nlink = 0;
	return err;
}

/* ---- directories ---- */

static struct tmpfs_entry *entry_find(struct inode *dir, const char *name, uint32_t len)
{
	struct tmpfs_entry *e;

	list_for_each_entry(e, &tmpfs_of(dir)->entries, link)
		if (e->len == len && memcmp(e->name, name, len) == 0)
			return e;
	return NULL;
}

/* Names are short, so that an entry is one small piece. NULL: out of memory. */
static struct tmpfs_entry *entry_alloc(const char *name, uint32_t len)
{
	struct tmpfs_entry *e = kmalloc(sizeof(*e) + len + 1);

	if (!e)
		return NULL;
	memcpy(e->name, name, len);
	e->name[len] = '\0';
	e->len = len;
	return e;
}

/* Takes over the reference on inode. */
static void entry_add(struct inode *dir, struct tmpfs_entry *e, struct inode *inode)
{
	struct tmpfs_inode *td = tmpfs_of(dir);

	e->inode = inode;
	e->cookie = ++td->last_cookie;
	list_add_tail(&td->entries, &e->link);
	dir->size += 20; /* Linux's figure, seen by ls -l. */
	if (S_ISDIR(inode->mode))
		dir->nlink++;
}

/* The entry's reference on its inode becomes the caller's. */
static struct inode *entry_remove(struct inode *dir, struct tmpfs_entry *e)
{
	struct inode *inode = e->inode;

	list_remove(&e->link);
	kfree(e);
	dir->size -= 20;
	if (S_ISDIR(inode->mode))
		dir->nlink--;
	return inode;
}

static int tmpfs_lookup(struct inode *dir, const char *name, uint32_t len, struct inode **out)
{
	struct tmpfs_entry *e = entry_find(dir, name, len);

	if (!e)
		return -ENOENT;
	*out = inode_get(e->inode);
	return 0;
}

/* A new inode under a new name; target only for symbolic links, and then taken over on success. */
static int make_named(struct inode *dir, const char *name, uint32_t len, uint32_t mode,
		      uint32_t rdev, char *target, struct inode **out)
{
	struct tmpfs_entry *e = entry_alloc(name, len);
	struct inode *inode;
	int err = e ? inode_make(dir->super, mode, rdev, &inode) : -ENOMEM;

	if (err) {
		kfree(e);
		return err;
	}
	if (target) {
		tmpfs_of(inode)->target = target;
		inode_set_size(inode, (loff_t)strlen(target));
	}
	entry_add(dir, e, inode);
	*out = inode_get(inode);
	return 0;
}

static int tmpfs_create(struct inode *dir, const char *name, uint32_t len, uint32_t mode,
			uint32_t rdev, struct inode **out)
{
	return make_named(dir, name, len, mode, rdev, NULL, out);
}

static int tmpfs_symlink(struct inode *dir, const char *name, uint32_t len, const char *target,
			 struct inode **out)
{
	char *copy = kstrdup(target);
	int err;

	if (!copy)
		return -ENOMEM;
	err = make_named(dir, name, len, S_IFLNK | S_IRWXUGO, 0, copy, out);
	if (err)
		kfree(copy);
	return err;
}

static int tmpfs_link(struct inode *dir, const char *name, uint32_t len, struct inode *inode)
{
	struct tmpfs_entry *e = entry_alloc(name, len);

	if (!e)
		return -ENOMEM;
	entry_add(dir, e, inode_get(inode));
	inode->nlink++;
	return 0;
}

static int tmpfs_unlink(struct inode *dir, const char *name, uint32_t len, struct inode *victim)
{
	entry_remove(dir, entry_find(dir, name, len));
	victim->nlink--;
	inode_put(victim);
	return 0;
}

static int tmpfs_rmdir(struct inode *dir, const char *name, uint32_t len, struct inode *victim)
{
	if (!list_empty(&tmpfs_of(victim)->entries))
		return -ENOTEMPTY;
	entry_remove(dir, entry_find(dir, name, len));
	victim->nlink = 0;
	inode_put(victim);
	return 0;
}

static int tmpfs_rename(struct inode *from, const char *name, uint32_t len, struct inode *victim,
			struct inode *to, const char *new_name, uint32_t new_len,
			struct inode *target)
{
	struct tmpfs_entry *e = entry_alloc(new_name, new_len);
	int err = e ? 0 : -ENOMEM;

	(void)victim;
	if (!err && target)
		err = S_ISDIR(target->mode) ? tmpfs_rmdir(to, new_name, new_len, target)
					    : tmpfs_unlink(to, new_name, new_len, target);
	if (err) {
		kfree(e);
		return err;
	}
	entry_add(to, e, entry_remove(from, entry_find(from, name, len)));
	return 0;
}

static int tmpfs_readdir(struct inode *dir, loff_t pos, dirent_fn fn, void *ctx)
{
	struct tmpfs_entry *e;

	list_for_each_entry(e, &tmpfs_of(dir)->entries, link)
		if ((loff_t)e->cookie > pos && !fn(ctx, e->name, e->len, e->inode->ino,
						   (uint8_t)(e->inode->mode >> 12), e->cookie))
			break;
	return 0;
}

/* ---- files and links ---- */

static ssize_t tmpfs_readlink(struct inode *inode, char *buf, size_t size)
{
	size_t len = MIN(strlen(tmpfs_of(inode)->target), size);

	memcpy(buf, tmpfs_of(inode)->target, len);
	return (ssize_t)len;
}

static int tmpfs_truncate(struct inode *inode, loff_t size)
{
	return S_ISREG(inode->mode) ? filemap_truncate(inode, size) : -EINVAL;
}

static uint64_t tmpfs_blocks(struct inode *inode)
{
	return (uint64_t)atomic_load(&tmpfs_of(inode)->pages) * (PAGE_SIZE / 512);
}

static const struct inode_ops file_inode_ops = {
	.truncate = tmpfs_truncate,
	.allocate = filemap_allocate,
	.punch = filemap_punch,
	.blocks = tmpfs_blocks,
};

static const struct inode_ops link_inode_ops = {
	.readlink = tmpfs_readlink,
	.blocks = tmpfs_blocks,
};

static const struct inode_ops dir_inode_ops = {
	.lookup = tmpfs_lookup,
	.create = tmpfs_create,
	.symlink = tmpfs_symlink,
	.link = tmpfs_link,
	.unlink = tmpfs_unlink,
	.rmdir = tmpfs_rmdir,
	.rename = tmpfs_rename,
	.readdir = tmpfs_readdir,
	.blocks = tmpfs_blocks,
};

static const struct file_ops file_ops = {
	.read = filemap_read_sparse,
	.write = filemap_write,
	.seek = filemap_seek_sparse,
	.fsync = filemap_fsync,
	.mmap = filemap_mmap,
	.positioned = true,
};

int tmpfs_add(struct inode *dir, const char *name, uint32_t mode, uint32_t rdev, const char *target,
	      struct inode **out)
{
	struct inode *inode;
	int err;

	mutex_lock(&dir->lock);
	if (target)
		err = tmpfs_symlink(dir, name, strlen(name), target, &inode);
	else
		err = tmpfs_create(dir, name, strlen(name), mode, rdev, &inode);
	mutex_unlock(&dir->lock);
	if (err)
		return err;
	if (out)
		*out = inode;
	else
		inode_put(inode);
	return 0;
}

/* ---- the instance ---- */

static int tmpfs_statfs(struct super *s, struct statfs_info *out)
{
	struct tmpfs *t = s->private;

	*out = (struct statfs_info){
		.type = TMPFS_MAGIC,
		.bsize = PAGE_SIZE,
		.blocks = t->page_limit,
		.bfree = t->page_limit - MIN(atomic_load(&t->pages), t->page_limit),
		.files = t->inode_limit,
		.ffree = t->inode_limit - MIN(atomic_load(&t->inodes), t->inode_limit),
	};
	return 0;
}

/*
 * Drop every entry of the tree below dir, which nobody uses any more. Without recursion: the
 * entries of a subdirectory are moved up before it goes, so the list works as the stack.
 */
static void tree_drop(struct inode *dir)
{
	struct list *entries = &tmpfs_of(dir)->entries;

	while (!list_empty(entries)) {
		struct tmpfs_entry *e = list_first(entries, struct tmpfs_entry, link);
		struct inode *inode = e->inode;

		if (S_ISDIR(inode->mode))
			list_splice_tail(entries, &tmpfs_of(inode)->entries);
		list_remove(&e->link);
		kfree(e);
		inode_put(inode);
	}
}

/* The instance's own reference on the root ends last, after the root dentry's. */
static void tmpfs_destroy(struct super *s)
{
	struct tmpfs *t = s->private;

	tree_drop(t->root);
	inode_put(t->root);
	ASSERT(t->inodes == 0 && t->pages == 0);
	kfree(t);
}

static int tmpfs_show_options(struct super *s, char *buf, size_t size)
{
	const struct tmpfs *t = s->private;

	return scnprintf(buf, size, ",size=%uk", t->page_limit * (PAGE_SIZE / 1024));
}

static const struct super_ops super_ops = {
	.alloc = tmpfs_alloc,
	.free = tmpfs_free,
	.statfs = tmpfs_statfs,
	.destroy = tmpfs_destroy,
	.show_options = tmpfs_show_options,
};

/* ---- options ---- */

static bool parse_number(const char *text, uint32_t base, uint32_t *value)
{
	uint64_t v = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		uint32_t digit = (uint32_t)(*text - '0');

		if (digit >= base)
			return false;
		v = v * base + digit;
		if (v > UINT32_MAX)
			return false;
	}
	*value = (uint32_t)v;
	return true;
}

/* "64m", "1073741824" or "50%" of memory. */
static bool parse_limit(char *text, uint32_t *pages)
{
	size_t len = strlen(text);
	uint32_t percent;
	uint64_t bytes;

	if (len > 0 && text[len - 1] == '%') {
		text[len - 1] = '\0';
		if (!parse_number(text, 10, &percent))
			return false;
		*pages = (uint32_t)((uint64_t)frame_total_count() * percent / 100);
		return true;
	}
	for (char *c = text; *c; c++) /* Linux takes small letters too. */
		if (*c == 'k' || *c == 'm' || *c == 'g')
			*c -= 'a' - 'A';
	if (!parse_size(text, &bytes))
		return false;
	bytes = DIV_ROUND_UP(bytes, PAGE_SIZE);
	*pages = bytes == 0 ? UINT32_MAX - 1 : (uint32_t)MIN(bytes, (uint64_t)UINT32_MAX - 1);
	return true;
}

static bool parse_option(struct tmpfs *t, const char *name, char *value)
{
	if (strcmp(name, "size") == 0)
		return parse_limit(value, &t->page_limit);
	if (strcmp(name, "nr_inodes") == 0)
		return parse_number(value, 10, &t->inode_limit);
	if (strcmp(name, "mode") == 0)
		return parse_number(value, 8, &t->root_mode) && t->root_mode <= S_IALLUGO;
	if (strcmp(name, "uid") == 0)
		return parse_number(value, 10, &t->uid);
	if (strcmp(name, "gid") == 0)
		return parse_number(value, 10, &t->gid);
	return false;
}

/* options is taken to pieces. */
static bool parse_options(struct tmpfs *t, char *options)
{
	while (*options) {
		char *comma = strchr(options, ','), *value;
		char *next = comma ? comma + 1 : options + strlen(options);

		if (comma)
			*comma = '\0';
		value = strchr(options, '=');
		if (value)
			*value++ = '\0';
		if (*options && (!value || !parse_option(t, options, value)))
			return false;
		options = next;
	}
	return true;
}

static struct tmpfs *tmpfs_create_instance(const char *options, int *err)
{
	struct tmpfs *t = kzalloc(sizeof(*t));
	char *copy = kstrdup(options);

	*err = -ENOMEM;
	if (t && copy) {
		t->page_limit = frame_total_count() / 2;
		t->inode_limit = frame_total_count() / 2;
		t->root_mode = S_ISVTX | S_IRWXUGO;
		*err = parse_options(t, copy) ? 0 : -EINVAL;
	}
	kfree(copy);
	if (*err) {
		kfree(t);
		t = NULL;
	}
	return t;
}

int tmpfs_mount(struct super *s, const char *options, struct inode **root)
{
	int err;
	struct tmpfs *t = tmpfs_create_instance(options, &err);

	if (!t)
		return err;
	s->ops = &super_ops;
	s->private = t;
	err = inode_make(s, S_IFDIR | t->root_mode, 0, root);
	if (err) {
		kfree(t);
		return err;
	}
	(*root)->uid = t->uid;
	(*root)->gid = t->gid;
	t->root = inode_get(*root);
	return 0;
}

void tmpfs_init(void)
{
	static struct fs_type type = {.name = "tmpfs", .mount = tmpfs_mount};

	fs_type_register(&type);
}
