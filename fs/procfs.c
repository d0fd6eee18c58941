/*
 * procfs.c: /proc: its fixed tree, and files whose text is made when they are read.
 *
 * The tree of registered entries is made at boot and only grows; its lists are read under
 * tree_lock. Inodes are made at lookup and live as long as their dentries. procfs_pid.c has the
 * processes, procfs_file.c the open files.
 */
#include "fs/procfs.h"

#include "fs/caller.h"
#include "fs/dir.h"
#include "fs/file.h"
#include "fs/mount.h"
#include "fs/procfs_internal.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/stat.h"
#include "kernel/abi/statfs.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "mm/kmalloc.h"

#define ROOT_INO 1u

struct procfs_dir {
	const char *name; /* Not terminated: part of the path of who asked for it first. */
	uint32_t name_len;
	uint32_t ino;
	struct procfs_dir *parent;
	struct list dirs;    /* struct procfs_dir.link */
	struct list entries; /* struct procfs_entry.link */
	struct list link;
};

static struct spinlock tree_lock = SPINLOCK_INIT("procfs", RANK_LEAF);
static struct procfs_dir root_dir = {
	.ino = ROOT_INO,
	.dirs = LIST_INIT(root_dir.dirs),
	.entries = LIST_INIT(root_dir.entries),
	.link = LIST_INIT(root_dir.link),
};
static uint32_t last_ino = ROOT_INO;

KMEM_CACHE(procfs_inode_cache, struct procfs_inode);

static const struct inode_ops dir_inode_ops, file_inode_ops, link_inode_ops;

/* ---- the fixed tree ---- */

static struct procfs_dir *find_dir(const struct procfs_dir *in, const char *name, uint32_t len)
{
	struct procfs_dir *d;

	list_for_each_entry(d, &in->dirs, link)
		if (d->name_len == len && memcmp(d->name, name, len) == 0)
			return d;
	return NULL;
}

static struct procfs_entry *find_entry(const struct procfs_dir *in, const char *name, uint32_t len)
{
	struct procfs_entry *e;

	list_for_each_entry(e, &in->entries, link)
		if (strlen(e->name) == len && memcmp(e->name, name, len) == 0)
			return e;
	return NULL;
}

/* The folder of this name, made if need be. Boot only, so there is memory and nobody else. */
static struct procfs_dir *get_dir(struct procfs_dir *in, const char *name, uint32_t len)
{
	struct procfs_dir *d = find_dir(in, name, len);

	if (d)
		return d;
	d = kzalloc(sizeof(*d));
	BUG_ON(!d);
	d->name = name;
	d->name_len = len;
	d->ino = ++last_ino;
	d->parent = in;
	list_init(&d->dirs);
	list_init(&d->entries);
	spin_lock(&tree_lock);
	list_add_tail(&in->dirs, &d->link);
	spin_unlock(&tree_lock);
	return d;
}

void procfs_register(struct procfs_entry *e)
{
	struct procfs_dir *d = &root_dir;
	const char *name = e->path, *slash;

	while ((slash = strchr(name, '/')) != NULL) {
		d = get_dir(d, name, (uint32_t)(slash - name));
		name = slash + 1;
	}
	e->name = name;
	e->dir = d;
	e->ino = ++last_ino;
	if (e->mode == 0)
		e->mode = e->store ? 0644 : 0444;
	if (find_entry(d, name, strlen(name)) || find_dir(d, name, strlen(name)))
		panic("procfs: two files named %s", e->path);
	spin_lock(&tree_lock);
	list_add_tail(&d->entries, &e->link);
	spin_unlock(&tree_lock);
}

void procfs_register_all(struct procfs_entry *entries, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		procfs_register(&entries[i]);
}

/* ---- inodes ---- */

static struct inode *procfs_alloc(struct super *s)
{
	struct procfs_inode *pi = kmem_cache_zalloc(&procfs_inode_cache);

	(void)s;
	return pi ? &pi->inode : NULL;
}

static void procfs_free(struct inode *inode)
{
	kmem_cache_free(&procfs_inode_cache, procfs_of(inode));
}

static const struct inode_ops *ops_of(enum procfs_kind kind, uint32_t mode)
{
	if (kind == PROCFS_DIR)
		return &dir_inode_ops;
	if (kind == PROCFS_ENTRY)
		return S_ISLNK(mode) ? &link_inode_ops : &file_inode_ops;
	return procfs_pid_inode_ops(kind);
}

struct inode *procfs_inode_make(struct super *s, enum procfs_kind kind, uint64_t ino, uint32_t mode)
{
	struct inode *inode = inode_alloc(s, ino, NULL);

	if (!inode)
		return NULL;
	procfs_of(inode)->kind = kind;
	inode->mode = mode;
	inode->nlink = S_ISDIR(mode) ? 2 : 1;
	inode->ops = ops_of(kind, mode);
	inode->file_ops = S_ISDIR(mode) ? &dir_file_ops : &procfs_file_ops;
	return inode;
}

static struct inode *make_dir(struct super *s, struct procfs_dir *d)
{
	struct inode *inode = procfs_inode_make(s, PROCFS_DIR, d->ino, S_IFDIR | 0555);

