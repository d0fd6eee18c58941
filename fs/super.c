/*
 * super.c: file system types and their mounted instances.
 *
 * Locks: super_mutex (RANK_PROC) is held while an instance is made or ends, so that two mounts of
 * one device cannot make two; it also guards both lists and references.
 */
#include "fs/super.h"

#include "drivers/block.h"
#include "fs/dcache.h"
#include "fs/filemap.h"
#include "fs/inode.h"
#include "fs/writeback.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "mm/kmalloc.h"

static struct mutex super_mutex = MUTEX_INIT(super_mutex, RANK_PROC);
static struct list types = LIST_INIT(types);
static struct list supers = LIST_INIT(supers);
static uint32_t anonymous_devs;

void fs_type_register(struct fs_type *type)
{
	mutex_lock(&super_mutex);
	list_add_tail(&types, &type->link);
	mutex_unlock(&super_mutex);
}

/* Types are never taken out, so that the list can be read without the lock. */
struct fs_type *fs_type_next(struct fs_type *prev)
{
	struct list *next = prev ? prev->link.next : types.next;

	return next == &types ? NULL : list_entry(next, struct fs_type, link);
}

struct fs_type *fs_type_find(const char *name)
{
	struct fs_type *type;

	for (type = fs_type_next(NULL); type; type = fs_type_next(type))
		if (strcmp(type->name, name) == 0)
			return type;
	return NULL;
}

/* The instance that a mount of type on dev shares, or NULL. */
static struct super *find_locked(const struct fs_type *type, const struct blockdev *dev)
{
	struct super *s;

	list_for_each_entry(s, &supers, link)
		if (dev ? s->dev == dev : type->single && s->type == type)
			return s;
	return NULL;
}

/* What stat(2) calls the device: its number, or one of its own for an instance without. */
static uint32_t device_id(const struct blockdev *dev)
{
	return dev ? dev->major << 8 | dev->minor : atomic_add_return(&anonymous_devs, 1);
}

/* s may be NULL. */
static void super_free(struct super *s, struct blockdev *dev)
{
	if (dev)
		block_release(dev);
	kfree(s);
}

static int super_create(struct fs_type *type, struct blockdev *dev, const char *options,
			uint32_t flags, struct super **out)
{
	struct super *s = kzalloc(sizeof(*s));
	struct inode *root;
	int err;

	if (dev && !block_claim(dev)) {
		kfree(s);
		return -EBUSY;
	}
	if (!s) {
		super_free(s, dev);
		return -ENOMEM;
	}
	s->refs = 1;
	s->type = type;
	s->dev = dev;
	s->dev_id = device_id(dev);
	s->flags = flags;
	s->block_size = PAGE_SIZE;
	s->max_bytes = FILEMAP_MAX_BYTES;
	mutex_init(&s->rename_lock, "rename", RANK_INODE);
	err = type->mount(s, options, &root);
	if (err) {
		super_free(s, dev);
		return err;
	}
	s->root = dentry_create_root(root, "");
	if (!s->root) {
		if (s->ops->destroy)
			s->ops->destroy(s);
		super_free(s, dev);
		return -ENOMEM;
	}
	list_add_tail(&supers, &s->link);
	*out = s;
	return 0;
}

int super_open(struct fs_type *type, struct blockdev *dev, const char *options, uint32_t flags,
	       struct super **out)
{
	struct super *s;
	int err = 0;

	mutex_lock(&super_mutex);
	s = find_locked(type, dev);
	if (!s) {
		err = super_create(type, dev, options, flags, out);
	} else if (s->type != type || ((s->flags ^ flags) & SUPER_RDONLY && dev)) {
		err = -EBUSY;
	} else {
		s->refs++;
		*out = s;
	}
	mutex_unlock(&super_mutex);
	return err;
}

void super_put(struct super *s)
{
	mutex_lock(&super_mutex);
	if (--s->refs == 0) {
		list_remove(&s->link);
		atomic_or(&s->flags, SUPER_RDONLY);
		super_sync(s);
		dcache_shrink(s);
		ASSERT(s->root->refs == 1);
		dentry_put(s->root);
		if (s->dev)
			inode_await_none(s);
		if (s->ops->destroy)
			s->ops->destroy(s);
		super_free(s, s->dev);
	}
	mutex_unlock(&super_mutex);
}

int super_sync(struct super *s)
{
	int err = writeback_inodes(s);
	int sync_err = s->ops->sync ? s->ops->sync(s) : 0;
	int dev_err = s->dev ? block_sync(s->dev) : 0;

	if (!err)
		err = sync_err;
	return err ? err : dev_err;
}

/* Errors stay with the files, to be told to those who ask for one of them. */
void super_sync_all(void)
{
	struct super *s;

	mutex_lock(&super_mutex);
	writeback_inodes(NULL);
	list_for_each_entry(s, &supers, link)
		if (s->ops->sync)
			s->ops->sync(s);
	mutex_unlock(&super_mutex);
	for (struct blockdev *dev = block_next(NULL); dev; dev = block_next(dev))
		block_sync(dev);
}

void super_stop_all(void)
{
	struct super *s;

	mutex_lock(&super_mutex);
	list_for_each_entry(s, &supers, link)
		atomic_or(&s->flags, SUPER_RDONLY);
	mutex_unlock(&super_mutex);
	super_sync_all();
}

int super_set_readonly(struct super *s, bool readonly)
{
	uint32_t before = atomic_load(&s->flags);
	int err;

	if (!readonly && s->dev && s->dev->read_only)
		return -EROFS;
	/* Before the look at who writes, so that nobody begins to after it. */
	if (readonly)
		atomic_or(&s->flags, SUPER_RDONLY);
	else
		atomic_and(&s->flags, ~SUPER_RDONLY);
	err = readonly && atomic_load(&s->writers) > 0 ? -EBUSY : super_sync(s);
	if (err && !(before & SUPER_RDONLY))
		atomic_and(&s->flags, ~SUPER_RDONLY);
	else if (err)
		atomic_or(&s->flags, SUPER_RDONLY);
	return err;
}
