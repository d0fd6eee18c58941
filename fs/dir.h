/*
 * dir.h: changing directories: making, linking, removing and renaming names; listing them.
 *
 * All take a name and where to look it up from, check the caller's permissions, and give 0 or
 * -errno as the system call of their name. All may sleep. Modes are masked by the caller (umask).
 */
#pragma once

#include "fs/path.h"

/* Directories, devices, fifos, empty regular files: by the type in mode. rdev as mknod(2) gives
 * it. */
int vfs_mknod(const struct lookup *from, const char *path, uint32_t mode, uint32_t rdev);
int vfs_symlink(const struct lookup *from, const char *path, const char *target);

/* Give the inode of existing one more name. */
int vfs_link(const struct path *existing, const struct lookup *to, const char *new_path);

/* unlink(2), or with is_dir rmdir(2). */
int vfs_unlink(const struct lookup *from, const char *path, bool is_dir);

/* flags: RENAME_NOREPLACE; other bits -EINVAL. */
int vfs_rename(const struct lookup *from, const char *old_path, const struct lookup *to,
	       const char *new_path, uint32_t flags);

/* Entries of an open directory from *pos on, "." and ".." first; *pos moves behind the last taken.
 * 0, or -ENOTDIR, -ENOENT (removed), or what the file system says. */
int vfs_readdir(struct file *f, loff_t *pos, dirent_fn fn, void *ctx);

/* For open(2) with O_CREAT: make the regular file d names (negative, dir locked). 0 or -errno. */
int dir_create_locked(struct dentry *dir, struct dentry *d, const struct fs_caller *c,
		      uint32_t mode, uint32_t rdev);

/* The file_ops of all directories. */
extern const struct file_ops dir_file_ops;
