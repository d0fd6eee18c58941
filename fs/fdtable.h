/*
 * fdtable.h: a process's open file descriptors.
 *
 * The table's lock (RANK_POLICY, spinning) guards slots; files are reference counted, so a
 * descriptor closed by one thread stays usable by another that is inside a call. Closing happens
 * after the lock is released.
 */
#pragma once

#include "fs/context.h"
#include "fs/file.h"

#define FD_MAX 1024 /* RLIMIT_NOFILE's ceiling. */

struct fdtable {
	uint32_t refs;
	struct spinlock lock;
	uint32_t size; /* Slots, grows up to FD_MAX. */
	struct file **files;
	uint32_t *cloexec; /* Bitmap; same storage as files. */
};

struct fdtable *fdtable_create(void);		 /* NULL: out of memory. */
struct fdtable *fdtable_fork(struct fdtable *t); /* A copy; NULL: out of memory. */
struct fdtable *fdtable_get(struct fdtable *t);
void fdtable_put(struct fdtable *t); /* NULL is allowed. The last one closes all. May sleep. */

/* Lowest free descriptor >= from and < limit gets file (takes over the caller's reference on
 * success). The descriptor, or -EMFILE, -ENOMEM, -EINVAL (from >= limit). */
int fd_install(struct fdtable *t, struct file *f, uint32_t from, uint32_t limit, bool cloexec);

/* Put file at exactly fd, closing what was there (dup2). Takes over the reference on success. fd,
 * or -EBADF (fd >= limit), -ENOMEM. May sleep. */
int fd_replace(struct fdtable *t, uint32_t fd, struct file *f, uint32_t limit, bool cloexec);

/* The file with a reference, or NULL for a bad descriptor. */
struct file *fd_get(struct fdtable *t, uint32_t fd);

int fd_close(struct fdtable *t, uint32_t fd);		     /* 0 or -EBADF. May sleep. */
int fd_cloexec(struct fdtable *t, uint32_t fd);		     /* 0, 1 or -EBADF. */
int fd_set_cloexec(struct fdtable *t, uint32_t fd, bool on); /* 0 or -EBADF. */
void fdtable_close_on_exec(struct fdtable *t);

/* The smallest open descriptor >= from; UINT32_MAX when there is none. */
uint32_t fd_next(struct fdtable *t, uint32_t from);
