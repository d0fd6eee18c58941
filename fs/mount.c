/* mount.c: see mount.h. */
#include "fs/mount.h"

#include "drivers/block.h"
#include "fs/dcache.h"
#include "fs/inode.h"
#include "fs/path.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/stat.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"
#include "mm/kmalloc.h"

static struct mutex mount_mutex = MUTEX_INIT(mount_mutex, RANK_PROC);
static struct list mounts = LIST_INIT(mounts);
static struct mount *root_mount;
static uint32_t last_id;

/* The last reference is the table's, so dropping one never ends the mount. */
void mount_put(struct mount *m)
{
	spin_lock(&dcache_lock);
	ASSERT(m->refs > 1);
	m->refs--;
	spin_unlock(&dcache_lock);
}

struct mount *mount_over_locked(const struct path *p)
{
	struct mount *m;

	if (!(p->dentry->flags & DENTRY_MOUNTED))
		return NULL;
	list_for_each_entry(m, &mounts, link)
		if (m->parent == p->mount && m->mountpoint == p->dentry)
			return m;
	return NULL;
}

bool path_of_inode(const struct inode *inode, struct path *out)
{
	struct dentry *d = dentry_find_by_inode(inode);
	struct mount *m, *found = NULL;

	if (!d)
		return false;
	spin_lock(&dcache_lock);
	list_for_each_entry(m, &mounts, link)
		if (m->super == d->super)
			found = m;
	if (found) {
		*out = (struct path){found, d};
		path_get_locked(out);
	}
	spin_unlock(&dcache_lock);
	dentry_put(d);
	return found;
}

/* ---- the table ---- */

/* A mount of s, in no table. Takes over the reference on s on success. NULL: out of memory. */
static struct mount *mount_alloc(struct super *s, const char *source)
{
	struct mount *m = kzalloc(sizeof(*m));

	if (!m)
		return NULL;
	m->source = kstrdup(source);
	if (!m->source) {
		kfree(m);
		return NULL;
	}
	m->refs = 1;
	m->id = atomic_add_return(&last_id, 1);
	m->super = s;
	list_init(&m->link);
	return m;
}

static void mount_free(struct mount *m)
{
	super_put(m->super);
	kfree(m->source);
	kfree(m);
}

struct mount *mount_create_nameless(struct super *s)
{
	return mount_alloc(s, "none");
}

struct mount *mount_next(struct mount *prev)
{
	struct list *next;
	struct mount *m = NULL;

	spin_lock(&dcache_lock);
	next = prev ? prev->link.next : mounts.next;
	if (next != &mounts) {
		m = list_entry(next, struct mount, link);
		m->refs++;
	}
	spin_unlock(&dcache_lock);
	if (prev)
		mount_put(prev);
	return m;
}

void vfs_root(struct path *out)
{
	struct path root = {root_mount, root_mount->super->root};

	*out = path_get(&root);
}

/* Put m over target, whose references become the mount's. -ENOTDIR, -ENOENT or -EBUSY otherwise. */
static int mount_attach(struct mount *m, struct path *target)
{
	struct inode *dir = target->dentry->inode;
	int err = 0;

	if (!S_ISDIR(dir->mode))
		return -ENOTDIR;
	mutex_lock(&dir->lock); /* Against rmdir. */
	if (dir->nlink == 0)
		err = -ENOENT;
	spin_lock(&dcache_lock);
	if (!err && path_is_mount_root(target) && target->mount->super == m->super)
		err = -EBUSY; /* The same thing over itself. */
	if (!err) {
		m->parent = target->mount;
		m->mountpoint = target->dentry;
		target->dentry->flags |= DENTRY_MOUNTED;
		list_add_tail(&mounts, &m->link);
	}
	spin_unlock(&dcache_lock);
	mutex_unlock(&dir->lock);
	return err;
}

/* ---- mount(2) ---- */

/* The block device that source names. 0 or -errno. */
static int find_device(struct fs_context *ctx, const char *source, struct blockdev **out)
{
	struct lookup from = {.ctx = ctx};
	struct path p;
	uint32_t rdev;
	int err = path_lookup(&from, source, LOOKUP_FOLLOW, &p);

	if (err)
		return err;
	rdev = p.dentry->inode->rdev;
	if (!S_ISBLK(p.dentry->inode->mode))
		err = -ENOTBLK;
	path_put(&p);
	if (err)
		return err;
	*out = block_find_number(rdev >> 8 & 0xFFFu, rdev & 0xFFu);
	return *out ? block_revalidate(*out) : -ENXIO;
}

