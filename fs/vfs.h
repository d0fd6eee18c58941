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
 * References: a file holds its path; a dentry holds its inode and its parent; a mount holds the
 * dentry it covers and its super. A dentry without references stays in the dentry cache for a while
 * and keeps its inode there; an inode without references is written back and goes. Whatever a
 * function returns in *out or by "get" comes with a reference the caller puts.
 *
 * Locks, in the order they are taken:
 *	file->pos_lock		RANK_PROC: the position of a file that has one
 *	super->rename_lock	RANK_INODE: one rename between directories at a time
 *	inode->lock		RANK_INODE, nested: a directory's entries; a file's size and
 *				contents against other writers. Ancestors before descendants,
 *				directories before other files; two that are unrelated by address,
 *				under rename_lock or their parent's lock.
 *	dcache_lock		RANK_LEAF, spinning: the dentry tree, mounts, and their references
 * Reading a file takes no inode lock; its size is read by inode_size().
 */
#pragma once

#include "fs/readahead.h"
#include "kernel/sync/mutex.h"
#include "kernel/sync/poll.h"
#include "mm/backing.h"
#include "mm/uio.h"

#define NAME_MAX 255
#define PATH_MAX 4096 /* With the NUL. */
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
struct pipe;
struct path;
struct file_ops;
struct statfs_info;
struct blockdev;

/* Receives one directory entry; false stops the walk (this entry was not taken). type is the mode's
 * type bits >> 12 (DT_*), next_pos where a later walk goes on. */
typedef bool (*dirent_fn)(void *ctx, const char *name, uint32_t len, uint64_t ino, uint8_t type,
			  loff_t next_pos);

/* What a file system does. Directories are locked by the caller, victims too. Names are not
 * terminated. A NULL op means -EPERM (changing) or -EINVAL. Read-only supers are refused before any
 * op (-EROFS). */
struct inode_ops {
	/* -ENOENT: no such name. */
	int (*lookup)(struct inode *dir, const char *name, uint32_t len, struct inode **out);
	/* Files, directories, devices, fifos: by the mode's type. */
	int (*create)(struct inode *dir, const char *name, uint32_t len, uint32_t mode,
		      uint32_t rdev, struct inode **out);
	int (*symlink)(struct inode *dir, const char *name, uint32_t len, const char *target,
		       struct inode **out);
	int (*link)(struct inode *dir, const char *name, uint32_t len, struct inode *target);
	int (*unlink)(struct inode *dir, const char *name, uint32_t len, struct inode *victim);
	int (*rmdir)(struct inode *dir, const char *name, uint32_t len, struct inode *victim);
	/* Both directories locked; checks of type and loops are done by the caller, that of
	 * emptiness (-ENOTEMPTY) is the file system's. target may be NULL. */
	int (*rename)(struct inode *from, const char *name, uint32_t len, struct inode *victim,
		      struct inode *to, const char *new_name, uint32_t new_len,
		      struct inode *target);
	/* Bytes, not terminated. */
	ssize_t (*readlink)(struct inode *inode, char *buf, size_t size);
	/* A link that leads to a place, not to a name (/proc/PID/exe). Asked before readlink. */
	int (*follow)(struct inode *inode, struct path *out);
	/* Entries from pos on, without "." and "..": positions start at 2. */
	int (*readdir)(struct inode *dir, loff_t pos, dirent_fn fn, void *ctx);
	int (*truncate)(struct inode *inode, loff_t size); /* Locked; adjusts size and cache. */
	/* Room for bytes [off, end), growing the file unless keep_size; locked. NULL: -EOPNOTSUPP. */
	int (*allocate)(struct inode *inode, loff_t off, loff_t end, bool keep_size);
	/* Bytes [off, end) become zero and give their room back; locked. NULL: -EOPNOTSUPP. */
	int (*punch)(struct inode *inode, loff_t off, loff_t end);
	/* 512-byte units it takes. NULL: as its size says. */
	uint64_t (*blocks)(struct inode *inode);
	/* False: a cached name that leads here is no longer true. NULL: always true. May sleep. */
	bool (*valid)(struct inode *inode);
};

/* What an inode is waiting for. Guarded by inode.c's lock. */
enum inode_state {
	INODE_READY,
	INODE_FILLING, /* Entered in the cache, its file system is reading it. */
	INODE_FAILED,  /* Could not be read: whoever waited for it gives up. */
};

struct inode {
	uint32_t refs; /* Atomic. */
	uint64_t ino;
	struct super *super;
	const struct inode_ops *ops;
	const struct file_ops *file_ops;
	struct mutex lock;
	uint32_t mode;	/* Type and permission bits, S_IF*. */
	uint32_t nlink; /* 0 in a directory: it is removed, nothing can be made in it. */
	uint32_t uid, gid;
	uint32_t rdev;	   /* Devices: as Linux's mknod(2) and stat64 encode them. */
	uint32_t size_seq; /* Odd while size changes: inode_size() reads both halves right. */
	loff_t size;
	struct timespec64 atime, mtime, ctime;
	struct backing backing; /* The page cache of its contents. */
	int32_t writers;   /* Atomic. Open for writing; -n: n programs run from it (-ETXTBSY). */
	struct pipe *pipe; /* FIFOs, while open. Lock: pipe.c's. */
	struct list locks; /* struct filelock. Lock: filelock.c's. */
	enum inode_state state;
	struct list hash_link; /* Inode cache; on no list for those found by pointer. */
	/* Guarded by writeback.c's lock. */
	uint64_t dirty_since; /* clock_now(); 0: clean, and not on the list. */
	struct list dirty_link;
};

