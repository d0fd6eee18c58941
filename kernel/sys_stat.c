/*
 * sys_stat.c: looking at files and file systems.
 */
#include "fs/attr.h"
#include "fs/dcache.h"
#include "fs/device.h"
#include "fs/inode.h"
#include "fs/mount.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/stat.h"
#include "kernel/abi/statfs.h"
#include "kernel/lib/string.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"
#include "kernel/user_path.h"
#include "mm/kmalloc.h"

/* ---- the forms of stat ---- */

static int stat_path(uint32_t dirfd, uint32_t path, uint32_t lookup_flags, struct kstat *st)
{
	struct path p;
	int err = user_path_lookup(dirfd, path, lookup_flags, &p);

	if (err)
		return err;
	inode_stat(p.dentry->inode, st);
	path_put(&p);
	return 0;
}

static int stat_fd(uint32_t fd, struct kstat *st)
{
	struct file *f = user_file(fd);

	if (!f)
		return -EBADF;
	inode_stat(f->inode, st);
	file_put(f);
	return 0;
}

static int32_t put_stat64(uint32_t buf, const struct kstat *st)
{
	struct stat64 out = {
		.st_dev = st->dev,
		.st_ino_low = (uint32_t)st->ino,
		.st_mode = st->mode,
		.st_nlink = st->nlink,
		.st_uid = st->uid,
		.st_gid = st->gid,
		.st_rdev = st->rdev,
		.st_size = st->size,
		.st_blksize = st->blksize,
		.st_blocks = st->blocks,
		.st_atime = (uint32_t)st->atime.sec,
		.st_atime_nsec = (uint32_t)st->atime.nsec,
		.st_mtime = (uint32_t)st->mtime.sec,
		.st_mtime_nsec = (uint32_t)st->mtime.nsec,
		.st_ctime = (uint32_t)st->ctime.sec,
		.st_ctime_nsec = (uint32_t)st->ctime.nsec,
		.st_ino = st->ino,
	};

	return copy_to_user((void __user *)buf, &out, sizeof(out));
}

int32_t sys_fstat64(uint32_t fd, uint32_t buf)
{
	struct kstat st;
	int err = stat_fd(fd, &st);

	return err ? err : put_stat64(buf, &st);
}

int32_t sys_fstatat64(uint32_t dirfd, uint32_t path, uint32_t buf, uint32_t flags)
{
	struct kstat st;
	int err;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT))
		return -EINVAL;
	err = stat_path(dirfd, path, lookup_flags_of(flags), &st);
	return err ? err : put_stat64(buf, &st);
}

static struct statx_timestamp statx_time(struct timespec64 t)
{
	return (struct statx_timestamp){.tv_sec = t.sec, .tv_nsec = (uint32_t)t.nsec};
}

static int32_t put_statx(uint32_t buf, const struct kstat *st, const struct path *p)
{
	struct statx out = {
		.stx_mask = STATX_BASIC_STATS | STATX_MNT_ID,
		.stx_blksize = st->blksize,
		.stx_attributes = p->dentry == p->mount->super->root ? STATX_ATTR_MOUNT_ROOT : 0,
		.stx_attributes_mask = STATX_ATTR_MOUNT_ROOT,
		.stx_nlink = st->nlink,
		.stx_uid = st->uid,
		.stx_gid = st->gid,
		.stx_mode = (uint16_t)st->mode,
		.stx_ino = st->ino,
		.stx_size = (uint64_t)st->size,
		.stx_blocks = st->blocks,
		.stx_atime = statx_time(st->atime),
		.stx_ctime = statx_time(st->ctime),
		.stx_mtime = statx_time(st->mtime),
		.stx_rdev_major = dev_major(st->rdev),
		.stx_rdev_minor = dev_minor(st->rdev),
		.stx_dev_major = dev_major(st->dev),
		.stx_dev_minor = dev_minor(st->dev),
		.stx_mnt_id = p->mount->id,
	};

	return copy_to_user((void __user *)buf, &out, sizeof(out));
}

#define STATX_FLAGS (AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT | AT_STATX_SYNC_TYPE)

