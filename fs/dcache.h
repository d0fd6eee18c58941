/*
 * dcache.h: the tree of names that were looked up: what a name means, without asking the file
 * system.
 *
 * A dentry is in the tree under its parent (a reference), found through a hash of parent and name.
 * It is positive (names an inode, a reference) or negative (that name does not exist). One that
 * nobody references waits in an LRU, bounded by DCACHE_UNUSED_MAX, for its next use. One that was
 * unlinked leaves the hash but keeps its inode for those who have it open.
 *
 * Locks: dcache_lock (RANK_LEAF) guards references, names, parents, hash and LRU. Entries of a
 * directory appear and go only with the directory's inode lock held, so who holds that sees them
 * stay as they are.
 */
#pragma once

#include "fs/vfs.h"

#define DCACHE_UNUSED_MAX 4096u
#define DENTRY_INLINE_NAME 28

#define DENTRY_HASHED 1u  /* Can be found by name. */
#define DENTRY_MOUNTED 2u /* Something is mounted here. */
#define DENTRY_ROOT 4u	  /* Has no name: a super's root. */

struct dentry {
	uint32_t refs;
	uint32_t flags; /* DENTRY_* */
	struct super *super;
	struct dentry *parent; /* Itself for roots and nameless ones. */
	struct inode *inode;   /* NULL: negative. Set once. */
	uint32_t hash;
	uint32_t len;
	char *name; /* Terminated; inline_name or kmalloc'd. */
	struct list hash_link, lru_link;
	char inline_name[DENTRY_INLINE_NAME];
};

extern struct spinlock dcache_lock;

/* A dentry that no directory has: a super's root (name ""), a pipe ("pipe:[7]"). Takes over the
 * caller's reference on inode, also when out of memory (NULL). */
struct dentry *dentry_create_root(struct inode *inode, const char *name);

void dentry_get_locked(struct dentry *d); /* The caller holds dcache_lock. */
void dentry_put(struct dentry *d);	  /* NULL is allowed. May sleep. */

/* The dentry of this name if the cache knows it and it still holds, with a reference; else NULL. */
struct dentry *dcache_lookup(struct dentry *dir, const char *name, uint32_t len);

/* Some name that leads to this inode, with a reference; NULL when the cache knows none. Looks at
 * all of them: for people who want to read a name, not for calls. */
struct dentry *dentry_find_by_inode(const struct inode *inode);

/* dcache_lookup, and asks the file system: positive or negative. dir's inode lock is held. 0 or
 * -errno (-ENAMETOOLONG, -EIO, -ENOMEM, -ENOENT in a removed directory). */
int dentry_lookup_locked(struct dentry *dir, const char *name, uint32_t len, struct dentry **out);

/* A negative dentry becomes positive. Takes over the reference on inode. dir's inode lock is
 * held. */
void dentry_instantiate(struct dentry *d, struct inode *inode);

/* The name is gone: nobody finds it any more. dir's inode lock is held, or it was never true. */
void dentry_unhash(struct dentry *d);

/* d takes the place and name of target, a dentry nobody will find any more. Both directories are
 * locked. Only the preparation (storage for the name, consumed by the move) can fail: -ENOMEM. */
int dentry_move_prepare(const struct dentry *target, char **storage);
void dentry_move_cancel(char *storage);
void dentry_move(struct dentry *d, struct dentry *target, char *storage);

void dcache_init(void); /* Once, at boot. */

/* Forget all unused dentries of s (NULL: of everybody). May sleep. */
void dcache_shrink(struct super *s);

/* dir was removed: forget the unused names in it (absent ones), which would keep it for nothing. */
void dentry_forget_children(struct dentry *dir);

/* True when a is b or stands above it. */
bool dentry_is_ancestor(struct dentry *a, struct dentry *b);
