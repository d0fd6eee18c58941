/*
 * filelock.c: see filelock.h.
 *
 * An inode's locks are a list in no order: there are few. The locks of one owner and kind never
 * overlap, and neighbours of one type are merged. A lock that must wait is entered in a global list with
 * the owner that stands in the way, so that a circle of waiters is found before it closes.
 *
 * Locks: filelock_lock (RANK_POLICY: entries are freed under it) guards all of it. Memory is taken
 * before.
 */
#include "fs/filelock.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/restart.h"
#include "mm/kmalloc.h"

enum lock_kind {
	KIND_RECORD, /* Owner: a process's struct fdtable. */
	KIND_FLOCK,  /* Owner: a struct file. */
};

struct filelock {
	struct list link; /* inode->locks */
	enum lock_kind kind;
	const void *owner;
	struct record_lock range;
	const void *blocker; /* On waiters: whom its owner waits for. */
};

static struct spinlock filelock_lock = SPINLOCK_INIT("filelock", RANK_POLICY);
static struct list waiters = LIST_INIT(waiters);
static struct waitq unlocked = WAITQ_INIT(unlocked);

KMEM_CACHE(filelock_cache, struct filelock);

static bool overlaps(const struct record_lock *a, const struct record_lock *b)
{
	return a->start <= b->end && b->start <= a->end;
}

/* The first lock of somebody else that stands in the way, or NULL. */
static struct filelock *find_conflict(struct inode *inode, enum lock_kind kind, const void *owner,
				      const struct record_lock *want)
{
	struct filelock *l;

	if (want->type == F_UNLCK)
		return NULL;
	list_for_each_entry(l, &inode->locks, link)
		if (l->kind == kind && l->owner != owner && overlaps(&l->range, want) &&
		    (l->range.type == F_WRLCK || want->type == F_WRLCK))
			return l;
	return NULL;
}

/* ---- putting a lock in ---- */

/* Room for what one change may need: the lock itself and the upper part of one that is cut in
 * two. */
struct spares {
	struct filelock *item[2];
};

static int spares_alloc(struct spares *s)
{
	s->item[0] = kmem_cache_alloc(&filelock_cache);
	s->item[1] = kmem_cache_alloc(&filelock_cache);
	return s->item[0] && s->item[1] ? 0 : -ENOMEM;
}

static void spares_free(struct spares *s)
{
	kmem_cache_free(&filelock_cache, s->item[0]);
	kmem_cache_free(&filelock_cache, s->item[1]);
}

static void lock_insert(struct inode *inode, struct spares *s, enum lock_kind kind,
			const void *owner, const struct record_lock *range)
{
	struct filelock *l = s->item[0] ? s->item[0] : s->item[1];

	s->item[l == s->item[0] ? 0 : 1] = NULL;
	*l = (struct filelock){.kind = kind, .owner = owner, .range = *range};
	list_add_tail(&inode->locks, &l->link);
}

static void lock_delete(struct filelock *l)
{
	list_remove(&l->link);
	kmem_cache_free(&filelock_cache, l);
}

/* Take range away from l, which it overlaps. */
static void lock_cut(struct inode *inode, struct filelock *l, const struct record_lock *range,
		     struct spares *s)
{
	struct record_lock upper = l->range;

	if (l->range.end > range->end && l->range.start < range->start) {
		upper.start = range->end + 1;
		l->range.end = range->start - 1;
		lock_insert(inode, s, l->kind, l->owner, &upper);
	} else if (l->range.end > range->end) {
		l->range.start = range->end + 1;
	} else if (l->range.start < range->start) {
		l->range.end = range->start - 1;
	} else {
		lock_delete(l);
	}
}

static bool can_merge(const struct record_lock *a, const struct record_lock *b)
{
	return a->type == b->type &&
	       (overlaps(a, b) || (a->end != INT64_MAX && a->end + 1 == b->start) ||
		(b->end != INT64_MAX && b->end + 1 == a->start));
}

/* The owner's locks become what they are with this change made; nobody stands in the way. */
static void lock_apply(struct inode *inode, enum lock_kind kind, const void *owner,
		       const struct record_lock *want, struct spares *s)
{
	struct record_lock merged = *want;
	struct filelock *l, *next;

	list_for_each_entry_safe(l, next, &inode->locks, link) {
		if (l->kind != kind || l->owner != owner)
			continue;
		if (can_merge(&l->range, &merged)) {
			merged.start = MIN(merged.start, l->range.start);
			merged.end = MAX(merged.end, l->range.end);
			lock_delete(l);
		} else if (overlaps(&l->range, want)) {
			lock_cut(inode, l, want, s);
		}
	}
	if (want->type != F_UNLCK)
		lock_insert(inode, s, kind, owner, &merged);
}

