/*
 * sys_fd.c: descriptors, and what is done to open files besides moving bytes.
 */
#include "fs/caller.h"
#include "fs/filemap.h"
#include "fs/inode.h"
#include "fs/memfd.h"
#include "fs/pipe.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/mman.h"
#include "kernel/abi/resource.h"
#include "kernel/abi/stat.h"
#include "kernel/abi/termios.h"
#include "kernel/fcntl_lock.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"
#include "kernel/user_path.h"

#define CLOSE_RANGE_CLOEXEC 4u /* linux/close_range.h */

static uint32_t fd_limit(void)
{
	return proc_current()->limits[RLIMIT_NOFILE].cur;
}

/* ---- duplicates ---- */

/* Give a file we hold a descriptor of its own; the reference is used up. */
static int32_t install(struct file *f, uint32_t from, bool cloexec)
{
	int fd = fd_install(proc_current()->files, f, from, fd_limit(), cloexec);

	if (fd < 0)
		file_put(f);
	return fd;
}

int32_t sys_dup(uint32_t fd)
{
	struct file *f = user_file(fd);

	return f ? install(f, 0, false) : -EBADF;
}

static int32_t duplicate_at(uint32_t fd, uint32_t new_fd, bool cloexec)
{
	struct file *f = user_file(fd);
	int result;

	if (!f)
		return -EBADF;
	result = fd_replace(proc_current()->files, new_fd, f, fd_limit(), cloexec);
	if (result < 0)
		file_put(f);
	return result;
}

int32_t sys_dup2(uint32_t fd, uint32_t new_fd)
{
	struct file *f;

	if (fd != new_fd)
		return duplicate_at(fd, new_fd, false);
	f = user_file(fd);
	file_put(f);
	return f ? (int32_t)fd : -EBADF;
}

int32_t sys_dup3(uint32_t fd, uint32_t new_fd, uint32_t flags)
{
	if (flags & ~O_CLOEXEC || fd == new_fd)
		return -EINVAL;
	return duplicate_at(fd, new_fd, flags & O_CLOEXEC);
}

int32_t sys_close_range(uint32_t first, uint32_t last, uint32_t flags)
{
	struct fdtable *t = proc_current()->files;

	if (first > last || flags & ~CLOSE_RANGE_CLOEXEC)
		return -EINVAL;
	for (uint32_t fd = fd_next(t, first); fd <= last && fd != UINT32_MAX;
	     fd = fd_next(t, fd + 1)) {
		if (flags & CLOSE_RANGE_CLOEXEC)
			fd_set_cloexec(t, fd, true);
		else
			fd_close(t, fd);
	}
	return 0;
}

/* ---- pipes ---- */

int32_t sys_pipe2(uint32_t fds_user, uint32_t flags)
{
	struct file *ends[2];
	int32_t fds[2], err;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	err = pipe_create(flags, &ends[0], &ends[1]);
	if (err)
		return err;
	fds[0] = install(ends[0], 0, flags & O_CLOEXEC);
	if (fds[0] < 0) {
		file_put(ends[1]);
		return fds[0];
	}
	fds[1] = install(ends[1], 0, flags & O_CLOEXEC);
	err = fds[1] < 0 ? fds[1] : copy_to_user((void __user *)fds_user, fds, sizeof(fds));
	if (err) {
		sys_close((uint32_t)fds[0]);
		if (fds[1] >= 0)
			sys_close((uint32_t)fds[1]);
	}
	return err;
}

int32_t sys_memfd_create(uint32_t name_user, uint32_t flags)
{
	char name[MEMFD_NAME_MAX + 1];
	struct file *f;
	ssize_t len;
	int err;

	if (flags & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING))
		return -EINVAL;
	len = strncpy_from_user(name, (const void __user *)name_user, sizeof(name));
	if (len < 0)
		return len == -ENAMETOOLONG ? -EINVAL : (int32_t)len;
	err = memfd_create(name, &f);
	return err ? err : install(f, 0, flags & MFD_CLOEXEC);
}

/* ---- fcntl and ioctl ---- */

#define SETTABLE_FLAGS (O_APPEND | O_NONBLOCK | O_NOATIME | FASYNC)

static int set_status_flags(struct file *f, uint32_t arg)
{
	struct fs_caller c = caller_current();
	uint32_t old = atomic_load(&f->flags);

	if (arg & O_DIRECT)
		return -EINVAL;
	if (arg & O_NOATIME && !(old & O_NOATIME) && !inode_is_owner(f->inode, &c))
		return -EPERM;
	while (!atomic_cmpxchg(&f->flags, &old, (old & ~SETTABLE_FLAGS) | (arg & SETTABLE_FLAGS)))
		;
	return 0;
}

