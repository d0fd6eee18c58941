/*
 * sys_file.c: opening files and moving bytes.
 */
#include "kernel/syscall.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/resource.h"
#include "kernel/abi/stat.h"
#include "kernel/abi/uio.h"
#include "kernel/signal.h"
#include "kernel/user_iov.h"
#include "kernel/user_path.h"
#include "mm/kmalloc.h"

static loff_t offset_of(uint32_t low, uint32_t high)
{
	return (loff_t)((uint64_t)high << 32 | low);
}

/* ---- opening ---- */

int32_t sys_openat(uint32_t dirfd, uint32_t path_user, uint32_t flags, uint32_t mode)
{
	struct proc *p = proc_current();
	struct user_path up;
	struct file *f;
	int32_t result = user_path_get(&up, dirfd, path_user);

	if (!result)
		result = file_open(p->fs, up.from.base, up.text, flags,
				   mode & S_IALLUGO & ~atomic_load(&p->fs->umask), &f);
	user_path_put(&up);
	if (result)
		return result;
	result = fd_install(p->files, f, 0, p->limits[RLIMIT_NOFILE].cur, flags & O_CLOEXEC);
	if (result < 0)
		file_put(f);
	return result == -EINVAL ? -EMFILE : result; /* A limit of 0. */
}

int32_t sys_close(uint32_t fd)
{
	return fd_close(proc_current()->files, fd);
}

/* ---- reading and writing ---- */

typedef ssize_t (*transfer_fn)(struct file *f, struct uio *u);

int32_t write_result(ssize_t n)
{
	struct proc *p = proc_current();

	if (n == -EPIPE)
		signal_send_task(task_current(), SIGPIPE, NULL);
	if (n == -EFBIG && p->limits[RLIMIT_FSIZE].cur != UINT32_MAX)
		signal_send_task(task_current(), SIGXFSZ, NULL);
	return n;
}

/* Move bytes of one buffer at the file's position. A buffer that reaches beyond user space may have
 * a part that does not, so only its start is looked at here. */
static int32_t move_buffer(uint32_t fd, uint32_t buf, uint32_t count,
			   bool (*may)(const struct file *), transfer_fn move)
{
	struct file *f = user_file(fd);
	struct uio u;
	ssize_t n = -EBADF;

	if (f && may(f)) {
		uio_init_user(&u, (void __user *)buf, MIN(count, IO_BYTES_MAX));
		n = buf < USER_END ? move(f, &u) : -EFAULT;
	}
	file_put(f);
	return n;
}

int32_t sys_read(uint32_t fd, uint32_t buf, uint32_t count)
{
	return move_buffer(fd, buf, count, file_readable, file_read_at_pos);
}

int32_t sys_write(uint32_t fd, uint32_t buf, uint32_t count)
{
	return write_result(move_buffer(fd, buf, count, file_writable, file_write_at_pos));
}

/* May bytes be moved? Linux asks for a position, where one is needed, before it asks for the right. */
static int check_move(const struct file *f, bool at_pos, bool write)
{
	if (!f || f->flags & O_PATH)
		return -EBADF;
	if (at_pos && !f->ops->positioned)
		return -ESPIPE;
	return (write ? file_writable(f) : file_readable(f)) ? 0 : -EBADF;
}

/* Move bytes of several buffers; pos NULL: at the file's position. */
static int32_t move_vector(uint32_t fd, uint32_t iov_user, uint32_t count, const loff_t *pos,
			   bool write)
{
	struct file *f = user_file(fd);
	struct iov *iov = NULL;
	struct uio u;
	loff_t at = pos ? *pos : 0;
	ssize_t n = check_move(f, pos, write);

	if (n == 0)
		n = iov_from_user(iov_user, count, &iov, &u);
	if (n == 0 && u.resid > 0) {
		if (pos)
			n = write ? file_write(f, &u, &at) : file_read(f, &u, &at);
		else
			n = write ? file_write_at_pos(f, &u) : file_read_at_pos(f, &u);
	}
	kfree(iov);
	file_put(f);
	return write ? write_result(n) : n;
}

int32_t sys_readv(uint32_t fd, uint32_t iov, uint32_t count)
{
	return move_vector(fd, iov, count, NULL, false);
}

int32_t sys_writev(uint32_t fd, uint32_t iov, uint32_t count)
{
	return move_vector(fd, iov, count, NULL, true);
}

int32_t sys_preadv(uint32_t fd, uint32_t iov, uint32_t count, uint32_t pos_low, uint32_t pos_high)
{
	loff_t pos = offset_of(pos_low, pos_high);

	return pos < 0 ? -EINVAL : move_vector(fd, iov, count, &pos, false);
}

int32_t sys_pwritev(uint32_t fd, uint32_t iov, uint32_t count, uint32_t pos_low, uint32_t pos_high)
{
	loff_t pos = offset_of(pos_low, pos_high);

	return pos < 0 ? -EINVAL : move_vector(fd, iov, count, &pos, true);
}

/* One buffer at a position of the caller's. */
static int32_t move_at(uint32_t fd, uint32_t buf, uint32_t count, loff_t pos, bool write)
{
	struct file *f;
	struct uio u;
	ssize_t n;

	if (pos < 0)
		return -EINVAL;
	f = user_file(fd);
	n = check_move(f, true, write);
	if (n == 0 && buf >= USER_END)
		n = -EFAULT;
	if (n == 0) {
		uio_init_user(&u, (void __user *)buf, MIN(count, IO_BYTES_MAX));
		n = write ? file_write(f, &u, &pos) : file_read(f, &u, &pos);
	}
	file_put(f);
	return write ? write_result(n) : n;
}

int32_t sys_pread64(uint32_t fd, uint32_t buf, uint32_t count, uint32_t pos_low, uint32_t pos_high)
{
	return move_at(fd, buf, count, offset_of(pos_low, pos_high), false);
}

int32_t sys_pwrite64(uint32_t fd, uint32_t buf, uint32_t count, uint32_t pos_low, uint32_t pos_high)
{
	return move_at(fd, buf, count, offset_of(pos_low, pos_high), true);
}

/* ---- positions ---- */

static loff_t seek(uint32_t fd, loff_t offset, uint32_t whence)
{
	struct file *f = user_file_io(fd);
	loff_t pos = -EBADF;

	if (f)
		pos = whence <= SEEK_HOLE ? file_seek(f, offset, (int)whence) : -EINVAL;
	file_put(f);
	return pos;
}

int32_t sys_lseek(uint32_t fd, uint32_t offset, uint32_t whence)
{
	loff_t pos = seek(fd, (int32_t)offset, whence);

	return pos > INT32_MAX ? -EOVERFLOW : (int32_t)pos;
}

int32_t sys_llseek(uint32_t fd, uint32_t high, uint32_t low, uint32_t result, uint32_t whence)
{
	loff_t pos = seek(fd, offset_of(low, high), whence);

	if (pos < 0)
		return (int32_t)pos;
	return copy_to_user((void __user *)result, &pos, sizeof(pos));
}
