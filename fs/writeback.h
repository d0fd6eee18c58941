/*
 * writeback.h: which inodes are newer than their disk, and writing them: by age, when there are too
 * many dirty pages, and when somebody asks.
 *
 * An inode is dirty from the first change of its attributes or of one of its pages until it has
 * been written. One that was deleted is only written when memory is short of clean pages.
 */
#pragma once

#include "fs/vfs.h"

struct thread;

/* Start the flusher; spawn is as for block_init. 0 or -ENOMEM. */
int writeback_init(struct thread *(*spawn)(const char *name, void (*fn)(void *), void *arg));

/* The inode differs from its disk from now on. Nothing happens in file systems without
 * super_ops->write_inode. Must hold a reference, may hold spinlocks above RANK_LEAF. */
void inode_mark_dirty(struct inode *inode);

/* The op "dirtied" of inodes' backings. */
void inode_backing_dirtied(struct backing *b);

/* Write the pages of b, and remember the error for writeback_error. 0 or the first one. May sleep. */
int writeback_pages(struct backing *b);

/* The error that writing b had since the last call, to be told to who asks for its being written. */
int writeback_error(struct backing *b);

/* Write the pages of inode to the disk and its attributes to their page in dev's cache. 0 or the
 * first error; what failed stays dirty. May sleep; must not hold a page BUSY. */
int inode_write(struct inode *inode);

/* Write what was dirty in s (NULL: everywhere) when it was called, as inode_write does, and wait
 * for what others write of it. 0 or the first error. May sleep. */
int writeback_inodes(struct super *s);

/* Wait until the flusher does not hold the inode, which has lost its last name: so the one who drops it has
 * its room back when he is done. May sleep, without locks. */
void writeback_wait(const struct inode *inode);

/* Write all that is dirty, deleted files too, to make it clean. May sleep. */
void writeback_all(void);

/* The end of an inode without references, which has been written or deleted. */
void writeback_forget(struct inode *inode);

/*
 * To be called by whoever makes pages of b dirty, without a page BUSY: above the background limit it
 * wakes the flusher, above the limit it writes those of b. May sleep.
 */
void writeback_balance(struct backing *b);

/* Look at the settings anew. */
void writeback_wake(void);

/* /proc/sys/vm: percent of the memory that files can have; hundredths of seconds. */
extern uint32_t vm_dirty_ratio, vm_dirty_background_ratio;
extern uint32_t vm_dirty_writeback_centisecs, vm_dirty_expire_centisecs;
