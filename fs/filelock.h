/*
 * filelock.h: advisory locks: POSIX record locks (fcntl) that belong to a process, and BSD locks
 * (flock) that belong to an open file.
 */
#pragma once

#include "fs/vfs.h"

struct fdtable;

/* A record lock as asked for or found. */
struct record_lock {
	loff_t start, end; /* [start, end], end INT64_MAX for "to the end of the file". */
	int type;	   /* F_RDLCK, F_WRLCK, F_UNLCK */
	int32_t pid;
};

/* F_GETLK: *lock becomes the first that stands in its way, or type F_UNLCK. */
void filelock_test(struct inode *inode, struct fdtable *owner, struct record_lock *lock);

/* F_SETLK, or F_SETLKW with wait. 0, -EAGAIN, -EDEADLK, -ERESTARTSYS, -ENOMEM. May sleep. */
int filelock_set(struct inode *inode, struct fdtable *owner, const struct record_lock *lock,
		 bool wait);

/* flock(2): type as above. 0, -EAGAIN, -ERESTARTSYS, -ENOMEM. May sleep. */
int filelock_flock(struct file *f, int type, bool wait);

/* A descriptor of the process was closed: its record locks on the file go. */
void filelock_release_owner(struct inode *inode, struct fdtable *owner);

/* The open file ends: its BSD lock goes. */
void filelock_release_file(struct file *f);