static int remount(const struct path *target, uint32_t flags)
{
	if (!path_is_mount_root(target))
		return -EINVAL;
	return super_set_readonly(target->mount->super, flags & MS_RDONLY);
}

static int mount_new(struct fs_type *type, struct blockdev *dev, const char *source,
		     const struct path *target, uint32_t flags, const char *options)
{
	struct path at = path_get(target);
	struct super *s;
	struct mount *m;
	int err = super_open(type, dev, options, flags & MS_RDONLY ? SUPER_RDONLY : 0, &s);

	if (err)
		goto out;
	m = mount_alloc(s, source);
	if (!m) {
		super_put(s);
		err = -ENOMEM;
		goto out;
	}
	mutex_lock(&mount_mutex);
	path_enter_mounts(&at);
	err = mount_attach(m, &at);
	mutex_unlock(&mount_mutex);
	if (err)
		mount_free(m);
out:
	if (err)
		path_put(&at);
	return err;
}

#define MS_UNSUPPORTED (MS_BIND | MS_MOVE | MS_PRIVATE | MS_SLAVE | MS_SHARED | MS_UNBINDABLE)

int vfs_mount(struct fs_context *ctx, const char *source, const struct path *target,
	      const char *type_name, uint32_t flags, const char *options)
{
	struct blockdev *dev = NULL;
	struct fs_type *type;
	int err;

	if ((flags & MS_MGC_MSK) == MS_MGC_VAL)
		flags &= ~MS_MGC_MSK;
	if (flags & MS_REMOUNT)
		return remount(target, flags);
	if (flags & MS_UNSUPPORTED)
		return -EINVAL;
	type = fs_type_find(type_name);
	if (!type)
		return -ENODEV;
	if (type->needs_device) {
		err = find_device(ctx, source, &dev);
		if (err)
			return err;
	}
	return mount_new(type, dev, source, target, flags, options);
}

/* True when another mount shows the same instance. dcache_lock held. */
static bool super_has_other_mount(const struct mount *m)
{
	const struct mount *other;

	list_for_each_entry(other, &mounts, link)
		if (other != m && other->super == m->super)
			return true;
	return false;
}

/* Take m out of the table unless somebody uses it: files, working directories, mounts upon it, or
 * mappings of files that are closed. mount_mutex held. */
static int mount_detach(struct mount *m)
{
	int err = 0;

	spin_lock(&dcache_lock);
	if (m == root_mount || m->refs > 1 ||
	    (atomic_load(&m->super->mapped) && !super_has_other_mount(m)))
		err = -EBUSY;
	else
		list_remove(&m->link);
	spin_unlock(&dcache_lock);
	return err;
}

/* Something may still be mounted on the same dentry, seen through another mount of its super. */
static void mountpoint_release(struct dentry *d)
{
	struct mount *m;
	bool used = false;

	spin_lock(&dcache_lock);
	list_for_each_entry(m, &mounts, link)
		used |= m->mountpoint == d;
	if (!used)
		d->flags &= ~DENTRY_MOUNTED;
	spin_unlock(&dcache_lock);
}

int vfs_umount(struct path *target)
{
	struct mount *m = target->mount;
	struct path covered;
	int err;

	if (!path_is_mount_root(target)) {
		path_put(target);
		return -EINVAL;
	}
	super_sync(m->super);
	mutex_lock(&mount_mutex);
	/* Our own reference must not count as use. The mutex keeps others from ending m now. */
	path_put(target);
	err = mount_detach(m);
	mutex_unlock(&mount_mutex);
	if (err)
		return err;
	covered = (struct path){m->parent, m->mountpoint};
	mountpoint_release(covered.dentry);
	path_put(&covered);
	mount_free(m);
	return 0;
}

/* ---- the root ---- */

static int mount_dev(void)
{
	struct lookup from = {.ctx = NULL};
	struct path p;
	int err = path_lookup(&from, "/dev", LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &p);

	if (err)
		return err;
	err = vfs_mount(NULL, "devtmpfs", &p, "devtmpfs", 0, "");
	path_put(&p);
	return err;
}

int vfs_mount_root(struct blockdev *cd)
{
	struct super *s;
	int err;

	if (!cd)
		return -ENODEV;
	err = super_open(fs_type_find("iso9660"), cd, "", SUPER_RDONLY, &s);
	if (err)
		return err;
	root_mount = mount_alloc(s, "/dev/root");
	if (!root_mount) {
		super_put(s);
		return -ENOMEM;
	}
	list_add_tail(&mounts, &root_mount->link);
	log("vfs: root is iso9660 on %s\n", cd->name);
	return mount_dev();
}
