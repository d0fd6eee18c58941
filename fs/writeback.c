/*
 * writeback.c: the list of dirty inodes, and the flusher.
 *
 *	clean -> on the list since dirty_since -> taken off by a writer -> written
 *
 * A writer takes an inode off before it writes: what changes meanwhile puts it on again, at the end,
 * so that the list is sorted by age. A page that could not be written does so too, and the error is
 * remembered until somebody asks for the file to be written: he is told, once. The list holds no
 * reference. An inode whose last one is gone is written by whoever dropped it and stays on the list
 * until then, for others to wait for; so does one that was deleted while it is open.
 *
 * The flusher wakes up from time to time and writes what is old enough, and down to the background
 * limit what is over it; then the pages of block devices, which hold the metadata, in the same way.
 *
 * Locks: dirty_lock (RANK_LEAF) guards the list. write_mutex (RANK_PROC, nested in super.c's) is
 * held by who walks the list, so that who comes second waits for what the first has taken off.
 */
#include "fs/writeback.h"

#include "arch/x86/clock.h"
#include "drivers/block.h"
#include "fs/inode.h"
#include "kernel/abi/errno.h"
#include "mm/pmm.h"

#define NSEC_PER_CENTISEC 10000000ull

/* Linux's (Documentation/admin-guide/sysctl/vm.rst). */
uint32_t vm_dirty_ratio = 20, vm_dirty_background_ratio = 10;
uint32_t vm_dirty_writeback_centisecs = 500, vm_dirty_expire_centisecs = 3000;

static struct spinlock dirty_lock = SPINLOCK_INIT("dirty_inodes", RANK_LEAF);
static struct list dirty_inodes = LIST_INIT(dirty_inodes); /* Oldest first. */
static struct mutex write_mutex = MUTEX_INIT(write_mutex, RANK_PROC);
static struct waitq forgotten = WAITQ_INIT(forgotten);
static struct waitq work = WAITQ_INIT(work);
static const struct inode *being_written; /* Atomic: by whoever walks the list. NULL: none. */
static bool wanted;			  /* Atomic: the flusher shall look now. */

/* ---- the list ---- */

void inode_mark_dirty(struct inode *inode)
{
	if (!inode->super->ops->write_inode)
		return;
	spin_lock(&dirty_lock);
	if (!inode->dirty_since) {
		inode->dirty_since = clock_now();
		list_add_tail(&dirty_inodes, &inode->dirty_link);
	}
	spin_unlock(&dirty_lock);
}

void inode_backing_dirtied(struct backing *b)
{
	inode_mark_dirty(inode_of_backing(b));
}

static void take_off_locked(struct inode *inode)
{
	list_remove(&inode->dirty_link);
	inode->dirty_since = 0;
}

void writeback_forget(struct inode *inode)
{
	spin_lock(&dirty_lock);
	if (inode->dirty_since)
		take_off_locked(inode);
	spin_unlock(&dirty_lock);
	waitq_wake_all(&forgotten);
}

/* The oldest inode of s that is dirty since before, off the list, with a reference. NULL: none. */
static struct inode *dirty_take(const struct super *s, uint64_t before, bool deleted_too)
{
	struct inode *inode, *found = NULL;

	spin_lock(&dirty_lock);
	list_for_each_entry(inode, &dirty_inodes, dirty_link) {
		if (inode->dirty_since > before)
			break;
		if ((s && inode->super != s) || (inode->nlink == 0 && !deleted_too) ||
		    !atomic_inc_not_zero(&inode->refs))
			continue;
		take_off_locked(inode);
		found = inode;
		atomic_store(&being_written, inode);
		break;
	}
	spin_unlock(&dirty_lock);
	return found;
}

/* Written: the reference goes, and the inode may end. */
static void dirty_put(struct inode *inode)
{
	inode_put(inode);
	atomic_store(&being_written, NULL);
	waitq_wake_all(&forgotten);
}

void writeback_wait(const struct inode *inode)
{
	waitq_wait_event(&forgotten, atomic_load(&being_written) != inode, 0);
}

