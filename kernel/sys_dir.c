/*
 * sys_dir.c: names: making, removing, renaming and listing them; where the process is.
 */
#include "fs/caller.h"
#include "fs/dcache.h"
#include "fs/dir.h"
#include "fs/mount.h"
#include "kernel/abi/dirent.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/stat.h"
#include "kernel/lib/string.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"
#include "kernel/user_path.h"
#include "mm/kmalloc.h"

static uint32_t masked(uint32_t mode)
{
	return mode & ~atomic_load(&proc_current()->fs->umask);
}

/* ---- making ---- */

static int32_t make_node(uint32_t dirfd, uint32_t path, uint32_t mode, uint32_t dev)
{
	struct user_path up;
	int err = user_path_get(&up, dirfd, path);

	if (!err)
		err = vfs_mknod(&up.from, up.text, masked(mode), dev);
	user_path_put(&up);
	return err;
}

int32_t sys_mkdirat(uint32_t dirfd, uint32_t path, uint32_t mode)
{
	return make_node(dirfd, path, S_IFDIR | (mode & (S_IRWXUGO | S_ISVTX)), 0);
}

int32_t sys_mknodat(uint32_t dirfd, uint32_t path, uint32_t mode, uint32_t dev)
{
	uint32_t type = mode & S_IFMT ? mode & S_IFMT : S_IFREG;

	switch (type) {
	case S_IFREG:
	case S_IFIFO:
	case S_IFSOCK:
		dev = 0;
		break;
	case S_IFCHR:
	case S_IFBLK:
		break;
	case S_IFDIR:
		return -EPERM;
	default:
		return -EINVAL;
	}
	return make_node(dirfd, path, type | (mode & S_IALLUGO), dev);
}

int32_t sys_symlinkat(uint32_t target_user, uint32_t dirfd, uint32_t path)
{
	struct user_path up;
	char *target;
	int err = path_from_user(target_user, &target);

	if (err)
		return err;
	err = user_path_get(&up, dirfd, path);
	if (!err)
		err = vfs_symlink(&up.from, up.text, target);
	user_path_put(&up);
	path_free(target);
	return err;
}

int32_t sys_linkat(uint32_t old_dirfd, uint32_t old_path, uint32_t new_dirfd, uint32_t new_path,
		   uint32_t flags)
{
	uint32_t lookup_flags = flags & AT_SYMLINK_FOLLOW ? LOOKUP_FOLLOW : 0;
	struct user_path up;
	struct path existing;
	int err;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (flags & AT_EMPTY_PATH)
		lookup_flags |= LOOKUP_EMPTY;
	err = user_path_lookup(old_dirfd, old_path, lookup_flags, &existing);
	if (err)
		return err;
	err = user_path_get(&up, new_dirfd, new_path);
	if (!err)
		err = vfs_link(&existing, &up.from, up.text);
	user_path_put(&up);
	path_put(&existing);
	return err;
}

/* ---- removing and renaming ---- */

int32_t sys_unlinkat(uint32_t dirfd, uint32_t path, uint32_t flags)
{
	struct user_path up;
	int err;

	if (flags & ~AT_REMOVEDIR)
		return -EINVAL;
	err = user_path_get(&up, dirfd, path);
	if (!err)
		err = vfs_unlink(&up.from, up.text, flags & AT_REMOVEDIR);
	user_path_put(&up);
	return err;
}

int32_t sys_renameat2(uint32_t old_dirfd, uint32_t old_path, uint32_t new_dirfd, uint32_t new_path,
		      uint32_t flags)
{
	struct user_path old, new;
	int err = user_path_get(&old, old_dirfd, old_path), new_err;

	new_err = user_path_get(&new, new_dirfd, new_path);
	if (!err)
		err = new_err;
	if (!err)
		err = vfs_rename(&old.from, old.text, &new.from, new.text, flags);
	user_path_put(&new);
	user_path_put(&old);
	return err;
}

/* ---- listing ---- */

#define RECORD_MAX ALIGN_UP(sizeof(struct linux_dirent64) + NAME_MAX + 1, 8)

/* A user's buffer that is being filled with records. */
struct listing {
	uint32_t at, left; /* User address, bytes. */
	uint32_t used;
	int err; /* Why a record was not taken. */
};

/* Put a finished record into the buffer. */
static bool put_record(struct listing *l, const void *record, uint32_t len)
{
	if (len > l->left) {
		l->err = -EINVAL; /* Only seen when it is the first. */
		return false;
	}
	if (copy_to_user((void __user *)l->at, record, len)) {
		l->err = -EFAULT;
		return false;
	}
	l->at += len;
	l->left -= len;
	l->used += len;
	return true;
}

