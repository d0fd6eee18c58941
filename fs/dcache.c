/* dcache.c: see dcache.h. */
#include "fs/dcache.h"

#include "fs/inode.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/stat.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "mm/kmalloc.h"
#include "mm/pageout.h"

#define HASH_BITS 10

struct spinlock dcache_lock = SPINLOCK_INIT("dcache", RANK_LEAF);
static struct list hash[1u << HASH_BITS];
static struct list lru = LIST_INIT(lru); /* Unused, the longest unused first. */
static uint32_t lru_count;

KMEM_CACHE(dentry_cache, struct dentry);

/* FNV-1a over the name, mixed with the directory. */
static uint32_t name_hash(const struct dentry *dir, const char *name, uint32_t len)
{
	uint32_t h = 2166136261u ^ (uint32_t)dir;

	for (uint32_t i = 0; i < len; i++)
		h = (h ^ (uint8_t)name[i]) * 16777619u;
	return h;
}

static struct list *hash_chain(uint32_t h)
{
	struct list *chain = &hash[(h ^ h >> 16) & ((1u << HASH_BITS) - 1)];

	if (!chain->next)
		list_init(chain);
	return chain;
}

/* ---- one dentry ---- */

static void dentry_free(struct dentry *d)
{
	if (d->name != d->inline_name)
		kfree(d->name);
	kmem_cache_free(&dentry_cache, d);
}

/* With one reference, its own parent, in no hash. NULL: out of memory. */
static struct dentry *dentry_alloc(struct super *s, const char *name, uint32_t len)
{
	struct dentry *d = kmem_cache_zalloc(&dentry_cache);

	if (!d)
		return NULL;
	d->name = len < DENTRY_INLINE_NAME ? d->inline_name : kmalloc(len + 1);
	if (!d->name) {
		kmem_cache_free(&dentry_cache, d);
		return NULL;
	}
	memcpy(d->name, name, len);
	d->name[len] = '\0';
	d->len = len;
	d->refs = 1;
	d->super = s;
	d->parent = d;
	list_init(&d->hash_link);
	list_init(&d->lru_link);
	return d;
}

struct dentry *dentry_create_root(struct inode *inode, const char *name)
{
	struct dentry *d = dentry_alloc(inode->super, name, strlen(name));

	if (!d) {
		inode_put(inode);
		return NULL;
	}
	d->inode = inode;
	d->flags = DENTRY_ROOT;
	return d;
}

/* ---- references ---- */

void dentry_get_locked(struct dentry *d)
{
	if (d->refs++ == 0 && !list_empty(&d->lru_link)) {
		list_remove(&d->lru_link);
		lru_count--;
	}
}

static void unhash_locked(struct dentry *d)
{
	if (d->flags & DENTRY_HASHED) {
		d->flags &= ~DENTRY_HASHED;
		list_remove(&d->hash_link);
	}
}

/* Drop one reference. True when the dentry is to be destroyed: names that can go without our doing
 * (processes) are not kept unused. */
static bool put_locked(struct dentry *d)
{
	ASSERT(d->refs > 0);
	if (--d->refs > 0)
		return false;
	if (d->super->flags & SUPER_VOLATILE)
		unhash_locked(d);
	if (!(d->flags & DENTRY_HASHED))
		return true;
	list_add_tail(&lru, &d->lru_link);
	lru_count++;
	return false;
}

/* Take the longest unused dentry (of s or below parent, if given) out of all lists; NULL when there
 * is none. */
static struct dentry *lru_take_locked(const struct super *s, const struct dentry *parent)
{
	struct dentry *d;

	list_for_each_entry(d, &lru, lru_link) {
		if ((s && d->super != s) || (parent && d->parent != parent))
			continue;
		list_remove(&d->lru_link);
		lru_count--;
		unhash_locked(d);
		return d;
	}
	return NULL;
}

/* End a dentry that nobody can reach. Its parent may follow, and that one's; so in a loop. */
static void dentry_destroy(struct dentry *d)
{
	bool more = true;

	while (more) {
		struct dentry *parent = d->parent;

		inode_put(d->inode);
		more = false;
		if (parent != d) {
			spin_lock(&dcache_lock);
			more = put_locked(parent);
			spin_unlock(&dcache_lock);
		}
		dentry_free(d);
		d = parent;
	}
}

void dentry_put(struct dentry *d)
{
	struct dentry *surplus = NULL;
	bool destroy;

	if (!d)
		return;
	spin_lock(&dcache_lock);
	destroy = put_locked(d);
	if (!destroy && lru_count > DCACHE_UNUSED_MAX)
		surplus = lru_take_locked(NULL, NULL);
	spin_unlock(&dcache_lock);
	if (destroy)
		dentry_destroy(d);
	if (surplus)
		dentry_destroy(surplus);
}

/* How many it were, at most so many. */
static uint32_t forget_unused(const struct super *s, const struct dentry *parent, uint32_t most)
{
	struct dentry *d;
	uint32_t n = 0;

	do {
		spin_lock(&dcache_lock);
		d = lru_take_locked(s, parent);
		spin_unlock(&dcache_lock);
		if (d)
			dentry_destroy(d);
	} while (d && ++n < most);
	return n;
}

