/*
 * fcntl_lock.c: advisory locks as users ask for them: fcntl(2)'s records and flock(2).
 */
#include "kernel/fcntl_lock.h"

#include "fs/filelock.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"
#include "kernel/user_path.h"

/* The range of a struct flock64 in bytes of the file. 0, -EINVAL or -EOVERFLOW. */
static int lock_range(struct file *f, const struct flock64 *fl, struct record_lock *lock)
{
	loff_t base = 0;

	switch (fl->l_whence) {
	case SEEK_SET:
		break;
	case SEEK_CUR:
		base = f->pos;
		break;
	case SEEK_END:
		base = inode_size(f->inode);
		break;
	default:
		return -EINVAL;
	}
	if (__builtin_add_overflow(base, fl->l_start, &lock->start))
		return -EOVERFLOW;
	lock->end = INT64_MAX;
	if (fl->l_len > 0 && __builtin_add_overflow(lock->start, fl->l_len - 1, &lock->end))
		return -EOVERFLOW;
	if (fl->l_len < 0) { /* The bytes before the start. */
		lock->end = lock->start - 1;
		if (__builtin_add_overflow(lock->start, fl->l_len, &lock->start))
			return -EINVAL;
	}
	if (lock->start < 0)
		return -EINVAL;
	lock->type = fl->l_type;
	lock->pid = proc_current()->pid;
	return 0;
}

static int lock_set(struct file *f, const struct record_lock *lock, bool wait)
{
	switch (lock->type) {
	case F_RDLCK:
		if (!file_readable(f))
			return -EBADF;
		break;
	case F_WRLCK:
		if (!file_writable(f))
			return -EBADF;
		break;
	case F_UNLCK:
		break;
	default:
		return -EINVAL;
	}
	return filelock_set(f->inode, proc_current()->files, lock, wait);
}

/* If another thread closed the descriptor while we got the lock, the closing did not see it. */
static int drop_if_closed(struct file *f, uint32_t fd, const struct record_lock *lock)
{
	struct file *now = user_file(fd);
	struct record_lock all = *lock;

	file_put(now);
	if (now == f || lock->type == F_UNLCK)
		return 0;
	all.type = F_UNLCK;
	filelock_set(f->inode, proc_current()->files, &all, false);
	return -EBADF;
}

/* Only the type changes when nothing stands in the way. */
static int lock_get(struct file *f, struct record_lock *lock, struct flock64 *fl)
{
	if (lock->type != F_RDLCK && lock->type != F_WRLCK)
		return -EINVAL;
	filelock_test(f->inode, proc_current()->files, lock);
	fl->l_type = (int16_t)lock->type;
	if (lock->type == F_UNLCK)
		return 0;
	fl->l_whence = SEEK_SET;
	fl->l_start = lock->start;
	fl->l_len = lock->end == INT64_MAX ? 0 : lock->end - lock->start + 1;
	fl->l_pid = lock->pid;
	return 0;
}

static int lock_command(struct file *f, uint32_t fd, uint32_t cmd, struct flock64 *fl)
{
	struct record_lock lock;
	int err = lock_range(f, fl, &lock);

	if (err)
		return err;
	if (cmd == F_GETLK64)
		return lock_get(f, &lock, fl);
	err = lock_set(f, &lock, cmd == F_SETLKW64);
	return err ? err : drop_if_closed(f, fd, &lock);
}

int fcntl_lock(struct file *f, uint32_t fd, uint32_t cmd, uint32_t arg)
{
	struct flock64 fl;
	int err;

	if (copy_from_user(&fl, (const void __user *)arg, sizeof(fl)))
		return -EFAULT;
	err = lock_command(f, fd, cmd, &fl);
	if (!err && cmd == F_GETLK64)
		err = copy_to_user((void __user *)arg, &fl, sizeof(fl));
	return err;
}

int32_t sys_flock(uint32_t fd, uint32_t operation)
{
	static const int types[] = {[LOCK_SH] = F_RDLCK, [LOCK_EX] = F_WRLCK, [LOCK_UN] = F_UNLCK};
	uint32_t what = operation & ~LOCK_NB;
	struct file *f;
	int err;

	if (what != LOCK_SH && what != LOCK_EX && what != LOCK_UN)
		return -EINVAL;
	f = user_file_io(fd);
	err = f ? filelock_flock(f, types[what], !(operation & LOCK_NB)) : -EBADF;
	file_put(f);
	return err;
}
