/*
 * procfs.h: /proc. This layer knows how such a file system works; what the files say is registered
 * by the layers that know it.
 *
 *	static int show_uptime(struct text *t, const struct procfs_entry *e)
 *	{
 *		text_printf(t, "%u.%02u\n", ...);
 *		return 0;
 *	}
 *	static struct procfs_entry uptime = {.path = "uptime", .show = show_uptime};
 *	procfs_register(&uptime);
 *
 * A file's text is made as it is read, from position 0 on. What show makes stays the same for that
 * open file until it is read from 0 again, so that a reader in small pieces sees one consistent text.
 * A text without bound is made piece by piece, by step, and only the last piece is kept.
 *
 * Every function of these tables may sleep (the current process is the reader) and is called
 * without locks, except that owner, next_task, files and link are called with a directory's lock
 * (RANK_INODE) held.
 */
#pragma once

#include "fs/text.h"
#include "fs/vfs.h"

struct fdtable;
struct proc; /* The process layer's; here only handed through. */
struct procfs_entry;

/* A file of the whole system. */
struct procfs_entry {
	const char *path; /* "meminfo", "sys/vm/check": folders come by themselves. */
	uint32_t mode;	  /* Permission bits; 0: 0444, or 0644 with a store. */
	int (*show)(struct text *t, const struct procfs_entry *e);

	/* What one write(2) wrote, terminated, at most PROCFS_STORE_MAX bytes. 0 or -errno. NULL:
	 * -EIO. */
	int (*store)(const struct procfs_entry *e, const char *text);

	/* Instead of show, for what is no text: as file_ops.read. */
	ssize_t (*read)(const struct procfs_entry *e, struct uio *u, loff_t *pos);

	const char *target; /* Not NULL: a symbolic link to this. */
	void *arg;	    /* The owner's own. */

	uint32_t ino; /* procfs's own, all below. */
	struct procfs_dir *dir;
	const char *name;
	struct list link;
};

#define PROCFS_STORE_MAX 4095u

/* Add files for good, before or after mounting. A path that is there already is a kernel bug:
 * panics. */
void procfs_register(struct procfs_entry *e);
void procfs_register_all(struct procfs_entry *entries, uint32_t count);

/* Whose file it is. */
struct procfs_who {
	int32_t pid;
	int32_t tid;	/* Below /proc/PID/task, the thread; else 0. */
	uint64_t space; /* What open noted: the address space that the open file is about. */

	struct proc *proc; /* During a call of the functions below, with a reference. */
};

/* A file of each process and thread, /proc/PID/name and /proc/PID/task/TID/name. All functions: 0 (or
 * bytes) or -errno. The process may be a zombie. */
struct procfs_pid_file {
	const char *name;
	uint32_t mode; /* Permission bits; 0: 0444, or 0644 with a store. */

	/* May the current process open it? Notes in who what the others want to know. NULL: as the
	 * mode says. */
	int (*open)(struct procfs_who *who);

	/* One of these three makes it readable. step appends the piece at *cursor, which is 0 at first,
	 * and moves the cursor: 1 while there may be more. read is as file_ops.read. */
	int (*show)(struct text *t, const struct procfs_who *who);
	int (*step)(struct text *t, const struct procfs_who *who, uint32_t *cursor);
	ssize_t (*read)(const struct procfs_who *who, struct uio *u, loff_t *pos);

	/* One of these two makes it writable: as procfs_entry.store, as file_ops.write. */
	int (*store)(const struct procfs_who *who, const char *text);
	ssize_t (*write)(const struct procfs_who *who, struct uio *u, loff_t *pos);
};

enum procfs_link {
	PROCFS_EXE,
	PROCFS_CWD,
	PROCFS_ROOT,
};

/* What procfs asks of the process layer. */
struct procfs_pid_ops {
	/* The process with a reference; NULL: there is none. Zombies are still there. */
	struct proc *(*find)(int32_t pid);
	void (*put)(struct proc *p);

	int32_t (*next)(int32_t from); /* The smallest pid >= from; 0: none. */
	int32_t (*self)(void);	       /* The current process; 0 for a kernel thread. */

	/* The smallest number >= from of a living thread of pid; 0: none. */
	int32_t (*next_task)(int32_t pid, int32_t from);

	/* Whose process it is (effective ids). 0 or -ESRCH. Zombies are still there. */
	int (*owner)(int32_t pid, uint32_t *uid, uint32_t *gid);

	/* Where a link leads, with references. 0; -ENOENT when there is no such thing; -ESRCH. */
	int (*link)(int32_t pid, enum procfs_link which, struct path *out);

	/* The descriptors, with a reference; NULL when the process is gone or a zombie. */
	struct fdtable *(*files)(int32_t pid);

	const struct procfs_pid_file *entries;
	uint32_t entry_count;
};

/* Hand down the table, once, before /proc is used. */
void procfs_set_pid_ops(const struct procfs_pid_ops *ops);

/* The lines of /proc/mounts and of mountinfo, as seen from the current process's root: for the
 * files of these names in /proc/PID. */
int procfs_show_mounts(struct text *t);
int procfs_show_mountinfo(struct text *t);

/* Register the file system type. */
void procfs_init(void);