static int32_t fcntl_file(struct file *f, uint32_t fd, uint32_t cmd, uint32_t arg)
{
	struct fdtable *t = proc_current()->files;

	switch (cmd) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		return install(file_get(f), arg, cmd == F_DUPFD_CLOEXEC);
	case F_GETFD:
		return fd_cloexec(t, fd);
	case F_SETFD:
		return fd_set_cloexec(t, fd, arg & FD_CLOEXEC);
	case F_GETFL:
		return (int32_t)atomic_load(&f->flags);
	}
	if (f->flags & O_PATH)
		return -EBADF;
	switch (cmd) {
	case F_SETFL:
		return set_status_flags(f, arg);
	case F_GETLK64:
	case F_SETLK64:
	case F_SETLKW64:
		return fcntl_lock(f, fd, cmd, arg);
	case F_GETPIPE_SZ:
		return file_is_pipe(f) ? (int32_t)PIPE_CAPACITY : -EBADF;
	default:
		return -EINVAL;
	}
}

int32_t sys_fcntl64(uint32_t fd, uint32_t cmd, uint32_t arg)
{
	struct file *f = user_file(fd);
	int32_t result = f ? fcntl_file(f, fd, cmd, arg) : -EBADF;

	file_put(f);
	return result;
}

static int set_nonblocking(struct file *f, uint32_t arg)
{
	uint32_t on;

	if (get_user_u32(&on, (const void __user *)arg))
		return -EFAULT;
	if (on)
		atomic_or(&f->flags, O_NONBLOCK);
	else
		atomic_and(&f->flags, ~O_NONBLOCK);
	return 0;
}

/* Bytes from the position to the end, as an int. */
static int bytes_left(struct file *f, uint32_t arg)
{
	return put_user_u32((void __user *)arg, (uint32_t)(inode_size(f->inode) - f->pos));
}

static int32_t ioctl_file(struct file *f, uint32_t fd, uint32_t cmd, uint32_t arg)
{
	switch (cmd) {
	case FIOCLEX:
	case FIONCLEX:
		return fd_set_cloexec(proc_current()->files, fd, cmd == FIOCLEX);
	case FIONBIO:
		return set_nonblocking(f, arg);
	}
	if (cmd == FIONREAD && S_ISREG(f->inode->mode))
		return bytes_left(f, arg);
	return f->ops->ioctl ? f->ops->ioctl(f, cmd, arg) : -ENOTTY;
}

int32_t sys_ioctl(uint32_t fd, uint32_t cmd, uint32_t arg)
{
	struct file *f = user_file_io(fd);
	int32_t result = f ? ioctl_file(f, fd, cmd, arg) : -EBADF;

	file_put(f);
	return result;
}

/* ---- storage ---- */

static int32_t fsync_file(uint32_t fd, bool data_only)
{
	struct file *f = user_file_io(fd);
	int32_t result = -EBADF;

	if (f)
		result = f->ops->fsync ? f->ops->fsync(f, data_only) : -EINVAL;
	file_put(f);
	return result;
}

int32_t sys_fsync(uint32_t fd)
{
	return fsync_file(fd, false);
}

int32_t sys_fdatasync(uint32_t fd)
{
	return fsync_file(fd, true);
}

static loff_t offset_of(uint32_t low, uint32_t high)
{
	return (loff_t)((uint64_t)high << 32 | low);
}

static int32_t take_advice(uint32_t fd, loff_t off, loff_t len, uint32_t advice)
{
	struct file *f = user_file_io(fd);
	int32_t result = 0;

	if (!f)
		result = -EBADF;
	else if (file_is_pipe(f))
		result = -ESPIPE;
	else if (len < 0 || advice > POSIX_FADV_MAX)
		result = -EINVAL;
	else
		filemap_advise(f, MAX(off, 0), len, advice);
	file_put(f);
	return result;
}

int32_t sys_fadvise64_64(uint32_t fd, uint32_t off_low, uint32_t off_high, uint32_t len_low,
			 uint32_t len_high, uint32_t advice)
{
	return take_advice(fd, offset_of(off_low, off_high), offset_of(len_low, len_high), advice);
}

int32_t sys_readahead(uint32_t fd, uint32_t off_low, uint32_t off_high, uint32_t count)
{
	struct file *f = user_file_io(fd);
	int32_t result = -EBADF;

	if (f && file_readable(f)) {
		result = f->ops->mmap ? 0 : -EINVAL;
		if (count > 0)
			filemap_advise(f, MAX(offset_of(off_low, off_high), 0), count,
				       POSIX_FADV_WILLNEED);
	}
	file_put(f);
	return result;
}
