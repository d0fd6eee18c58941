/*
 * test_writeback.c: dirty inodes of a file system that counts its writes: each is written once, by
 * age or on demand, when its last reference goes, or never when it was deleted; an error leaves it
 * dirty; who asks while another writes waits for him.
 */

#include "fs/inode.h"
#include "fs/filemap.h"
#include "fs/writeback.h"
#include "kernel/abi/errno.h"
#include "kernel/proc.h"
#include "mm/kmalloc.h"
#include "tests/kernel/selftest.h"

static uint32_t pages_written, inodes_written;
static bool broken, slow;
static struct waitq release = WAITQ_INIT(release);

static int count_read(struct backing *b, struct frame *const *f, uint32_t n)
{
	(void)b;
	backing_zero_from(f, n, 0);
	return 0;
}

static int count_write(struct backing *b, struct frame *const *f, uint32_t n)
{
	(void)b;
	(void)f;
	waitq_wait_event(&release, !atomic_load(&slow), 0);
	if (broken)
		return -EIO;
	atomic_add(&pages_written, n);
	return 0;
}

static int count_inode(struct inode *inode)
{
	(void)inode;
	atomic_inc(&inodes_written);
	return 0;
}

static struct inode *alloc_inode(struct super *s)
{
	(void)s;
	return kzalloc(sizeof(struct inode));
}

static void free_inode(struct inode *inode)
{
	kfree(inode);
}

static const struct super_ops super_ops = {
	.alloc = alloc_inode,
	.free = free_inode,
	.write_inode = count_inode,
};

static const struct backing_ops backing_ops = {
	.read = count_read,
	.write = count_write,
	.dirtied = inode_backing_dirtied,
	.sync = filemap_sync,
	.get = inode_backing_get,
	.put = inode_backing_put,
};

static struct super super = {.ops = &super_ops};

/* A file with one page that is dirty. NULL: failed, and told. */
static struct inode *dirty_file(void)
{
	struct inode *inode = inode_alloc(&super, 1, &backing_ops);
	struct frame *f;

	atomic_store(&pages_written, 0);
	atomic_store(&inodes_written, 0);
	EXPECT(inode != NULL);
	if (!inode)
		return NULL;
	inode_set_size(inode, PAGE_SIZE);
	EXPECT_EQ(cache_get(&inode->backing, 0, &f), 0);
	cache_dirty(f);
	frame_put(f);
	return inode;
}

static void expect_written(uint32_t times)
{
	EXPECT_EQ(atomic_load(&pages_written), times);
	EXPECT_EQ(atomic_load(&inodes_written), times);
}

static void written_once(void)
{
	struct inode *inode = dirty_file();

	if (!inode)
		return;
	inode_mark_dirty(inode);
	EXPECT_EQ(writeback_inodes(&super), 0);
	expect_written(1);
	EXPECT_EQ(writeback_inodes(&super), 0);
	expect_written(1);
	inode_put(inode);
	expect_written(1);
}

static void attributes_alone(void)
{
	struct inode *inode = dirty_file();

	if (!inode)
		return;
	writeback_inodes(&super);
	inode_touch(inode, INODE_MTIME);
	EXPECT_EQ(writeback_inodes(&super), 0);
	EXPECT_EQ(atomic_load(&pages_written), 1);
	EXPECT_EQ(atomic_load(&inodes_written), 2);
	inode_put(inode);
}

static void last_reference_writes(void)
{
	inode_put(dirty_file());
	expect_written(1);
}

static void deleted_is_not_written(void)
{
	struct inode *inode = dirty_file();

	if (!inode)
		return;
	inode->nlink = 0;
	EXPECT_EQ(writeback_inodes(&super), 0);
	expect_written(0);
	inode_put(inode);
	expect_written(0);
}

static void deleted_is_written_for_memory(void)
{
	struct inode *inode = dirty_file();

	if (!inode)
		return;
	inode->nlink = 0;
	writeback_all();
	expect_written(1);
	inode_put(inode);
}

static void error_leaves_it_dirty(void)
{
	struct inode *inode = dirty_file();

	if (!inode)
		return;
	broken = true;
	EXPECT_EQ(writeback_inodes(&super), -EIO);
	broken = false;
	EXPECT_EQ(atomic_load(&inode->backing.dirty_pages), 1);
	writeback_inodes(&super);
	EXPECT_EQ(atomic_load(&pages_written), 1);
	EXPECT_EQ(writeback_error(&inode->backing), -EIO); /* Told once, though all is well now. */
	EXPECT_EQ(writeback_error(&inode->backing), 0);
	inode_put(inode);
}

/* Have the flusher look every hundredth of a second at what is that old, or as always. */
static void flusher_set_fast(bool fast)
{
	vm_dirty_expire_centisecs = fast ? 1 : 3000;
	vm_dirty_writeback_centisecs = fast ? 1 : 500;
	writeback_wake();
}

static void flusher_writes_what_is_old(void)
{
	struct inode *inode = dirty_file();

	if (!inode)
		return;
	selftest_sleep_ms(50);
	expect_written(0);
	flusher_set_fast(true);
	selftest_sleep_ms(200);
	flusher_set_fast(false);
	expect_written(1);
	inode_put(inode);
}

static bool sync_done;

static void sync_thread(void *arg)
{
	(void)arg;
	writeback_inodes(&super);
	atomic_store(&sync_done, true);
	waitq_wake_all(&release);
}

/* The flusher has taken the inode off the list and is still writing. */
static void sync_waits_for_the_flusher(void)
{
	struct inode *inode = dirty_file();

	if (!inode)
		return;
	atomic_store(&slow, true);
	flusher_set_fast(true);
	selftest_sleep_ms(200);
	flusher_set_fast(false);
	EXPECT_EQ(inode->dirty_since, 0);
	atomic_store(&sync_done, false);
	EXPECT(kthread_create("sync", sync_thread, NULL) != NULL);
	selftest_sleep_ms(50);
	EXPECT(!atomic_load(&sync_done));
	atomic_store(&slow, false);
	waitq_wake_all(&release);
	waitq_wait_event(&release, atomic_load(&sync_done), 0);
	expect_written(1);
	inode_put(inode);
}

static const struct selftest_case cases[] = {
	{"written_once", written_once},
	{"attributes_alone", attributes_alone},
	{"last_reference_writes", last_reference_writes},
	{"deleted_is_not_written", deleted_is_not_written},
	{"deleted_is_written_for_memory", deleted_is_written_for_memory},
	{"error_leaves_it_dirty", error_leaves_it_dirty},
	{"flusher_writes_what_is_old", flusher_writes_what_is_old},
	{"sync_waits_for_the_flusher", sync_waits_for_the_flusher},
	{NULL, NULL},
};

extern const struct selftest_suite selftest_writeback;
const struct selftest_suite selftest_writeback = {"writeback", cases};
