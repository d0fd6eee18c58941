/* place.c: see place.h. */
#include "fs/place.h"

#include "fs/dcache.h"
#include "fs/mount.h"
#include "kernel/lib/string.h"

void path_get_locked(const struct path *p)
{
	p->mount->refs++;
	dentry_get_locked(p->dentry);
}

struct path path_get(const struct path *p)
{
	spin_lock(&dcache_lock);
	path_get_locked(p);
	spin_unlock(&dcache_lock);
	return *p;
}

void path_put(struct path *p)
{
	if (!p->mount)
		return;
	/* The dentry first: its super lives as long as the mount. */
	dentry_put(p->dentry);
	mount_put(p->mount);
	p->mount = NULL;
	p->dentry = NULL;
}

bool path_is_mount_root(const struct path *p)
{
	return p->dentry == p->mount->super->root;
}

/* Make p the place (mount, dentry). dcache_lock held; the caller puts *old after unlocking. */
static void path_replace(struct path *p, struct mount *mount, struct dentry *dentry,
			 struct path *old)
{
	*old = *p;
	p->mount = mount;
	p->dentry = dentry;
	path_get_locked(p);
}

void path_enter_mounts(struct path *p)
{
	struct path old;
	struct mount *m;

	do {
		old.mount = NULL;
		spin_lock(&dcache_lock);
		m = mount_over_locked(p);
		if (m)
			path_replace(p, m, m->super->root, &old);
		spin_unlock(&dcache_lock);
		path_put(&old);
	} while (m);
}

/* One step up as the tree is linked: to the parent, or to what the mount's root covers; *at keeps
 * no references. False at the top and at root. dcache_lock held. */
static bool step_up_locked(struct path *at, const struct path *root)
{
	if (at->mount == root->mount && at->dentry == root->dentry)
		return false;
	if (at->dentry->parent != at->dentry) {
		at->dentry = at->dentry->parent;
		return true;
	}
	if (!at->mount->parent)
		return false;
	at->dentry = at->mount->mountpoint;
	at->mount = at->mount->parent;
	return true;
}

void path_go_up(struct path *p, const struct path *root)
{
	struct path at = *p, old = {NULL, NULL};

	spin_lock(&dcache_lock);
	/* Out of every mount whose root we stand on, then one name up. */
	while (path_is_mount_root(&at) && step_up_locked(&at, root))
		;
	if (!path_is_mount_root(&at))
		step_up_locked(&at, root);
	path_replace(p, at.mount, at.dentry, &old);
	spin_unlock(&dcache_lock);
	path_put(&old);
	path_enter_mounts(p);
}

/* Put name in front of *at, and a slash in front of it if asked. False: no room above buf. */
static bool prepend(char *buf, char **at, const char *name, uint32_t len, bool slash)
{
	if ((size_t)(*at - buf) < len + slash)
		return false;
	*at -= len;
	memcpy(*at, name, len);
	if (slash)
		*--*at = '/';
	return true;
}

static bool is_same(const struct path *a, const struct path *b)
{
	return a->mount == b->mount && a->dentry == b->dentry;
}

char *path_name(const struct path *p, const struct path *root, char *buf, size_t size,
		bool *reachable, bool *deleted)
{
	char *at = buf + size - 1;
	struct path here = *p;
	bool fits = true, nameless = p->mount->super->flags & SUPER_NAMELESS;

	*at = '\0';
	spin_lock(&dcache_lock);
	*deleted = !(p->dentry->flags & (DENTRY_HASHED | DENTRY_ROOT));
	if (nameless)
		fits = prepend(buf, &at, p->dentry->name, p->dentry->len, false);
	while (!nameless && fits) {
		const struct dentry *d = here.dentry;

		if (d->parent != d && !is_same(&here, root))
			fits = prepend(buf, &at, d->name, d->len, true);
		if (!step_up_locked(&here, root))
			break;
	}
	*reachable = nameless || is_same(&here, root);
	spin_unlock(&dcache_lock);
	if (fits && !nameless && *at == '\0')
		fits = prepend(buf, &at, "", 0, true);
	return fits ? at : NULL;
}
