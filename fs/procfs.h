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
 * A file's text is made when it is first read and stays the same for that open file until it is
 * read from position 0 again, so that a reader in small pieces sees one consistent text.
 *
 * Every function of these tables may sleep (the current process is the reader) and is called
 * without locks, except that owner, alive, files and link are called with a directory's lock
 * (RANK_INODE) held.
 */
#pragma once

#include "fs/text.h"
#include "fs/vfs.h"

struct fdtable;
struct procfs_entry;

/* A file of the whole system. */
struct procfs_entry {
	const char *path; /* "meminfo", "sys/vm/check": folders come by themselves. */
	uint32_t mode;	  /* Permission bits; 0: 0444, or 0644 with a store. */
	int (*show)(struct text *t, const struct procfs_entry *e);

	/* What one write(2) wrote, terminated, at most PROCFS_STORE_MAX bytes. 0 or -errno. NULL:
	 * -EACCES. */
	int (*store)(const struct procfs_entry *e, const char *text, size_t len);

	const char *target; /* Not NULL: a symbolic link to this. */
	void *arg;	    /* The owner's own. */

	uint32_t ino; /* procfs's own, all below. */
	struct procfs_dir *dir;
	const char *name;
	struct list link;
};

#define PROCFS_STORE_MAX 4095u

/* Add a file for good, before or after mounting. A path that is there already is a kernel bug:
 * panics. */
void procfs_register(struct procfs_entry *e);

/* A file of each process, /proc/PID/name. */
struct procfs_pid_file {
	const char *name;
	uint32_t mode; /* Permission bits; 0: 0444, or 0644 with a store. */

	/* 0; -ESRCH when the process is gone by now; other errors reach the reader. */
	int (*show)(struct text *t, int32_t pid);
	int (*store)(int32_t pid, const char *text, size_t len); /* As above. */
};

enum procfs_link {
	PROCFS_EXE,
	PROCFS_CWD,
	PROCFS_ROOT,
};

/* What procfs asks of the process layer. */
struct procfs_pid_ops {
	int32_t (*next)(int32_t from); /* The smallest pid >= from; 0: none. */
	int32_t (*self)(void);	       /* The current process; 0 for a kernel thread. */

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
