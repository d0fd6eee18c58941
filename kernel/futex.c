/*
 * futex.c: wait queues named by words of user memory.
 *
 * A word's key is its backing and place there when it is in shared memory, else its address space
 * and address; waiters hang in a hash table by key. Keys hold no references: a waiter whose memory
 * is unmapped and given to others may be woken for nothing, which futexes allow.
 *
 * Nobody may miss a wake-up: the word is compared under the bucket's lock, with the access that
 * does not sleep; a page that is not there is brought in with the lock dropped, and all is done
 * again.
 *
 * Locks: bucket->lock (RANK_LEAF) guards its list, and the fields of the waiters on it. Two buckets
 * are locked in the order of their addresses. A waiter takes its bucket's lock before it returns,
 * so that who wakes it under that lock may still touch it.
 */

#include "kernel/futex.h"

#include "arch/x86/clock.h"
#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/futex.h"
#include "kernel/abi/restart.h"
#include "kernel/futex_op.h"
#include "kernel/syscall.h"
#include "kernel/time.h"

#define BUCKETS 64u

struct futex_bucket {
	struct spinlock lock;
	struct list waiters; /* struct futex_waiter.link, oldest first */
};

static struct futex_bucket buckets[BUCKETS] = {
	[0 ... BUCKETS - 1] = {.lock = SPINLOCK_INIT("futex", RANK_LEAF)},
};

/* ---- keys ---- */

static int key_of(uint32_t va, bool is_private, struct futex_key *key)
{
	struct aspace *as = thread_current()->aspace;
	struct vma *v;

	if (va % sizeof(uint32_t))
		return -EINVAL;
	if (!user_range_ok(va, sizeof(uint32_t)))
		return -EFAULT;
	*key = (struct futex_key){as, va};
	if (is_private)
		return 0;
	rwlock_read_lock(&as->lock);
	v = vma_find(&as->vmas, va);
	if (v && v->flags & VM_SHARED && v->backing)
		*key = (struct futex_key){v->backing, va - v->start + (v->pgoff << PAGE_SHIFT)};
	rwlock_read_unlock(&as->lock);
	return v ? 0 : -EFAULT;
}

static bool key_equal(const struct futex_key *a, const struct futex_key *b)
{
	return a->space == b->space && a->offset == b->offset;
}

static struct futex_bucket *bucket_of(const struct futex_key *key)
{
	uint32_t hash = ((uint32_t)key->space >> 4) * 31 + (key->offset >> 2);

	return &buckets[hash % BUCKETS];
}

static void bucket_lock(struct futex_bucket *b)
{
	spin_lock(&b->lock);
	if (!b->waiters.next)
		list_init(&b->waiters);
}

/* Lock both, which may be the same. */
static void buckets_lock(struct futex_bucket *a, struct futex_bucket *b)
{
	struct futex_bucket *first = MIN(a, b), *second = MAX(a, b);

	bucket_lock(first);
	if (first == second)
		return;
	spin_lock_nested(&second->lock);
	if (!second->waiters.next)
		list_init(&second->waiters);
}

static void buckets_unlock(struct futex_bucket *a, struct futex_bucket *b)
{
	spin_unlock(&MAX(a, b)->lock);
	if (a != b)
		spin_unlock(&MIN(a, b)->lock);
}

/* ---- waking ---- */

static void wake_locked(struct futex_waiter *w)
{
	list_remove(&w->link);
	w->woken = true;
	thread_wake(w->thread);
}

static int32_t wake_key(const struct futex_key *key, uint32_t count, uint32_t bitset)
{
	struct futex_bucket *b = bucket_of(key);
	struct futex_waiter *w, *next;
	uint32_t woken = 0;

	bucket_lock(b);
	list_for_each_entry_safe(w, next, &b->waiters, link) {
		if (woken == count)
			break;
		if (!key_equal(&w->key, key) || !(w->bitset & bitset))
			continue;
		wake_locked(w);
		woken++;
	}
	spin_unlock(&b->lock);
	return (int32_t)woken;
}

int32_t futex_wake(uint32_t va, uint32_t count)
{
	struct futex_key key;
	int err = key_of(va, false, &key);

	return err ? err : wake_key(&key, count, FUTEX_BITSET_MATCH_ANY);
}

