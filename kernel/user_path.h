/*
 * user_path.h: the paths that users give to system calls, with the directory descriptor that
 * relative ones start from.
 *
 *	struct user_path up;
 *	err = user_path_get(&up, dirfd, path_user);
 *	if (!err)
 *		err = vfs_mknod(&up.from, up.text, ...);
 *	user_path_put(&up);
 */
#pragma once

#include "fs/file.h"
#include "fs/path.h"

struct user_path {
	char *text;
	struct lookup from;
	struct file *base; /* What the descriptor is; NULL: the working directory, or not needed. */
};

/* dirfd may be AT_FDCWD. 0, -EFAULT, -ENAMETOOLONG, -ENOMEM, -EBADF (a relative path and no such
 * descriptor). user_path_put is called in any case. */
int user_path_get(struct user_path *up, uint32_t dirfd, uint32_t path_user);
void user_path_put(struct user_path *up);

/* The existing place it names, with references. flags are LOOKUP_*. 0 or -errno. */
int user_path_lookup(uint32_t dirfd, uint32_t path_user, uint32_t flags, struct path *out);

/* LOOKUP_* of AT_SYMLINK_NOFOLLOW and AT_EMPTY_PATH. */
uint32_t lookup_flags_of(uint32_t at_flags);

/* The current process's file behind a descriptor, with a reference; NULL for none. O_PATH files
 * count. */
struct file *user_file(uint32_t fd);

/* The same, but NULL for O_PATH files: they can do nothing. */
struct file *user_file_io(uint32_t fd);
