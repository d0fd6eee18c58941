/*
 * sys_file.c: opening files and moving bytes.
 */
#include "kernel/sys_file.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/resource.h"
#include "kernel/abi/stat.h"
#include "kernel/abi/uio.h"
#include "kernel/signal.h"
#include "kernel/user_path.h"
#include "mm/kmalloc.h"

/* Copies between two files go through a buffer of this size. */
#define BOUNCE_BYTES PAGE_SIZE

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

int32_t sys_open(uint32_t path, uint32_t flags, uint32_t mode)
{
	return sys_openat((uint32_t)AT_FDCWD, path, flags, mode);
}

int32_t sys_creat(uint32_t path, uint32_t mode)
{
	return sys_open(path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

int32_t sys_close(uint32_t fd)
{
	return fd_close(proc_current()->files, fd);
}

/* ---- reading and writing ---- */

typedef ssize_t (*transfer_fn)(struct file *f, struct uio *u);

/* The signals that go with some errors of writing. */
static int32_t write_result(ssize_t n)
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

/* Copy an array of segments. The sum is cut to IO_BYTES_MAX, as Linux does. 0, and *iov to be freed
 * if not NULL; -EINVAL, -EFAULT, -ENOMEM. */
static int iov_from_user(uint32_t iov_user, uint32_t count, struct iov **iov, struct uio *u)
{
	uint32_t total = 0;

	*iov = NULL;
	if (count > IOV_MAX)
		return -EINVAL;
	*iov = kmalloc(MAX(count, 1u) * sizeof(**iov));
	if (!*iov)
		return -ENOMEM;
	if (copy_from_user(*iov, (const void __user *)iov_user, count * sizeof(**iov)))
		return -EFAULT;
	for (uint32_t i = 0; i < count; i++) {
		struct iov *v = &(*iov)[i];

		if ((int32_t)v->len < 0)
			return -EINVAL;
		if (v->base >= USER_END)
			return -EFAULT;
		v->len = MIN(v->len, IO_BYTES_MAX - total);
		total += v->len;
	}
	*u = (struct uio){.iov = *iov, .count = count, .resid = total};
	return 0;
}

/* Move bytes of several buffers; pos NULL: at the file's position. */
static int32_t move_vector(uint32_t fd, uint32_t iov_user, uint32_t count, const loff_t *pos,
			   bool write)
{
	struct file *f = user_file(fd);
	struct iov *iov = NULL;
	struct uio u;
	loff_t at = pos ? *pos : 0;
	ssize_t n = -EBADF;

	if (f && (write ? file_writable(f) : file_readable(f)))
		n = pos && !f->ops->positioned ? -ESPIPE : iov_from_user(iov_user, count, &iov, &u);
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
	ssize_t n = -EBADF;

	if (pos < 0)
		return -EINVAL;
	f = user_file(fd);
	if (f && (write ? file_writable(f) : file_readable(f))) {
		uio_init_user(&u, (void __user *)buf, MIN(count, IO_BYTES_MAX));
		if (!f->ops->positioned)
			n = -ESPIPE;
		else if (buf >= USER_END)
			n = -EFAULT;
		else
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

/* ---- from file to file ---- */

/* One bufferful from in at *pos to out. Bytes that arrived, 0 at the end, -errno. */
static ssize_t send_some(struct file *out, struct file *in, loff_t *pos, char *bounce, uint32_t n)
{
	loff_t from = *pos;
	struct uio u;
	ssize_t got, sent;

	uio_init_kernel(&u, bounce, n);
	got = file_read(in, &u, &from);
	if (got <= 0)
		return got;
	uio_init_kernel(&u, bounce, (size_t)got);
	sent = file_write_at_pos(out, &u);
	if (sent > 0)
		*pos += sent;
	return sent;
}

static ssize_t send_all(struct file *out, struct file *in, loff_t *pos, uint32_t count)
{
	char *bounce = kmalloc(BOUNCE_BYTES);
	ssize_t done = 0, n = 0;

	if (!bounce)
		return -ENOMEM;
	count = MIN(count, IO_BYTES_MAX);
	while (count > 0) {
		uint32_t part = MIN(count, BOUNCE_BYTES);

		n = send_some(out, in, pos, bounce, part);
		if (n <= 0)
			break;
		done += n;
		count -= (uint32_t)n;
		if ((uint32_t)n < part && !in->ops->positioned)
			break;
		if (signal_fatal_pending())
			break;
	}
	kfree(bounce);
	return done > 0 ? done : n;
}

/* pos NULL: from the file's own position, which moves. */
static int32_t send_file(uint32_t out_fd, uint32_t in_fd, loff_t *pos, uint32_t count)
{
	struct file *in = user_file(in_fd), *out = user_file(out_fd);
	ssize_t n = -EBADF;
	loff_t at;

	if (in && out && file_readable(in) && file_writable(out)) {
		at = pos ? *pos : in->pos;
		if (!in->ops->mmap) /* Only what could be mapped can be sent, as on Linux. */
			n = pos && !in->ops->positioned ? -ESPIPE : -EINVAL;
		else if (atomic_load(&out->flags) & O_APPEND)
			n = -EINVAL;
		else
			n = send_all(out, in, &at, count);
		if (pos)
			*pos = at;
		else if (n > 0)
			file_seek(in, at, SEEK_SET);
	}
	file_put(in);
	file_put(out);
	return write_result(n);
}

int32_t sys_sendfile64(uint32_t out_fd, uint32_t in_fd, uint32_t offset_user, uint32_t count)
{
	loff_t pos = 0;
	int32_t n;

	if (offset_user && copy_from_user(&pos, (const void __user *)offset_user, sizeof(pos)))
		return -EFAULT;
	n = send_file(out_fd, in_fd, offset_user ? &pos : NULL, count);
	if (offset_user && n >= 0 && copy_to_user((void __user *)offset_user, &pos, sizeof(pos)))
		return -EFAULT;
	return n;
}

int32_t sys_sendfile(uint32_t out_fd, uint32_t in_fd, uint32_t offset_user, uint32_t count)
{
	loff_t pos = 0;
	uint32_t low = 0;
	int32_t n;

	if (offset_user && copy_from_user(&low, (const void __user *)offset_user, sizeof(low)))
		return -EFAULT;
	pos = (int32_t)low;
	n = send_file(out_fd, in_fd, offset_user ? &pos : NULL, count);
	low = (uint32_t)pos;
	if (offset_user && n >= 0 && copy_to_user((void __user *)offset_user, &low, sizeof(low)))
		return -EFAULT;
	return n;
}
