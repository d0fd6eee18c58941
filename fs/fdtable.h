/*
 * fdtable.h: a process's open file descriptors, and its place in the tree.
 *
 * The table's lock (RANK_PROC) guards slots; files are reference counted, so a descriptor closed by
 * one thread stays usable by another that is inside a call.
 */
#pragma once

#include "fs/file.h"

#define FD_MAX 1024 /* RLIMIT_NOFILE's ceiling. */

struct fdtable {
	uint32_t refs;
	struct mutex lock;
	uint32_t size;	       /* Slots allocated, grows up to FD_MAX. */
	struct file **files;
	uint32_t *cloexec;     /* Bitmap. */
};

struct fdtable *fdtable_create(void);			 /* NULL: out of memory. */
struct fdtable *fdtable_fork(struct fdtable *t);	 /* A copy; NULL: out of memory. */
struct fdtable *fdtable_get(struct fdtable *t);
void fdtable_put(struct fdtable *t);			 /* The last one closes all. */

/* Lowest free descriptor >= from and < limit gets file (takes over the caller's reference on success).
 * The descriptor, or -EMFILE, -ENOMEM, -EINVAL (from >= limit). */
int fd_install(struct fdtable *t, struct file *f, uint32_t from, uint32_t limit, bool cloexec);

/* Put file at exactly fd, closing what was there (dup2). Takes over the reference on success. */
int fd_replace(struct fdtable *t, uint32_t fd, struct file *f, bool cloexec);

/* The file with a reference, or NULL for a bad descriptor. */
struct file *fd_get(struct fdtable *t, uint32_t fd);

int fd_close(struct fdtable *t, uint32_t fd); /* 0 or -EBADF. */
int fd_cloexec(struct fdtable *t, uint32_t fd);			/* 0, 1 or -EBADF. */
int fd_set_cloexec(struct fdtable *t, uint32_t fd, bool on);	/* 0 or -EBADF. */
void fdtable_close_on_exec(struct fdtable *t);

/* Where a process is. Lock: spinning (RANK_LEAF); use the getters. */
struct fs_context {
	uint32_t refs;
	struct spinlock lock;
	struct path root, cwd;
	uint32_t umask;
};

struct fs_context *fs_context_create(const struct path *root);
struct fs_context *fs_context_fork(struct fs_context *c);
struct fs_context *fs_context_get(struct fs_context *c);
void fs_context_put(struct fs_context *c);