static bool put_dirent(void *ctx, const char *name, uint32_t len, uint64_t ino, uint8_t type,
		       loff_t next_pos)
{
	union {
		struct linux_dirent64 d;
		char bytes[RECORD_MAX];
	} r;
	uint32_t size = ALIGN_UP(offsetof(struct linux_dirent64, d_name) + len + 1, 8);

	memset(&r, 0, size);
	r.d.d_ino = ino;
	r.d.d_off = next_pos;
	r.d.d_reclen = (uint16_t)size;
	r.d.d_type = type;
	memcpy(r.bytes + offsetof(struct linux_dirent64, d_name), name, len);
	return put_record(ctx, &r, size);
}

int32_t sys_getdents64(uint32_t fd, uint32_t buf, uint32_t size)
{
	struct listing l = {.at = buf, .left = size};
	struct file *f = user_file_io(fd);
	int err;

	if (!f)
		return -EBADF;
	mutex_lock(&f->pos_lock);
	err = vfs_readdir(f, &f->pos, put_dirent, &l);
	mutex_unlock(&f->pos_lock);
	file_put(f);
	if (l.used > 0)
		return (int32_t)l.used;
	return err ? err : l.err;
}

/* ---- where the process is ---- */

/* May the caller stand in this directory? */
static int check_standing(const struct path *p)
{
	struct fs_caller c = caller_current();
	struct inode *inode = p->dentry->inode;

	return S_ISDIR(inode->mode) ? inode_permission(inode, &c, MAY_EXEC) : -ENOTDIR;
}

int32_t sys_chdir(uint32_t path)
{
	struct path p;
	int err = user_path_lookup((uint32_t)AT_FDCWD, path, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &p);

	if (err)
		return err;
	err = check_standing(&p);
	if (err)
		path_put(&p);
	else
		fs_context_set_cwd(proc_current()->fs, &p);
	return err;
}

int32_t sys_fchdir(uint32_t fd)
{
	struct file *f = user_file(fd);
	struct path p;
	int err = f ? check_standing(&f->path) : -EBADF;

	if (!err) {
		p = path_get(&f->path);
		fs_context_set_cwd(proc_current()->fs, &p);
	}
	file_put(f);
	return err;
}

int32_t sys_chroot(uint32_t path)
{
	struct path p;
	int err = user_path_lookup((uint32_t)AT_FDCWD, path, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &p);

	if (err)
		return err;
	err = check_standing(&p);
	if (!err && caller_current().uid != 0)
		err = -EPERM;
	if (err)
		path_put(&p);
	else
		fs_context_set_root(proc_current()->fs, &p);
	return err;
}

/* The working directory's name in room, of PATH_MAX bytes; its start, or NULL with *err. */
static char *cwd_name(char *room, int *err)
{
	struct fs_context *fs = proc_current()->fs;
	bool reachable, deleted;
	struct path root, cwd;
	char *name;

	fs_context_root(fs, &root);
	fs_context_cwd(fs, &cwd);
	name = path_name(&cwd, &root, room, PATH_MAX, &reachable, &deleted);
	path_put(&cwd);
	path_put(&root);
	*err = deleted ? -ENOENT : name ? 0 : -ENAMETOOLONG;
	/* Out of sight of the root: the name says so, as on Linux. */
	if (!*err && !reachable) {
		const char *mark = "(unreachable)";

		if ((size_t)(name - room) < strlen(mark)) {
			*err = -ENAMETOOLONG;
		} else {
			name -= strlen(mark);
			memcpy(name, mark, strlen(mark));
		}
	}
	return *err ? NULL : name;
}

int32_t sys_getcwd(uint32_t buf, uint32_t size)
{
	char *room = kmalloc(PATH_MAX), *name;
	int32_t result;

	if (!room)
		return -ENOMEM;
	name = cwd_name(room, &result);
	if (name) {
		result = (int32_t)strlen(name) + 1;
		if ((uint32_t)result > size)
			result = -ERANGE;
		else if (copy_to_user((void __user *)buf, name, (size_t)result))
			result = -EFAULT;
	}
	kfree(room);
	return result;
}

int32_t sys_umask(uint32_t mask)
{
	return (int32_t)atomic_xchg(&proc_current()->fs->umask, mask & S_IRWXUGO);
}
