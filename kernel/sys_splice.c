/*
 * sys_splice.c: bytes from one file to another that no program wants to see: sendfile, copy_file_range,
 * splice.
 *
 * All go through a page of the kernel's. A pipe gives and takes at most that page a call, so that a
 * call blocks no longer than the pipe lets it begin. What was taken out of a pipe and then cannot be
 * written is lost, as it would be to a program that reads and writes.
 */
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/poll.h"
#include "kernel/abi/stat.h"
#include "kernel/abi/uio.h"
#include "kernel/proc.h"
#include "kernel/signal.h"
#include "kernel/syscall.h"
#include "kernel/user_iov.h"
#include "kernel/user_path.h"
#include "fs/pipe.h"
#include "mm/kmalloc.h"

#define BOUNCE_BYTES PAGE_SIZE

/* One end of a transfer. */
struct end {
	uint32_t fd;
	uint32_t pos_user; /* Where the program keeps the position, 0: the file keeps it, if any. */
	struct file *file;
	loff_t pos;
};

struct transfer {
	struct end in, out;
	uint32_t count, flags;
};

/* ---- the transfer itself ---- */

/* One bufferful. Bytes that arrived, 0 at the end, -errno. */
static ssize_t send_some(struct transfer *t, char *bounce, uint32_t n)
{
	loff_t from = t->in.pos;
	struct uio u;
	ssize_t got, sent;

	uio_init_kernel(&u, bounce, n);
	got = file_read(t->in.file, &u, &from);
	if (got <= 0)
		return got;
	uio_init_kernel(&u, bounce, (size_t)got);
	sent = t->out.pos_user ? file_write(t->out.file, &u, &t->out.pos)
			       : file_write_at_pos(t->out.file, &u);
	if (sent > 0)
		t->in.pos += sent;
	return sent;
}

static ssize_t send_all(struct transfer *t)
{
	uint32_t left = MIN(t->count, IO_BYTES_MAX);
	char *bounce = kmalloc(BOUNCE_BYTES);
	ssize_t done = 0, n = 0;

	if (!bounce)
		return -ENOMEM;
	do {
		n = send_some(t, bounce, MIN(left, BOUNCE_BYTES));
		if (n <= 0)
			break;
		done += n;
		left -= (uint32_t)n;
	} while (left > 0 && t->in.file->ops->positioned && !signal_fatal_pending());
	kfree(bounce);
	if (done > 0 && !t->in.pos_user && t->in.file->ops->positioned)
		file_seek(t->in.file, t->in.pos, SEEK_SET);
	return done > 0 ? done : n;
}

/* ---- what may go where ---- */

/* Only what could be mapped can be sent, as on Linux. */
static ssize_t do_sendfile(struct transfer *t)
{
	const struct file *in = t->in.file, *out = t->out.file;

	if (!file_readable(in) || !file_writable(out))
		return -EBADF;
	if (!in->ops->mmap)
		return t->in.pos_user && !in->ops->positioned ? -ESPIPE : -EINVAL;
	if (file_is_pipe(out))
		return file_poll(t->out.file, NULL) & POLLERR ? -EPIPE : send_all(t);
	return atomic_load(&out->flags) & O_APPEND ? -EINVAL : send_all(t);
}

static bool ranges_overlap(const struct transfer *t)
{
	return t->in.file->inode == t->out.file->inode && t->in.pos < t->out.pos + t->count &&
	       t->out.pos < t->in.pos + t->count;
}

static bool wraps(const struct end *e, uint32_t count)
{
	return (uint64_t)e->pos + count < (uint64_t)e->pos;
}