void dcache_shrink(struct super *s)
{
	forget_unused(s, NULL, UINT32_MAX);
}

/* Unused names keep inodes, and these the pages of files. */
static uint32_t shrink_count(void)
{
	return atomic_load(&lru_count);
}

static void shrink(uint32_t want)
{
	forget_unused(NULL, NULL, want);
}

void dcache_init(void)
{
	static struct shrinker shrinker = {.count = shrink_count, .shrink = shrink};

	shrinker_register(&shrinker);
}

void dentry_forget_children(struct dentry *dir)
{
	forget_unused(NULL, dir, UINT32_MAX);
}

/* ---- names ---- */

static struct dentry *find_locked(const struct dentry *dir, uint32_t h, const char *name,
				  uint32_t len)
{
	struct dentry *d;

	list_for_each_entry(d, hash_chain(h), hash_link)
		if (d->hash == h && d->parent == dir && d->len == len &&
		    memcmp(d->name, name, len) == 0)
			return d;
	return NULL;
}

struct dentry *dcache_lookup(struct dentry *dir, const char *name, uint32_t len)
{
	uint32_t h = name_hash(dir, name, len);
	struct dentry *d;

	spin_lock(&dcache_lock);
	d = find_locked(dir, h, name, len);
	if (d)
		dentry_get_locked(d);
	spin_unlock(&dcache_lock);
	if (d && d->inode && d->inode->ops->valid && !d->inode->ops->valid(d->inode)) {
		dentry_unhash(d);
		dentry_put(d);
		d = NULL;
	}
	return d;
}

struct dentry *dentry_find_by_inode(const struct inode *inode)
{
	struct dentry *d, *found = NULL;

	spin_lock(&dcache_lock);
	for (uint32_t i = 0; i < ARRAY_SIZE(hash) && !found; i++) {
		if (!hash[i].next)
			continue;
		list_for_each_entry(d, &hash[i], hash_link)
			if (d->inode == inode)
				found = d;
	}
	if (found)
		dentry_get_locked(found);
	spin_unlock(&dcache_lock);
	return found;
}

static void hash_locked(struct dentry *d)
{
	d->hash = name_hash(d->parent, d->name, d->len);
	d->flags |= DENTRY_HASHED;
	list_add_head(hash_chain(d->hash), &d->hash_link);
}

/* Enter a new dentry below dir; it takes a reference on dir. */
static void dentry_enter(struct dentry *d, struct dentry *dir)
{
	spin_lock(&dcache_lock);
	dentry_get_locked(dir);
	d->parent = dir;
	hash_locked(d);
	spin_unlock(&dcache_lock);
}

int dentry_lookup_locked(struct dentry *dir, const char *name, uint32_t len, struct dentry **out)
{
	struct inode *inode = NULL;
	struct dentry *d;
	int err;

	ASSERT(mutex_is_held(&dir->inode->lock));
	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	*out = dcache_lookup(dir, name, len);
	if (*out)
		return 0;
	if (dir->inode->nlink == 0)
		return -ENOENT;
	d = dentry_alloc(dir->super, name, len);
	if (!d)
		return -ENOMEM;
	/* In a tree that is not ours to change, a name that is absent cannot be made either. */
	err = dir->inode->ops->lookup(dir->inode, name, len, &inode);
	if (err && (err != -ENOENT || dir->super->flags & SUPER_VOLATILE)) {
		dentry_free(d);
		return err;
	}
	d->inode = err ? NULL : inode;
	dentry_enter(d, dir);
	*out = d;
	return 0;
}

void dentry_instantiate(struct dentry *d, struct inode *inode)
{
	ASSERT(!d->inode);
	spin_lock(&dcache_lock);
	d->inode = inode;
	spin_unlock(&dcache_lock);
}

void dentry_unhash(struct dentry *d)
{
	spin_lock(&dcache_lock);
	unhash_locked(d);
	spin_unlock(&dcache_lock);
}

/* ---- moving ---- */

int dentry_move_prepare(const struct dentry *target, char **storage)
{
	*storage = NULL;
	if (target->len < DENTRY_INLINE_NAME)
		return 0;
	*storage = kmalloc(target->len + 1);
	return *storage ? 0 : -ENOMEM;
}

void dentry_move_cancel(char *storage)
{
	kfree(storage);
}

void dentry_move(struct dentry *d, struct dentry *target, char *storage)
{
	char *old_name = d->name == d->inline_name ? NULL : d->name;
	struct dentry *old_parent = d->parent;

	spin_lock(&dcache_lock);
	unhash_locked(d);
	unhash_locked(target);
	d->name = storage ? storage : d->inline_name;
	memcpy(d->name, target->name, target->len + 1);
	d->len = target->len;
	d->parent = target->parent;
	dentry_get_locked(d->parent);
	hash_locked(d);
	spin_unlock(&dcache_lock);
	kfree(old_name);
	dentry_put(old_parent);
}

bool dentry_is_ancestor(struct dentry *a, struct dentry *b)
{
	spin_lock(&dcache_lock);
	while (b != a && b->parent != b)
		b = b->parent;
	spin_unlock(&dcache_lock);
	return a == b;
}
