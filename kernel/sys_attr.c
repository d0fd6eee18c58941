/*
 * sys_attr.c: changing attributes, times and sizes of files.
 */
#include "fs/attr.h"
#include "fs/dcache.h"
#include "fs/inode.h"
#include "fs/mount.h"
#include "fs/pipe.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/stat.h"
#include "kernel/abi/time.h"
#include "kernel/proc.h"
#include "kernel/signal.h"
#include "kernel/syscall.h"
#include "kernel/time.h"
#include "kernel/user_path.h"

#define NSEC_MAX 999999999

/* ---- mode and owner ---- */

int32_t sys_fchmodat(uint32_t dirfd, uint32_t path, uint32_t mode)
{
	struct fs_caller c = caller_current();
	struct path p;
	int err = user_path_lookup(dirfd, path, LOOKUP_FOLLOW, &p);

	if (err)
		return err;
	err = inode_chmod(p.dentry->inode, mode, &c);
	path_put(&p);
	return err;
}

int32_t sys_fchmod(uint32_t fd, uint32_t mode)
{
	struct fs_caller c = caller_current();
	struct file *f = user_file_io(fd);
	int err = f ? inode_chmod(f->inode, mode, &c) : -EBADF;

	file_put(f);
	return err;
}

int32_t sys_fchownat(uint32_t dirfd, uint32_t path, uint32_t uid, uint32_t gid, uint32_t flags)
{
	struct fs_caller c = caller_current();
	struct path p;
	int err;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	err = user_path_lookup(dirfd, path, lookup_flags_of(flags), &p);
	if (err)
		return err;
	err = inode_chown(p.dentry->inode, uid, gid, &c);
	path_put(&p);
	return err;
}

int32_t sys_fchown(uint32_t fd, uint32_t uid, uint32_t gid)
{
	struct fs_caller c = caller_current();
	struct file *f = user_file_io(fd);
	int err = f ? inode_chown(f->inode, uid, gid, &c) : -EBADF;

	file_put(f);
	return err;
}

/* ---- times ---- */

static int times_from_user(struct timespec64 t[2], uint32_t user, bool time64)
{
	uint32_t size = time64 ? sizeof(struct timespec_time64) : sizeof(struct timespec32);

	for (uint32_t i = 0; i < 2; i++) {
		struct timespec_time64 from;

		if (timespec_from_user(&from, user + i * size, time64))
			return -EFAULT;
		t[i] = (struct timespec64){from.sec, from.nsec};
		if ((t[i].nsec < 0 || t[i].nsec > NSEC_MAX) && t[i].nsec != UTIME_NOW &&
		    t[i].nsec != UTIME_OMIT)
			return -EINVAL;
	}
	return 0;
}