	if (inode)
		procfs_of(inode)->dir = d;
	return inode;
}

static struct inode *make_entry(struct super *s, const struct procfs_entry *e)
{
	uint32_t mode = e->target ? S_IFLNK | S_IRWXUGO : S_IFREG | e->mode;
	struct inode *inode = procfs_inode_make(s, PROCFS_ENTRY, e->ino, mode);

	if (inode)
		procfs_of(inode)->entry = e;
	return inode;
}

/* ---- folders ---- */

static int dir_lookup(struct inode *dir, const char *name, uint32_t len, struct inode **out)
{
	struct procfs_dir *in = procfs_of(dir)->dir, *d;
	struct procfs_entry *e;

	spin_lock(&tree_lock);
	d = find_dir(in, name, len);
	e = find_entry(in, name, len);
	spin_unlock(&tree_lock);
	if (!d && !e)
		return in == &root_dir ? procfs_pid_lookup(dir, name, len, out) : -ENOENT;
	*out = d ? make_dir(dir->super, d) : make_entry(dir->super, e);
	return *out ? 0 : -ENOMEM;
}

/* One name of a folder by its place in it: first the folders, then the entries. False: no more. */
static bool nth_name(const struct procfs_dir *in, uint32_t n, const char **name, uint32_t *len,
		     uint32_t *ino, uint8_t *type)
{
	const struct procfs_dir *d;
	const struct procfs_entry *e;

	list_for_each_entry(d, &in->dirs, link) {
		if (n-- == 0) {
			*name = d->name;
			*len = d->name_len;
			*ino = d->ino;
			*type = S_IFDIR >> 12;
			return true;
		}
	}
	list_for_each_entry(e, &in->entries, link) {
		if (n-- == 0) {
			*name = e->name;
			*len = strlen(e->name);
			*ino = e->ino;
			*type = (e->target ? S_IFLNK : S_IFREG) >> 12;
			return true;
		}
	}
	return false;
}

static int dir_readdir(struct inode *dir, loff_t pos, dirent_fn fn, void *ctx)
{
	struct procfs_dir *in = procfs_of(dir)->dir;

	for (; pos < (loff_t)PROCFS_PID_INOS; pos++) {
		uint32_t len, ino;
		const char *name;
		uint8_t type;
		bool more;

		spin_lock(&tree_lock);
		more = nth_name(in, (uint32_t)pos - 2, &name, &len, &ino, &type);
		spin_unlock(&tree_lock);
		if (!more)
			break;
		if (!fn(ctx, name, len, ino, type, pos + 1))
			return 0;
	}
	if (in == &root_dir)
		procfs_pid_readdir(pos, fn, ctx);
	return 0;
}

static const struct inode_ops dir_inode_ops = {
	.lookup = dir_lookup,
	.readdir = dir_readdir,
};

/* ---- links ---- */

/* "self" has no text of its own: it is whoever reads it. */
static struct procfs_entry self_entry = {.path = "self", .target = ""};
static struct procfs_entry mounts_entry = {.path = "mounts", .target = "self/mounts"};

static ssize_t entry_readlink(struct inode *inode, char *buf, size_t size)
{
	const struct procfs_entry *e = procfs_of(inode)->entry;

	if (e == &self_entry) {
		int32_t pid = procfs_pids ? procfs_pids->self() : 0;

		return pid ? scnprintf(buf, size, "%d", pid) : -ENOENT;
	}
	return scnprintf(buf, size, "%s", e->target);
}

static const struct inode_ops link_inode_ops = {
	.readlink = entry_readlink,
};

/* ---- files ---- */

/* For > of a shell: there is nothing to cut off. */
int procfs_truncate(struct inode *inode, loff_t size)
{
	(void)inode;
	(void)size;
	return 0;
}

static const struct inode_ops file_inode_ops = {
	.truncate = procfs_truncate,
};

/* ---- the instance ---- */

static int show_filesystems(struct text *t, const struct procfs_entry *e)
{
	struct fs_type *type;

	(void)e;
	for (type = fs_type_next(NULL); type; type = fs_type_next(type))
		text_printf(t, "%s\t%s\n", type->needs_device ? "" : "nodev", type->name);
	return 0;
}

static struct procfs_entry filesystems_entry = {.path = "filesystems", .show = show_filesystems};

static int procfs_statfs(struct super *s, struct statfs_info *out)
{
	(void)s;
	*out = (struct statfs_info){.type = PROC_SUPER_MAGIC, .bsize = PAGE_SIZE};
	return 0;
}

static const struct super_ops super_ops = {
	.alloc = procfs_alloc,
	.free = procfs_free,
	.statfs = procfs_statfs,
};

static int procfs_mount(struct super *s, const char *options, struct inode **root)
{
	(void)options;
	s->ops = &super_ops;
	s->flags |= SUPER_VOLATILE;
	*root = make_dir(s, &root_dir);
	return *root ? 0 : -ENOMEM;
}

void procfs_init(void)
{
	static struct fs_type type = {.name = "proc", .single = true, .mount = procfs_mount};

	fs_type_register(&type);
	procfs_register(&self_entry);
	procfs_register(&mounts_entry);
	procfs_register(&filesystems_entry);
}