/* ---- waiting ---- */

/* Put w on its bucket if the word still has the value. 0, -EAGAIN, -EFAULT. */
static int enqueue_if_equal(struct futex_waiter *w, uint32_t va, uint32_t value)
{
	for (;;) {
		uint32_t seen;

		bucket_lock(w->bucket);
		if (copy_from_user_nofault(&seen, (const void __user *)va, sizeof(seen)) == 0) {
			if (seen == value)
				list_add_tail(&w->bucket->waiters, &w->link);
			spin_unlock(&w->bucket->lock);
			return seen == value ? 0 : -EAGAIN;
		}
		spin_unlock(&w->bucket->lock);
		if (get_user_u32(&seen, (const void __user *)va))
			return -EFAULT;
	}
}

/* Take w off whatever bucket it is on by now. True when it had been woken. */
static bool dequeue(struct futex_waiter *w)
{
	for (;;) {
		struct futex_bucket *b = atomic_load(&w->bucket);
		bool woken;

		bucket_lock(b);
		if (b == w->bucket) {
			woken = w->woken;
			list_remove(&w->link);
			spin_unlock(&b->lock);
			return woken;
		}
		spin_unlock(&b->lock); /* Requeued in between. */
	}
}

/* Sleep until woken. 0, -EINTR, -ETIMEDOUT. */
static int sleep_on(const struct futex_waiter *w, uint64_t deadline)
{
	int err = 0;

	while (!err) {
		thread_sleep_prepare(THREAD_SLEEPING_INTERRUPTIBLE);
		if (atomic_load(&w->woken))
			break;
		err = thread_sleep(deadline);
	}
	thread_sleep_cancel();
	return err;
}

/* deadline: clock_now() time, 0 for none. */
static int32_t wait_on(uint32_t va, bool is_private, uint32_t value, uint64_t deadline,
		       uint32_t bitset)
{
	struct futex_waiter *w = &task_current()->futex;
	int err;

	if (bitset == 0)
		return -EINVAL;
	*w = (struct futex_waiter){.bitset = bitset, .thread = thread_current()};
	err = key_of(va, is_private, &w->key);
	if (err)
		return err;
	list_init(&w->link);
	w->bucket = bucket_of(&w->key);
	err = enqueue_if_equal(w, va, value);
	if (err)
		return err;
	err = sleep_on(w, deadline);
	if (dequeue(w))
		return 0;
	return err != -EINTR ? err : deadline ? -EINTR : -ERESTARTSYS;
}

/* ---- requeueing ---- */

struct requeue {
	struct futex_key from, to;
	uint32_t wake, move; /* At most so many. */
};

/* Within its list a waiter stays where it is: at the end it would be met again, and if both
 * words are one, again and again. */
static void move_locked(struct futex_waiter *w, const struct futex_key *key,
			struct futex_bucket *to)
{
	w->key = *key;
	if (w->bucket == to)
		return;
	list_remove(&w->link);
	list_add_tail(&to->waiters, &w->link);
	atomic_store(&w->bucket, to);
}

static int32_t requeue_locked(const struct requeue *r, struct futex_bucket *from,
			      struct futex_bucket *to)
{
	struct futex_waiter *w, *next;
	uint32_t woken = 0, moved = 0;

	list_for_each_entry_safe(w, next, &from->waiters, link) {
		if (!key_equal(&w->key, &r->from))
			continue;
		if (woken < r->wake) {
			wake_locked(w);
			woken++;
		} else if (moved < r->move) {
			move_locked(w, &r->to, to);
			moved++;
		} else {
			break;
		}
	}
	return (int32_t)(woken + moved);
}

/* expected: the value the first word must have; NULL for any. */
static int32_t requeue(uint32_t va, const struct requeue *r, const uint32_t *expected)
{
	struct futex_bucket *from = bucket_of(&r->from), *to = bucket_of(&r->to);

	for (;;) {
		uint32_t seen = 0;
		bool missing;
		int32_t result = -EAGAIN;

		buckets_lock(from, to);
		missing = expected &&
			  copy_from_user_nofault(&seen, (const void __user *)va, sizeof(seen)) != 0;
		if (!missing && (!expected || seen == *expected))
			result = requeue_locked(r, from, to);
		buckets_unlock(from, to);
		if (!missing)
			return result;
		if (get_user_u32(&seen, (const void __user *)va))
			return -EFAULT;
	}
}

