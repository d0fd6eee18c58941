/*
 * inode.c: the inode cache and what all inodes have in common.
 *
 * The cache is a hash by (super, number). An inode without references is no longer usable: it stays
 * in the hash only until its file system has written it back, so that nobody reads the old state
 * from the disk meanwhile; who finds it waits.
 *
 *	found by number:  FILLING -> READY -> (refs 0: being evicted, still in the hash) -> freed
 *
 * Locks: inode_lock (RANK_LEAF) guards the hash, state, and the step of refs to 0 of hashed inodes.
 */
#include "fs/inode.h"

#include "fs/caller.h"
#include "fs/writeback.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"

#define HASH_BITS 8
#define SECONDS_PER_DAY 86400

static struct spinlock inode_lock = SPINLOCK_INIT("inode_cache", RANK_LEAF);
static struct list hash[1u << HASH_BITS];
static struct waitq inode_wait = WAITQ_INIT(inode_wait); /* Filled, failed, left, freed. */

static struct list *hash_chain(const struct super *s, uint64_t ino)
{
	uint32_t key = ((uint32_t)ino ^ (uint32_t)(ino >> 32) ^ (uint32_t)s >> 4) * 2654435769u;
	struct list *chain = &hash[key >> (32 - HASH_BITS)];

	if (!chain->next)
		list_init(chain);
	return chain;
}

static struct inode *hash_lookup_locked(const struct super *s, uint64_t ino)
{
	struct inode *inode;

	list_for_each_entry(inode, hash_chain(s, ino), hash_link)
		if (inode->super == s && inode->ino == ino)
			return inode;
	return NULL;
}

struct inode *inode_alloc(struct super *s, uint64_t ino, const struct backing_ops *ops)
{
	struct inode *inode = s->ops->alloc(s);

	if (!inode)
		return NULL;
	atomic_inc(&s->inodes);
	inode->refs = 1;
	inode->ino = ino;
	inode->super = s;
	inode->nlink = 1;
	inode->atime = inode->mtime = inode->ctime = fs_now();
	mutex_init(&inode->lock, "inode", RANK_INODE);
	backing_init(&inode->backing, ops, 0);
	list_init(&inode->locks);
	list_init(&inode->hash_link);
	return inode;
}

/* s may be gone as soon as its last inode is. */
static void inode_free(struct inode *inode)
{
	struct super *s = inode->super;

	s->ops->free(inode);
	atomic_dec(&s->inodes);
	waitq_wake_all(&inode_wait);
}

void inode_await_none(struct super *s)
{
	waitq_wait_event(&inode_wait, atomic_load(&s->inodes) == 0, 0);
}

/* ---- found by number ---- */

/* The inode of this number with a reference when it can be used or waited for. *going: it is there
 * but on its way out. */
static struct inode *cache_lookup(struct super *s, uint64_t ino, bool *going)
{
	struct inode *inode;

	spin_lock(&inode_lock);
	inode = hash_lookup_locked(s, ino);
	*going = inode && !atomic_inc_not_zero(&inode->refs);
	spin_unlock(&inode_lock);
	return *going ? NULL : inode;
}

static bool cache_has_left(struct super *s, uint64_t ino)
{
	struct inode *inode;
	bool left;

	spin_lock(&inode_lock);
	inode = hash_lookup_locked(s, ino);
	left = !inode ||
	       atomic_load(&inode->refs) > 0; /* Only while locked is it there to look at. */
	spin_unlock(&inode_lock);
	return left;
}

/* Enter inode unless the number is taken by now. */
static bool cache_enter(struct inode *inode)
{
	bool free;

	spin_lock(&inode_lock);
	free = !hash_lookup_locked(inode->super, inode->ino);
	if (free) {
		inode->state = INODE_FILLING;
		list_add_head(hash_chain(inode->super, inode->ino), &inode->hash_link);
	}
	spin_unlock(&inode_lock);
	return free;
}

/* Wait until somebody else has filled it. */
static int await_filled(struct inode *inode)
{
	waitq_wait_event(&inode_wait, atomic_load(&inode->state) != INODE_FILLING, 0);
	return atomic_load(&inode->state) == INODE_READY ? 0 : -EIO;
}

int inode_find(struct super *s, uint64_t ino, const struct backing_ops *ops, struct inode **out,
	       bool *fresh)
{
	struct inode *inode;
	bool going;
	int err;

	*fresh = false;
	for (;;) {
		inode = cache_lookup(s, ino, &going);
		if (inode)
			break;
		if (going) {
			waitq_wait_event(&inode_wait, cache_has_left(s, ino), 0);
			continue;
		}
		inode = inode_alloc(s, ino, ops);
		if (!inode)
			return -ENOMEM;
		if (cache_enter(inode)) {
			*fresh = true;
			*out = inode;
			return 0;
		}
		inode_free(inode);
	}
	err = await_filled(inode);
	if (err)
		inode_put(inode);
	else
		*out = inode;
	return err;
}

static void cache_leave(struct inode *inode)
{
	spin_lock(&inode_lock);
	list_remove(&inode->hash_link);
	spin_unlock(&inode_lock);
	waitq_wake_all(&inode_wait);
}

void inode_filled(struct inode *inode, int err)
{
	if (err)
		cache_leave(inode);
	atomic_store(&inode->state, err ? INODE_FAILED : INODE_READY);
	waitq_wake_all(&inode_wait);
	if (err)
		inode_put(inode);
}

/* ---- the end ---- */