/* Set the times of what (dirfd, path) names; path 0: of the descriptor itself, if there is one. */
int32_t sys_utimensat(uint32_t dirfd, uint32_t path, uint32_t times_user, uint32_t flags,
		      bool time64)
{
	struct timespec64 t[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
	struct fs_caller c = caller_current();
	struct file *f;
	struct path p;
	int err = times_user ? times_from_user(t, times_user, time64) : 0;

	if (err)
		return err;
	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (t[0].nsec == UTIME_OMIT && t[1].nsec == UTIME_OMIT)
		return 0; /* Whatever it names. */
	if (!path && (int32_t)dirfd != AT_FDCWD) {
		f = user_file_io(dirfd);
		if (f && flags)
			err = -EINVAL;
		else
			err = f ? inode_utimes(f->inode, t[0], t[1], &c) : -EBADF;
		file_put(f);
		return err;
	}
	err = user_path_lookup(dirfd, path, lookup_flags_of(flags), &p);
	if (err)
		return err;
	err = inode_utimes(p.dentry->inode, t[0], t[1], &c);
	path_put(&p);
	return err;
}

/* ---- sizes ---- */

static int32_t truncate_result(int err)
{
	if (err == -EFBIG && caller_current().fsize_limit != UINT32_MAX)
		signal_send_task(task_current(), SIGXFSZ, NULL);
	return err;
}

static int truncate_inode(struct inode *inode, loff_t size)
{
	struct fs_caller c = caller_current();
	int err;

	if (S_ISDIR(inode->mode))
		return -EISDIR;
	if (!S_ISREG(inode->mode))
		return -EINVAL;
	err = inode_permission(inode, &c, MAY_WRITE);
	if (!err)
		err = inode_get_write(inode);
	if (err)
		return err;
	err = inode_truncate(inode, size, &c);
	inode_put_write(inode);
	return err;
}

static int32_t truncate_path(uint32_t path, loff_t size)
{
	struct path p;
	int err;

	if (size < 0)
		return -EINVAL;
	err = user_path_lookup((uint32_t)AT_FDCWD, path, LOOKUP_FOLLOW, &p);
	if (err)
		return err;
	err = truncate_inode(p.dentry->inode, size);
	path_put(&p);
	return truncate_result(err);
}

int32_t sys_truncate(uint32_t path, uint32_t size)
{
	return truncate_path(path, (int32_t)size);
}

int32_t sys_truncate64(uint32_t path, uint32_t size_low, uint32_t size_high)
{
	return truncate_path(path, (loff_t)((uint64_t)size_high << 32 | size_low));
}

static int32_t truncate_fd(uint32_t fd, loff_t size)
{
	struct fs_caller c = caller_current();
	struct file *f;
	int err;

	if (size < 0)
		return -EINVAL;
	f = user_file_io(fd);
	if (!f)
		err = -EBADF;
	else if (!file_writable(f) || !S_ISREG(f->inode->mode))
		err = -EINVAL;
	else
		err = inode_truncate(f->inode, size, &c);
	file_put(f);
	return truncate_result(err);
}

int32_t sys_ftruncate(uint32_t fd, uint32_t size)
{
	return truncate_fd(fd, (int32_t)size);
}

int32_t sys_ftruncate64(uint32_t fd, uint32_t size_low, uint32_t size_high)
{
	return truncate_fd(fd, (loff_t)((uint64_t)size_high << 32 | size_low));
}

/* Modes no file system here knows fall through: what is asked of whom is looked at first, as on Linux. */
static int check_fallocate(const struct file *f, uint32_t mode, loff_t off, loff_t len)
{
	uint32_t both = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE;

	if (!f)
		return -EBADF;
	if (off < 0 || len <= 0)
		return -EINVAL;
	if (mode & ~FALLOC_FL_ALL || (mode & both) == both ||
	    (mode & (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE)) == FALLOC_FL_PUNCH_HOLE)
		return -EOPNOTSUPP;
	if ((mode & FALLOC_FL_COLLAPSE_RANGE && mode != FALLOC_FL_COLLAPSE_RANGE) ||
	    (mode & FALLOC_FL_INSERT_RANGE && mode != FALLOC_FL_INSERT_RANGE) ||
	    (mode & FALLOC_FL_UNSHARE_RANGE &&
	     mode & ~(FALLOC_FL_UNSHARE_RANGE | FALLOC_FL_KEEP_SIZE)))
		return -EINVAL;
	if (!file_writable(f))
		return -EBADF;
	if (S_ISFIFO(f->inode->mode))
		return -ESPIPE;
	if (S_ISDIR(f->inode->mode))
		return -EISDIR;
	if (!S_ISREG(f->inode->mode))
		return S_ISBLK(f->inode->mode) ? -EOPNOTSUPP : -ENODEV;
	return 0;
}

int32_t sys_fallocate(uint32_t fd, uint32_t mode, uint32_t off_low, uint32_t off_high,
		      uint32_t len_low, uint32_t len_high)
{
	loff_t off = (loff_t)((uint64_t)off_high << 32 | off_low);
	loff_t len = (loff_t)((uint64_t)len_high << 32 | len_low);
	struct fs_caller c = caller_current();
	struct file *f = user_file_io(fd);
	int err = check_fallocate(f, mode, off, len);

	if (!err && mode & FALLOC_FL_PUNCH_HOLE)
		err = inode_punch(f->inode, off, len, &c);
	else if (!err && mode & ~FALLOC_FL_KEEP_SIZE)
		err = -EOPNOTSUPP;
	else if (!err)
		err = inode_allocate(f->inode, off, len, mode & FALLOC_FL_KEEP_SIZE, &c);
	file_put(f);
	return truncate_result(err);
}

/* ---- extended attributes: no file here has any, whatever a call wants with them ---- */

static int32_t refuse_xattr(uint32_t path_user, uint32_t flags)
{
	struct path p;
	int err = user_path_lookup((uint32_t)AT_FDCWD, path_user, flags, &p);

	if (err)
		return err;
	path_put(&p);
	return -EOPNOTSUPP;
}

int32_t sys_xattr(uint32_t path)
{
	return refuse_xattr(path, LOOKUP_FOLLOW);
}

int32_t sys_lxattr(uint32_t path)
{
	return refuse_xattr(path, 0);
}

int32_t sys_fxattr(uint32_t fd)
{
	struct file *f = user_file_io(fd);

	file_put(f);
	return f ? -EOPNOTSUPP : -EBADF;
}