static int32_t op_requeue(uint32_t va, uint32_t va2, bool is_private, uint32_t wake, uint32_t move,
			  const uint32_t *expected)
{
	struct requeue r = {.wake = wake, .move = move};
	int err = key_of(va, is_private, &r.from);

	if (!err)
		err = key_of(va2, is_private, &r.to);
	if (!err && ((int32_t)wake < 0 || (int32_t)move < 0))
		err = -EINVAL;
	return err ? err : requeue(va, &r, expected);
}

/* ---- changing a word and waking ---- */

/*
 * Change the second word, wake waiters of the first, and of the second if the comparison holds of what it
 * was. No lock is needed from the change to the waking: who comes to wait in between sees the new value.
 */
static int32_t op_wake(uint32_t va, uint32_t va2, bool is_private, uint32_t count, uint32_t count2,
		       uint32_t code)
{
	struct futex_key key, key2;
	uint32_t old;
	int32_t woken;
	int err = key_of(va, is_private, &key);

	if (!err)
		err = key_of(va2, is_private, &key2);
	if (!err)
		err = futex_op_compare(code, 0) < 0 ? -ENOSYS : futex_op_change(va2, code, &old);
	if (err)
		return err;
	woken = wake_key(&key, MAX(count, 1), FUTEX_BITSET_MATCH_ANY);
	if (futex_op_compare(code, (int32_t)old))
		woken += wake_key(&key2, MAX(count2, 1), FUTEX_BITSET_MATCH_ANY);
	return woken;
}

/* ---- the call ---- */

/* The timeout of this operation as clock_now() time; *deadline 0 for none. */
static int deadline_of(uint32_t op, uint32_t timeout_user, bool time64, uint64_t *deadline)
{
	uint32_t command = op & FUTEX_CMD_MASK;
	uint64_t ns, wall;
	int err;

	*deadline = 0;
	if (!timeout_user || (command != FUTEX_WAIT && command != FUTEX_WAIT_BITSET))
		return 0;
	err = time_from_user(&ns, timeout_user, time64);
	if (err)
		return err;
	wall = op & FUTEX_CLOCK_REALTIME ? realtime_now() : clock_now();
	if (command == FUTEX_WAIT_BITSET)
		ns = ns > wall ? ns - wall : 0;
	*deadline = MAX(time_after(ns), 1);
	return 0;
}

static int32_t futex(uint32_t va, uint32_t op, uint32_t value, uint64_t deadline, uint32_t count2,
		     uint32_t va2, uint32_t value3)
{
	bool is_private = op & FUTEX_PRIVATE_FLAG;
	struct futex_key key;
	int err;

	if (op & FUTEX_CLOCK_REALTIME && (op & FUTEX_CMD_MASK) != FUTEX_WAIT_BITSET)
		return -ENOSYS;
	switch (op & FUTEX_CMD_MASK) {
	case FUTEX_WAIT:
		return wait_on(va, is_private, value, deadline, FUTEX_BITSET_MATCH_ANY);
	case FUTEX_WAIT_BITSET:
		return wait_on(va, is_private, value, deadline, value3);
	case FUTEX_WAKE:
		value3 = FUTEX_BITSET_MATCH_ANY;
		/* fall through */
	case FUTEX_WAKE_BITSET:
		if (value3 == 0)
			return -EINVAL;
		err = key_of(va, is_private, &key);
		return err ? err : wake_key(&key, MAX(value, 1), value3);
	case FUTEX_REQUEUE:
		return op_requeue(va, va2, is_private, value, count2, NULL);
	case FUTEX_CMP_REQUEUE:
		return op_requeue(va, va2, is_private, value, count2, &value3);
	case FUTEX_WAKE_OP:
		return op_wake(va, va2, is_private, value, count2, value3);
	default:
		return -ENOSYS;
	}
}

int32_t sys_futex(uint32_t va, uint32_t op, uint32_t value, uint32_t timeout, uint32_t va2,
		  uint32_t value3, bool time64)
{
	uint64_t deadline;
	int err = deadline_of(op, timeout, time64, &deadline);

	return err ? err : futex(va, op, value, deadline, timeout, va2, value3);
}