int32_t sys_statx(uint32_t dirfd, uint32_t path, uint32_t flags, uint32_t mask, uint32_t buf)
{
	struct kstat st;
	struct path p;
	int err;

	if (mask & STATX_RESERVED || flags & ~STATX_FLAGS ||
	    (flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE)
		return -EINVAL;
	err = user_path_lookup(dirfd, path, lookup_flags_of(flags), &p);
	if (err)
		return err;
	inode_stat(p.dentry->inode, &st);
	err = put_statx(buf, &st, &p);
	path_put(&p);
	return err;
}

/* ---- access and links ---- */

int32_t sys_faccessat2(uint32_t dirfd, uint32_t path, uint32_t mode, uint32_t flags)
{
	struct fs_caller c = caller_current();
	struct user_path up;
	struct path p;
	int err;

	if (mode & ~(R_OK | W_OK | X_OK) ||
	    flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (!(flags & AT_EACCESS)) {
		c.uid = proc_current()->uid;
		c.gid = proc_current()->gid;
	}
	err = user_path_get(&up, dirfd, path);
	up.from.caller = &c;
	if (!err)
		err = path_lookup(&up.from, up.text, lookup_flags_of(flags), &p);
	user_path_put(&up);
	if (err)
		return err;
	if (mode != 0)
		err = inode_permission(p.dentry->inode, &c, mode);
	path_put(&p);
	return err;
}

static int32_t read_link(struct inode *inode, uint32_t buf, uint32_t size)
{
	char *text;
	ssize_t n;
	int err = link_text(inode, &text);

	if (err)
		return err;
	inode_accessed(inode);
	n = (ssize_t)MIN(strlen(text), size);
	if (copy_to_user((void __user *)buf, text, (size_t)n))
		n = -EFAULT;
	path_free(text);
	return n;
}

/* An empty path is the descriptor itself, which may be a link opened with O_PATH. */
int32_t sys_readlinkat(uint32_t dirfd, uint32_t path_user, uint32_t buf, uint32_t size)
{
	struct user_path up;
	struct path p;
	int32_t result;
	bool empty;

	if ((int32_t)size <= 0)
		return -EINVAL;
	result = user_path_get(&up, dirfd, path_user);
	empty = !result && !*up.text;
	if (!result)
		result = path_lookup(&up.from, up.text, LOOKUP_EMPTY, &p);
	user_path_put(&up);
	if (result)
		return result;
	if (S_ISLNK(p.dentry->inode->mode))
		result = read_link(p.dentry->inode, buf, size);
	else
		result = empty ? -ENOENT : -EINVAL;
	path_put(&p);
	return result;
}

/* ---- file systems ---- */

static int super_figures(struct super *s, struct statfs64 *out)
{
	struct statfs_info info;
	uint32_t flags = ST_VALID | ST_RELATIME;
	int err = s->ops->statfs(s, &info);

	if (err)
		return err;
	if (atomic_load(&s->flags) & SUPER_RDONLY)
		flags |= ST_RDONLY;
	*out = (struct statfs64){
		.f_type = info.type,
		.f_bsize = info.bsize,
		.f_frsize = info.bsize,
		.f_blocks = info.blocks,
		.f_bfree = info.bfree,
		.f_bavail = info.bfree - MIN(info.bfree, info.reserved),
		.f_files = info.files,
		.f_ffree = info.ffree,
		.f_fsid = {(int32_t)s->dev_id, 0},
		.f_namelen = NAME_MAX,
		.f_flags = flags,
	};
	return 0;
}

static int figures_of_path(uint32_t path, struct statfs64 *out)
{
	struct path p;
	int err = user_path_lookup((uint32_t)AT_FDCWD, path, LOOKUP_FOLLOW, &p);

	if (err)
		return err;
	err = super_figures(p.mount->super, out);
	path_put(&p);
	return err;
}

static int figures_of_fd(uint32_t fd, struct statfs64 *out)
{
	struct file *f = user_file(fd);
	int err = f ? super_figures(f->inode->super, out) : -EBADF;

	file_put(f);
	return err;
}

int32_t sys_statfs64(uint32_t path, uint32_t size, uint32_t buf)
{
	struct statfs64 figures;
	int err = size == sizeof(figures) ? figures_of_path(path, &figures) : -EINVAL;

	return err ? err : copy_to_user((void __user *)buf, &figures, sizeof(figures));
}

int32_t sys_fstatfs64(uint32_t fd, uint32_t size, uint32_t buf)
{
	struct statfs64 figures;
	int err = size == sizeof(figures) ? figures_of_fd(fd, &figures) : -EINVAL;

	return err ? err : copy_to_user((void __user *)buf, &figures, sizeof(figures));
}