/* What a file system does as a whole. */
struct super_ops {
	/* Zeroed room for an inode; NULL: out of memory. */
	struct inode *(*alloc)(struct super *s);
	void (*free)(struct inode *inode);
	/* Copy the attributes to their page in the device's cache. May sleep; must not take
	 * inode->lock, whose holder may wait for the write. NULL: no inode is ever dirty. */
	int (*write_inode)(struct inode *inode);
	/* The last reference is gone, and what was dirty is written unless nlink is 0: then give
	 * the storage back. The page cache is dropped afterwards. NULL: nothing to do. May sleep. */
	void (*evict)(struct inode *inode);
	int (*statfs)(struct super *s, struct statfs_info *out);
	/* All inodes are written: bring what else is newer than the device to its cache. Where the
	 * device tells whether it is in use, SUPER_RDONLY says what it is to tell from now on.
	 * NULL: nothing to do. May sleep. */
	int (*sync)(struct super *s);
	void (*destroy)(struct super *s); /* All inodes are gone. NULL: nothing to do. */
	int (*show_options)(struct super *s, char *buf, size_t size); /* ",size=…"; NULL: none. */
};

#define SUPER_RDONLY 0x1u
#define SUPER_VOLATILE 0x2u /* Names come and go without our doing: remember only those in use. */
#define SUPER_NAMELESS 0x4u /* Not in the tree: its files are shown by their name alone. */

struct fs_type {
	const char *name;
	bool needs_device;
	bool single; /* All mounts show the same instance. */
	/* Fill in s (ops, private, …) and *root. 0 or -errno: -EINVAL when it is not ours. */
	int (*mount)(struct super *s, const char *options, struct inode **root);
	struct list link;
};

struct super {
	uint32_t refs; /* One per mount. Lock: super.c's. */
	const struct fs_type *type;
	const struct super_ops *ops;
	struct blockdev *dev; /* NULL: none. */
	uint32_t dev_id;      /* st_dev. */
	uint32_t flags;	      /* SUPER_*; atomic. */
	uint32_t block_size;
	loff_t max_bytes; /* Largest size of a file. */
	struct dentry *root;
	uint32_t mapped;  /* Atomic: references by mappings, which keep umount away. */
	uint32_t inodes;  /* Atomic: in memory. */
	uint32_t writers; /* Atomic: open files that may be written. */
	struct mutex rename_lock;
	void *private; /* The file system's own. */
	struct list link;
};

struct path {
	struct mount *mount;
	struct dentry *dentry;
};

struct file_ops {
	/* A file of this inode was opened: may replace f->ops and set f->private. May sleep, with
	 * no lock held. */
	int (*open)(struct file *f);
	/* pos in and out; files that cannot seek ignore it. Bytes moved, or -errno. */
	ssize_t (*read)(struct file *f, struct uio *u, loff_t *pos);
	ssize_t (*write)(struct file *f, struct uio *u, loff_t *pos);
	loff_t (*seek)(struct file *f, loff_t off, int whence);	  /* NULL: -ESPIPE. */
	int (*ioctl)(struct file *f, uint32_t cmd, uint32_t arg); /* NULL: -ENOTTY. */
	uint32_t (*poll)(struct file *f, struct poll_table *pt);  /* NULL: always ready. */
	int (*fsync)(struct file *f, bool data_only);		  /* NULL: -EINVAL. */
	void (*release)(struct file *f);			  /* Last reference gone. */
	/* The backing a mapping of this file shows; NULL op: -ENODEV. No reference of its own. */
	struct backing *(*mmap)(struct file *f);
	bool maps_anonymous; /* A mapping is anonymous memory; no mmap op. */
	/* pread and pwrite work, and the position is guarded by pos_lock. */
	bool positioned;
};

struct file {
	uint32_t refs;
	const struct file_ops *ops;
	struct path path; /* Pipes and their like have one too, in a mount that is in no tree. */
	struct inode *inode;
	uint32_t flags;	       /* O_*: access mode and status flags; atomic for F_SETFL. */
	struct mutex pos_lock; /* RANK_PROC: taken before any inode. */
	loff_t pos;
	struct readahead ra;
	void *private;
};

/* Who asks: what fs needs to know of the current process. */
struct fs_caller {
	uint32_t uid, gid;    /* The effective ones; access(2) uses the real ones. */
	uint32_t fsize_limit; /* RLIMIT_FSIZE, UINT32_MAX for none. */
};

/* What fs asks of the layers above. Without it everything is done by root at time 0. */
struct vfs_env {
	void (*caller)(struct fs_caller *out);
	bool (*in_group)(uint32_t gid); /* One of the supplementary groups. */
	void (*now)(struct timespec64 *out);
};

/* Hand down the table, once, before the first process. */
void vfs_set_env(const struct vfs_env *env);

/* Set the file layer up: caches and the file system types it knows. Once. */
void vfs_init(void);