/* An inode that is not in the hash cannot be found any more once refs is 0; one that is can, and
 * the finder sees refs 0. So the step itself needs no lock. */
void inode_put(struct inode *inode)
{
	if (!inode || atomic_dec_return(&inode->refs) > 0)
		return;
	if (inode->dirty_since && inode->nlink > 0)
		inode_write(inode); /* The block layer has logged what was lost by an error. */
	if (inode->state == INODE_READY && inode->super->ops->evict)
		inode->super->ops->evict(inode);
	atomic_store(&inode->backing.size_pages, 0);
	cache_truncate(&inode->backing, 0);
	writeback_forget(inode);
	if (!list_empty(&inode->hash_link))
		cache_leave(inode);
	ASSERT(list_empty(&inode->locks) && !inode->pipe);
	inode_free(inode);
}

/* The inode after prev (NULL: the first) on a chain, with a reference; drops prev's. */
static struct inode *chain_next(struct list *chain, struct inode *prev)
{
	struct inode *found = NULL, *inode;
	struct list *at;

	spin_lock(&inode_lock);
	at = prev ? prev->hash_link.next : chain->next;
	for (; !found && at != chain; at = at->next) {
		inode = list_entry(at, struct inode, hash_link);
		if (atomic_inc_not_zero(&inode->refs))
			found = inode;
	}
	spin_unlock(&inode_lock);
	inode_put(prev);
	return found;
}

uint32_t inode_shrink_caches(uint32_t want)
{
	uint32_t dropped = 0;

	for (uint32_t i = 0; i < ARRAY_SIZE(hash); i++) {
		struct inode *inode = NULL;

		if (!hash[i].next)
			continue; /* Never used. */
		while ((inode = chain_next(&hash[i], inode)) != NULL)
			if (dropped < want)
				dropped += cache_shrink(&inode->backing, want - dropped);
	}
	return dropped;
}

void inode_backing_get(struct backing *b)
{
	struct inode *inode = inode_of_backing(b);

	atomic_inc(&inode->super->mapped);
	inode_get(inode);
}

void inode_backing_put(struct backing *b)
{
	struct inode *inode = inode_of_backing(b);
	struct super *s = inode->super;

	inode_put(inode);
	atomic_dec(&s->mapped);
}

/* ---- size and times ---- */

loff_t inode_size(const struct inode *inode)
{
	uint32_t seq;
	loff_t size;

	do {
		seq = atomic_load(&inode->size_seq);
		size = *(const volatile loff_t *)&inode->size;
	} while (seq & 1 || seq != atomic_load(&inode->size_seq));
	return size;
}

void inode_set_size(struct inode *inode, loff_t size)
{
	uint64_t pages = DIV_ROUND_UP((uint64_t)size, PAGE_SIZE);

	preempt_disable(); /* A reader that preempts us here would spin until we run again. */
	atomic_inc(&inode->size_seq);
	*(volatile loff_t *)&inode->size = size;
	atomic_inc(&inode->size_seq);
	preempt_enable();
	atomic_store(&inode->backing.size_pages, (uint32_t)MIN(pages, (uint64_t)UINT32_MAX));
}

void inode_touch(struct inode *inode, uint32_t which)
{
	struct timespec64 now = fs_now();

	if (which & INODE_ATIME)
		inode->atime = now;
	if (which & INODE_MTIME)
		inode->mtime = now;
	if (which & INODE_CTIME)
		inode->ctime = now;
	inode_mark_dirty(inode);
}

static bool is_later(struct timespec64 a, struct timespec64 b)
{
	return a.sec != b.sec ? a.sec > b.sec : a.nsec > b.nsec;
}

void inode_accessed(struct inode *inode)
{
	if (atomic_load(&inode->super->flags) & SUPER_RDONLY)
		return;
	if (is_later(inode->atime, inode->mtime) && is_later(inode->atime, inode->ctime) &&
	    fs_now().sec - inode->atime.sec < SECONDS_PER_DAY)
		return;
	inode_touch(inode, INODE_ATIME);
}

/* ---- locks ---- */

void inode_lock_two(struct inode *a, struct inode *b, bool nested)
{
	struct inode *first = a < b ? a : b, *second = a < b ? b : a;

	if (first && first != second) {
		if (nested)
			mutex_lock_nested(&first->lock);
		else
			mutex_lock(&first->lock);
		nested = true;
	}
	if (!second)
		return;
	if (nested)
		mutex_lock_nested(&second->lock);
	else
		mutex_lock(&second->lock);
}

void inode_unlock_two(struct inode *a, struct inode *b)
{
	if (a)
		mutex_unlock(&a->lock);
	if (b && b != a)
		mutex_unlock(&b->lock);
}

/* ---- writers against running programs ---- */

/* Add step to *count unless it has the other sign already. */
static int count_one_side(int32_t *count, int32_t step)
{
	int32_t seen = atomic_load(count);

	do {
		if ((seen > 0 && step < 0) || (seen < 0 && step > 0))
			return -ETXTBSY;
	} while (!atomic_cmpxchg(count, &seen, seen + step));
	return 0;
}

int inode_deny_write(struct inode *inode)
{
	return count_one_side(&inode->writers, -1);
}

void inode_allow_write(struct inode *inode)
{
	atomic_inc(&inode->writers);
}

int inode_get_write(struct inode *inode)
{
	int err = count_one_side(&inode->writers, 1);

	if (!err)
		atomic_inc(&inode->super->writers);
	return err;
}

void inode_put_write(struct inode *inode)
{
	atomic_dec(&inode->writers);
	atomic_dec(&inode->super->writers);
}