/* Has everybody who drops a last reference in s written what was dirty since before? */
static bool none_ending(const struct super *s, uint64_t before)
{
	const struct inode *inode;
	bool none = true;

	spin_lock(&dirty_lock);
	list_for_each_entry(inode, &dirty_inodes, dirty_link)
		none = none && (inode->dirty_since > before || (s && inode->super != s) ||
				atomic_load(&inode->refs) > 0);
	spin_unlock(&dirty_lock);
	return none;
}

/* ---- writing ---- */

int writeback_pages(struct backing *b)
{
	int err = cache_flush(b);

	if (err)
		atomic_store(&b->write_error, err);
	return err;
}

int writeback_error(struct backing *b)
{
	return atomic_xchg(&b->write_error, 0);
}

int inode_write(struct inode *inode)
{
	int err = writeback_pages(&inode->backing);
	int attr_err = inode->super->ops->write_inode ? inode->super->ops->write_inode(inode) : 0;

	if (attr_err)
		inode_mark_dirty(inode);
	return err ? err : attr_err;
}

int writeback_inodes(struct super *s)
{
	uint64_t start = clock_now();
	struct inode *inode;
	int first_err = 0;

	mutex_lock_nested(&write_mutex);
	while ((inode = dirty_take(s, start, false)) != NULL) {
		int err = inode_write(inode);

		dirty_put(inode);
		if (!first_err)
			first_err = err;
	}
	mutex_unlock(&write_mutex);
	waitq_wait_event(&forgotten, none_ending(s, start), 0);
	return first_err;
}

/* ---- limits ---- */

/* Free memory and cached files are what dirty pages may take a share of. */
static uint32_t share(const uint32_t *percent)
{
	return (frame_free_count() + cache_frames()) / 100 * atomic_load(percent);
}

static bool over_background(void)
{
	return cache_dirty_frames() > share(&vm_dirty_background_ratio);
}

void writeback_wake(void)
{
	atomic_store(&wanted, true);
	waitq_wake_all(&work);
}

/* The writer who exceeds the limit works it off himself. He needs no signal when to go on, and a
 * disk that fails cannot hold him for ever. */
void writeback_balance(struct backing *b)
{
	if (!b->ops->write || !over_background())
		return;
	writeback_wake();
	if (cache_dirty_frames() > share(&vm_dirty_ratio))
		writeback_pages(b);
}

/* ---- the flusher ---- */

static uint64_t expire_ns(void)
{
	return atomic_load(&vm_dirty_expire_centisecs) * NSEC_PER_CENTISEC;
}

/* What is older than age, and the oldest of the rest while there is too much. */
static void flush_inodes(uint64_t age)
{
	uint64_t now = clock_now();
	struct inode *inode;
	bool over;

	do {
		over = over_background() || age == 0;
		inode = dirty_take(NULL, over ? now : now - MIN(now, age), over);
		if (inode) {
			inode_write(inode);
			dirty_put(inode);
		}
	} while (inode);
}

/* A device's age counts from when it is first seen dirty here. */
static void flush_devices(uint64_t age)
{
	uint64_t now = clock_now();

	for (struct blockdev *dev = block_next(NULL); dev; dev = block_next(dev)) {
		if (atomic_load(&dev->backing.dirty_pages) == 0) {
			dev->dirty_since = 0;
			continue;
		}
		if (!dev->dirty_since)
			dev->dirty_since = now;
		if (now - dev->dirty_since < age && !over_background())
			continue;
		dev->dirty_since = 0;
		writeback_pages(&dev->backing);
	}
}

static void flush(uint64_t age)
{
	mutex_lock(&write_mutex);
	flush_inodes(age);
	flush_devices(age);
	mutex_unlock(&write_mutex);
}

static uint64_t next_look(void)
{
	uint32_t pause = atomic_load(&vm_dirty_writeback_centisecs);

	return pause ? clock_now() + pause * NSEC_PER_CENTISEC : 0;
}

static void flusher(void *arg)
{
	(void)arg;
	thread_current()->frees_memory = true;
	for (;;) {
		uint64_t deadline = next_look();

		waitq_wait_event(&work, atomic_load(&wanted), deadline);
		atomic_store(&wanted, false);
		flush(expire_ns());
	}
}

void writeback_all(void)
{
	flush(0);
}

int writeback_init(struct thread *(*spawn)(const char *name, void (*fn)(void *), void *arg))
{
	return spawn("flush", flusher, NULL) ? 0 : -ENOMEM;
}
