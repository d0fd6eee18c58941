/*
 * vfs.h: the objects of the file layer and who owns what.
 *
 *	super	one mounted file system instance
 *	inode	one file, directory or device of it; holds the page cache of its contents
 *	dentry	one name in the tree: parent + name -> inode (or nothing: a negative entry)
 *	mount	a super's root put over a dentry
 *	path	(mount, dentry): a place in the tree as processes see it
 *	file	an open file: inode + position + flags, shared by dup and fork
 *
 * References: a file holds its path; a dentry holds its inode and its parent; an inode may live on in
 * the inode cache with no references. Whatever a function returns in *out or by "get" comes with a
 * reference the caller puts.
 *
 * Locks: inode->lock (RANK_INODE, sleeping) guards a directory's entries or a file's size and
 * contents against other writers; two directories (rename) are locked in address order, an ancestor first. The dentry
 * tree and reference counts are guarded by dcache_lock (RANK_LEAF, spinning).
 */
#pragma once

#include "kernel/sync/mutex.h"
#include "kernel/sync/poll.h"
#include "mm/backing.h"
#include "mm/uio.h"

#define NAME_MAX 255
#define PATH_MAX 4096
#define SYMLOOP_MAX 40

struct timespec64 {
	int64_t sec;
	int32_t nsec;
};

struct dentry;
struct file;
struct inode;
struct super;
struct mount;
struct file_ops;
struct statfs_info;
struct blockdev;

/* Receives one directory entry; false stops the walk (this entry was not taken). */
typedef bool (*dirent_fn)(void *ctx, const char *name, uint32_t len, uint64_t ino, uint8_t type,
			  loff_t next_pos);

/* What a file system does. Directories are locked by the caller. Names are not terminated. A NULL op
 * means -EPERM (changing) or -EINVAL. Read-only supers are refused before any op (-EROFS). */
struct inode_ops {
	int (*lookup)(struct inode *dir, const char *name, uint32_t len, struct inode **out);
	int (*create)(struct inode *dir, const char *name, uint32_t len, uint32_t mode, uint32_t rdev,
		      struct inode **out); /* Files, directories, devices, fifos: by the mode's type. */
	int (*symlink)(struct inode *dir, const char *name, uint32_t len, const char *target,
		       struct inode **out);
	int (*link)(struct inode *dir, const char *name, uint32_t len, struct inode *target);
	int (*unlink)(struct inode *dir, const char *name, uint32_t len, struct inode *victim);
	int (*rmdir)(struct inode *dir, const char *name, uint32_t len, struct inode *victim);
	/* Both directories locked; checks of type, emptiness and loops are done by the caller. */
	int (*rename)(struct inode *from, const char *name, uint32_t len, struct inode *victim,
		      struct inode *to, const char *new_name, uint32_t new_len, struct inode *target);
	ssize_t (*readlink)(struct inode *inode, char *buf, size_t size); /* Bytes, not terminated. */
	int (*readdir)(struct inode *dir, loff_t pos, dirent_fn fn, void *ctx);
	int (*truncate)(struct inode *inode, loff_t size); /* Locked; adjusts size and cache. */
	void (*dirty)(struct inode *inode);	/* Attributes changed: remember to write them. */
	int (*open)(struct inode *inode, struct file *file); /* May replace file->ops and set private. */
};

struct inode {
	uint32_t refs;
	uint64_t ino;
	struct super *super;
	const struct inode_ops *ops;
	const struct file_ops *file_ops;
	struct mutex lock;
	uint32_t mode; /* Type and permission bits, S_IF*. */
	uint32_t nlink, uid, gid;
	uint32_t rdev;		/* Devices: major << 8 | minor, Linux's 16-bit form. */
	uint32_t size_seq;	/* Odd while size changes: inode_size() reads both halves right. */
	loff_t size;
	struct timespec64 atime, mtime, ctime;
	struct backing backing;	/* The page cache of its contents. */
	uint32_t writers;	/* Open for writing; (uint32_t)-n: n programs run from it (-ETXTBSY). */
	struct list hash_link;	/* Inode cache. */
	struct list lru_link;
	void *private;		/* The file system's own. */
};

struct path {
	struct mount *mount;
	struct dentry *dentry;
};

struct file_ops {
	/* pos in and out; files that cannot seek ignore it. Bytes moved (short is fine) or -errno. */
	ssize_t (*read)(struct file *f, struct uio *u, loff_t *pos);
	ssize_t (*write)(struct file *f, struct uio *u, loff_t *pos);
	loff_t (*seek)(struct file *f, loff_t off, int whence); /* NULL: -ESPIPE. */
	int (*ioctl)(struct file *f, uint32_t cmd, uint32_t arg); /* NULL: -ENOTTY. */
	uint32_t (*poll)(struct file *f, struct poll_table *pt);  /* NULL: always ready. */
	int (*fsync)(struct file *f, bool data_only);		  /* NULL: -EINVAL. */
	void (*release)(struct file *f); /* Last reference gone. */
	/* The backing a mapping of this file shows; NULL op: -ENODEV. */
	struct backing *(*mmap)(struct file *f);
};

struct file {
	uint32_t refs;
	const struct file_ops *ops;
	struct path path;     /* Empty for pipes' and other nameless files' mount. */
	struct inode *inode;
	uint32_t flags;	      /* O_*: access mode and status flags; atomic for F_SETFL. */
	struct mutex pos_lock; /* RANK_PROC: taken before any inode. */
	loff_t pos;
	void *private;
};
