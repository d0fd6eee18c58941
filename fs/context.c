/* context.c: see context.h. */
#include "fs/context.h"

#include "fs/dcache.h"
#include "fs/mount.h"
#include "mm/kmalloc.h"

#define UMASK_DEFAULT 022u

KMEM_CACHE(context_cache, struct fs_context);

/* Takes over the references of both. */
static struct fs_context *context_alloc(struct path root, struct path cwd, uint32_t umask)
{
	struct fs_context *c = kmem_cache_alloc(&context_cache);

	if (!c) {
		path_put(&root);
		path_put(&cwd);
		return NULL;
	}
	*c = (struct fs_context){.refs = 1, .root = root, .cwd = cwd, .umask = umask};
	spin_init(&c->lock, "fs_context", RANK_POLICY);
	return c;
}

struct fs_context *fs_context_create(const struct path *root)
{
	return context_alloc(path_get(root), path_get(root), UMASK_DEFAULT);
}

/* dcache_lock comes after the context's lock: nobody can drop the path before we have a
 * reference. */
static void context_read(struct fs_context *c, const struct path *which, struct path *out)
{
	spin_lock(&c->lock);
	*out = path_get(which);
	spin_unlock(&c->lock);
}

void fs_context_root(struct fs_context *c, struct path *out)
{
	context_read(c, &c->root, out);
}

void fs_context_cwd(struct fs_context *c, struct path *out)
{
	context_read(c, &c->cwd, out);
}

struct fs_context *fs_context_fork(struct fs_context *c)
{
	struct path root, cwd;

	fs_context_root(c, &root);
	fs_context_cwd(c, &cwd);
	return context_alloc(root, cwd, atomic_load(&c->umask));
}

struct fs_context *fs_context_get(struct fs_context *c)
{
	atomic_inc(&c->refs);
	return c;
}

void fs_context_put(struct fs_context *c)
{
	if (!c || atomic_dec_return(&c->refs) > 0)
		return;
	path_put(&c->root);
	path_put(&c->cwd);
	kmem_cache_free(&context_cache, c);
}

static void context_write(struct fs_context *c, struct path *which, const struct path *p)
{
	struct path old;

	spin_lock(&c->lock);
	old = *which;
	*which = *p;
	spin_unlock(&c->lock);
	path_put(&old);
}

void fs_context_set_root(struct fs_context *c, const struct path *p)
{
	context_write(c, &c->root, p);
}

void fs_context_set_cwd(struct fs_context *c, const struct path *p)
{
	context_write(c, &c->cwd, p);
}
