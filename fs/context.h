/*
 * context.h: where a process is: its root, its working directory, its file mode mask. Shared by
 * threads (CLONE_FS), copied by fork.
 */
#pragma once

#include "fs/vfs.h"

/* Lock: spinning (RANK_POLICY), for the paths; umask is atomic. Use the getters. */
struct fs_context {
	uint32_t refs;
	struct spinlock lock;
	struct path root, cwd;
	uint32_t umask;
};

struct fs_context *fs_context_create(const struct path *root); /* NULL: out of memory. */
struct fs_context *fs_context_fork(struct fs_context *c);      /* A copy; NULL: out of memory. */
struct fs_context *fs_context_get(struct fs_context *c);
void fs_context_put(struct fs_context *c); /* NULL is allowed. May sleep. */

/* Copies with references. */
void fs_context_root(struct fs_context *c, struct path *out);
void fs_context_cwd(struct fs_context *c, struct path *out);

/* Take over p's references. May sleep. */
void fs_context_set_root(struct fs_context *c, const struct path *p);
void fs_context_set_cwd(struct fs_context *c, const struct path *p);