/* ---- waiting ---- */

/* Would owner, waiting for blocker, close a circle? Each owner is followed to what it waits for; no
 * more steps than there are waiters. */
static bool would_deadlock(const void *owner, const void *blocker)
{
	struct filelock *w;
	uint32_t steps = 0, limit = 0;
	bool found = true;

	list_for_each_entry(w, &waiters, link)
		limit++;
	while (found && blocker != owner && steps++ <= limit) {
		found = false;
		list_for_each_entry(w, &waiters, link) {
			if (w->owner == blocker) {
				blocker = w->blocker;
				found = true;
				break;
			}
		}
	}
	return blocker == owner;
}

/* Try once. 0, -EAGAIN with *blocker the owner in the way. */
static int lock_try(struct inode *inode, enum lock_kind kind, const void *owner,
		    const struct record_lock *want, struct spares *s, const void **blocker)
{
	struct filelock *conflict;

	spin_lock(&filelock_lock);
	conflict = find_conflict(inode, kind, owner, want);
	if (conflict)
		*blocker = conflict->owner;
	else
		lock_apply(inode, kind, owner, want, s);
	spin_unlock(&filelock_lock);
	if (conflict)
		return -EAGAIN;
	waitq_wake_all(&unlocked);
	return 0;
}

static bool is_free(struct inode *inode, enum lock_kind kind, const void *owner,
		    const struct record_lock *want)
{
	bool free;

	spin_lock(&filelock_lock);
	free = !find_conflict(inode, kind, owner, want);
	spin_unlock(&filelock_lock);
	return free;
}

/* Sleep until nobody stands in the way; w, which is nobody's yet, stands for the lock meanwhile. 0, -EDEADLOCK,
 * -ERESTARTSYS. */
static int wait_for_lock(struct filelock *w, struct inode *inode, enum lock_kind kind,
			 const void *owner, const struct record_lock *want, const void *blocker)
{
	bool circle;
	int err;

	w->owner = owner;
	w->blocker = blocker;
	spin_lock(&filelock_lock);
	circle = kind == KIND_RECORD && would_deadlock(owner, blocker);
	if (!circle)
		list_add_tail(&waiters, &w->link);
	spin_unlock(&filelock_lock);
	if (circle)
		return -EDEADLOCK;
	err = waitq_wait_event_interruptible(&unlocked, is_free(inode, kind, owner, want), 0);
	spin_lock(&filelock_lock);
	list_remove(&w->link);
	spin_unlock(&filelock_lock);
	return err ? -ERESTARTSYS : 0;
}

static int lock_set(struct inode *inode, enum lock_kind kind, const void *owner,
		    const struct record_lock *want, bool wait)
{
	const void *blocker;
	struct spares s;
	int err = spares_alloc(&s);

	while (!err) {
		err = lock_try(inode, kind, owner, want, &s, &blocker);
		if (err != -EAGAIN || !wait)
			break;
		err = wait_for_lock(s.item[0], inode, kind, owner, want, blocker);
	}
	spares_free(&s);
	return err;
}

/* ---- the two kinds ---- */

void filelock_test(struct inode *inode, struct fdtable *owner, struct record_lock *lock)
{
	struct filelock *l;

	spin_lock(&filelock_lock);
	l = find_conflict(inode, KIND_RECORD, owner, lock);
	if (l)
		*lock = l->range;
	else
		lock->type = F_UNLCK;
	spin_unlock(&filelock_lock);
}

int filelock_set(struct inode *inode, struct fdtable *owner, const struct record_lock *lock,
		 bool wait)
{
	return lock_set(inode, KIND_RECORD, owner, lock, wait);
}

int filelock_flock(struct file *f, int type, bool wait)
{
	struct record_lock all = {.start = 0, .end = INT64_MAX, .type = type};

	return lock_set(f->inode, KIND_FLOCK, f, &all, wait);
}

static void release(struct inode *inode, enum lock_kind kind, const void *owner)
{
	struct filelock *l, *next;
	bool any = false;

	if (list_empty(&inode->locks))
		return;
	spin_lock(&filelock_lock);
	list_for_each_entry_safe(l, next, &inode->locks, link) {
		if (l->kind == kind && l->owner == owner) {
			lock_delete(l);
			any = true;
		}
	}
	spin_unlock(&filelock_lock);
	if (any)
		waitq_wake_all(&unlocked);
}

void filelock_release_owner(struct inode *inode, struct fdtable *owner)
{
	release(inode, KIND_RECORD, owner);
}

void filelock_release_file(struct file *f)
{
	release(f->inode, KIND_FLOCK, f);
}
