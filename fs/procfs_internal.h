/* procfs_internal.h: what the parts of procfs share: the fixed tree, the processes, open files. */
#pragma once

#include "fs/inode.h"
#include "fs/procfs.h"

/* What an inode of procfs shows. */
enum procfs_kind {
	PROCFS_DIR,	 /* A folder of the fixed tree. */
	PROCFS_ENTRY,	 /* A registered file or link. */
	PROCFS_PID_DIR,	 /* Or a thread's. */
	PROCFS_TASK_DIR, /* /proc/PID/task. */
	PROCFS_PID_FILE, /* index into the table's entries. */
	PROCFS_PID_LINK, /* index is an enum procfs_link. */
	PROCFS_FD_DIR,
	PROCFS_FD_LINK, /* index is the descriptor. */
};

struct procfs_inode {
	struct inode inode;
	enum procfs_kind kind;
	struct procfs_dir *dir;
	const struct procfs_entry *entry;
	struct procfs_who who;
	uint32_t index;
};

static inline struct procfs_inode *procfs_of(struct inode *inode)
{
	return container_of(inode, struct procfs_inode, inode);
}

/* A new inode with one reference; the caller fills in what kind needs. NULL: out of memory. */
struct inode *procfs_inode_make(struct super *s, enum procfs_kind kind, uint64_t ino,
				uint32_t mode);

extern const struct procfs_pid_ops *procfs_pids; /* NULL until handed down. */

/* Numbers of processes' inodes begin here, one block of this size for each pid. */
#define PROCFS_PID_INOS 0x10000u

/* The root's part that is not fixed: name as a pid, and the listing from position pos on (positions
 * of pids begin at PROCFS_PID_INOS). */
int procfs_pid_lookup(struct inode *root, const char *name, uint32_t len, struct inode **out);
void procfs_pid_readdir(loff_t pos, dirent_fn fn, void *ctx);

/* What inode_ops.truncate of all files of /proc does: nothing. */
int procfs_truncate(struct inode *inode, loff_t size);

/* Of all files of /proc. */
extern const struct file_ops procfs_file_ops;

/* The ops of an inode of a process. */
const struct inode_ops *procfs_pid_inode_ops(enum procfs_kind kind);

/* The root of the current process, with references. */
void procfs_current_root(struct path *out);