static ssize_t do_copy_file_range(struct transfer *t)
{
	const struct file *in = t->in.file, *out = t->out.file;
	loff_t left;

	if (t->flags)
		return -EINVAL;
	if (S_ISDIR(in->inode->mode) || S_ISDIR(out->inode->mode))
		return -EISDIR;
	if (!S_ISREG(in->inode->mode) || !S_ISREG(out->inode->mode))
		return -EINVAL;
	if (!file_readable(in) || !file_writable(out) || atomic_load(&out->flags) & O_APPEND)
		return -EBADF;
	if (in->inode->super != out->inode->super)
		return -EXDEV;
	if (wraps(&t->in, t->count) || wraps(&t->out, t->count))
		return -EOVERFLOW;
	if (t->in.pos < 0 || t->out.pos < 0)
		return -EINVAL;
	left = inode_size(in->inode) - t->in.pos; /* What the copy itself adds is not copied. */
	t->count = (uint32_t)MIN((loff_t)t->count, MAX(left, 0));
	if (ranges_overlap(t))
		return -EINVAL;
	return t->count ? send_all(t) : 0;
}

static ssize_t do_splice(struct transfer *t)
{
	const struct file *in = t->in.file, *out = t->out.file;
	bool from_pipe = file_is_pipe(in);
	uint32_t events = from_pipe ? POLLIN | POLLHUP : POLLOUT | POLLERR;

	if (t->flags & ~(SPLICE_F_MOVE | SPLICE_F_NONBLOCK | SPLICE_F_MORE | SPLICE_F_GIFT))
		return -EINVAL;
	if (!file_readable(in) || !file_writable(out))
		return -EBADF;
	if (from_pipe ? t->in.pos_user : file_is_pipe(out) && t->out.pos_user)
		return -ESPIPE;
	if (from_pipe == file_is_pipe(out) || (!from_pipe && !in->ops->mmap) ||
	    atomic_load(&out->flags) & O_APPEND)
		return -EINVAL;
	if (t->flags & SPLICE_F_NONBLOCK &&
	    !(file_poll(from_pipe ? t->in.file : t->out.file, NULL) & events))
		return -EAGAIN;
	t->count = MIN(t->count, BOUNCE_BYTES);
	return send_all(t);
}

/* ---- the calls ---- */

/* 0, -EBADF, -EFAULT. */
static int end_take(struct end *e)
{
	e->file = user_file_io(e->fd);
	if (!e->file)
		return -EBADF;
	if (!e->pos_user)
		e->pos = e->file->pos;
	else if (copy_from_user(&e->pos, (const void __user *)e->pos_user, sizeof(e->pos)))
		return -EFAULT;
	return 0;
}

/* Tell the program where its position is now. n, or -EFAULT. */
static int32_t end_give(struct end *e, int32_t n)
{
	file_put(e->file);
	if (n >= 0 && e->pos_user &&
	    copy_to_user((void __user *)e->pos_user, &e->pos, sizeof(e->pos)))
		return -EFAULT;
	return n;
}

static int32_t transfer(struct transfer *t, ssize_t (*move)(struct transfer *))
{
	int32_t n = end_take(&t->in);

	if (!n)
		n = end_take(&t->out);
	if (!n)
		n = write_result(move(t));
	return end_give(&t->out, end_give(&t->in, n));
}

int32_t sys_sendfile64(uint32_t out_fd, uint32_t in_fd, uint32_t pos, uint32_t count)
{
	struct transfer t = {
		.in = {.fd = in_fd, .pos_user = pos}, .out = {.fd = out_fd}, .count = count};

	return transfer(&t, do_sendfile);
}

int32_t sys_copy_file_range(uint32_t in_fd, uint32_t in_pos, uint32_t out_fd, uint32_t out_pos,
			    uint32_t count, uint32_t flags)
{
	struct transfer t = {.in = {.fd = in_fd, .pos_user = in_pos},
			     .out = {.fd = out_fd, .pos_user = out_pos},
			     .count = count,
			     .flags = flags};

	return transfer(&t, do_copy_file_range);
}

int32_t sys_splice(uint32_t in_fd, uint32_t in_pos, uint32_t out_fd, uint32_t out_pos,
		   uint32_t count, uint32_t flags)
{
	struct transfer t = {.in = {.fd = in_fd, .pos_user = in_pos},
			     .out = {.fd = out_fd, .pos_user = out_pos},
			     .count = count,
			     .flags = flags};

	return count ? transfer(&t, do_splice) : 0;
}
