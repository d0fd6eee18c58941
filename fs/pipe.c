/*
 * pipe.c: see pipe.h.
 *
 * A pipe hangs at its inode while anybody has it open.
 *
 * Locks: pipe->lock (RANK_INODE) guards the ring; the user copy happens under it, so that a write
 * of up to PIPE_BUF bytes stays in one piece. The counts of ends are atomic: they change under
 * pipes_lock (RANK_LEAF), which also guards inode->pipe.
 */
#include "fs/pipe.h"

#include "fs/inode.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/poll.h"
#include "kernel/abi/restart.h"
#include "kernel/abi/stat.h"
#include "kernel/abi/termios.h"
#include "mm/kmalloc.h"

struct pipe {
	struct mutex lock;
	struct pipe_ring ring;
	uint32_t readers, writers; /* Ends that are open. */
	/* Ends that ever were: who waits for one sees it come and go. */
	uint32_t reader_opens, writer_opens;
	uint32_t refs; /* Open files; pipes_lock. */
	struct waitq read_wait, write_wait;
};

static struct spinlock pipes_lock = SPINLOCK_INIT("pipes", RANK_LEAF);

KMEM_CACHE(pipe_cache, struct pipe);

/* ---- the object ---- */

static struct pipe *pipe_alloc(void)
{
	struct pipe *p = kmem_cache_zalloc(&pipe_cache);

	if (!p)
		return NULL;
	if (ring_init(&p->ring) != 0) {
		kmem_cache_free(&pipe_cache, p);
		return NULL;
	}
	mutex_init(&p->lock, "pipe", RANK_INODE);
	waitq_init(&p->read_wait);
	waitq_init(&p->write_wait);
	return p;
}

static void pipe_free(struct pipe *p)
{
	if (!p)
		return;
	ring_destroy(&p->ring);
	kmem_cache_free(&pipe_cache, p);
}

/* f's inode's pipe with a reference, *fresh if it has none yet. NULL: neither. */
static struct pipe *pipe_get_locked(struct file *f, struct pipe **fresh)
{
	if (!f->inode->pipe) {
		f->inode->pipe = *fresh;
		*fresh = NULL;
	}
	if (f->inode->pipe)
		f->inode->pipe->refs++;
	return f->inode->pipe;
}

/* Count the end that f is. */
static void add_end_locked(struct file *f, struct pipe *p)
{
	/* A reader that saw no writer yet waits for one; one whose writers left is at the end. */
	f->private = (void *)p->writer_opens;
	if (file_readable(f)) {
		p->readers++;
		p->reader_opens++;
	}
	if (file_writable(f)) {
		p->writers++;
		p->writer_opens++;
	}
}

int pipe_attach(struct file *f)
{
	struct pipe *fresh = NULL, *p;

	for (;;) {
		spin_lock(&pipes_lock);
		p = pipe_get_locked(f, &fresh);
		if (p)
			add_end_locked(f, p);
		spin_unlock(&pipes_lock);
		if (p)
			break;
		fresh = pipe_alloc();
		if (!fresh)
			return -ENOMEM;
	}
	pipe_free(fresh);
	waitq_wake_all(&p->read_wait);
	waitq_wake_all(&p->write_wait);
	return 0;
}

static void pipe_put(struct inode *inode)
{
	struct pipe *p = inode->pipe;
	bool last;

	spin_lock(&pipes_lock);
	last = --p->refs == 0;
	if (last)
		inode->pipe = NULL;
	spin_unlock(&pipes_lock);
	if (last)
		pipe_free(p);
}

/* Our reference goes last of all: the pipe must still be there while we wake the other end. */
static void pipe_release(struct file *f)
{
	struct pipe *p = f->inode->pipe;

	spin_lock(&pipes_lock);
	if (file_readable(f))
		p->readers--;
	if (file_writable(f))
		p->writers--;
	spin_unlock(&pipes_lock);
	waitq_wake_all(&p->read_wait);
	waitq_wake_all(&p->write_wait);
	pipe_put(f->inode);
}

/* ---- reading and writing ---- */

static bool is_nonblocking(const struct file *f)
{
	return atomic_load(&f->flags) & O_NONBLOCK;
}

static ssize_t pipe_read(struct file *f, struct uio *u, loff_t *pos)
{
	struct pipe *p = f->inode->pipe;
	ssize_t n = 0;

	(void)pos;
	if (u->resid == 0)
		return 0;
	mutex_lock(&p->lock);
	while (ring_used(&p->ring) == 0 && atomic_load(&p->writers) > 0) {
		mutex_unlock(&p->lock);
		if (is_nonblocking(f))
			return -EAGAIN;
		if (waitq_wait_event_interruptible(
			    &p->read_wait, ring_used(&p->ring) > 0 || atomic_load(&p->writers) == 0,
			    0))
			return -ERESTARTSYS;
		mutex_lock(&p->lock);
	}
	if (ring_used(&p->ring) > 0)
		n = ring_drain(&p->ring, u, MIN(ring_used(&p->ring), u->resid));
	mutex_unlock(&p->lock);
	if (n > 0)
		waitq_wake_all(&p->write_wait);
	return n;
}

/* Wait until need bytes fit or nobody reads. pipe->lock is held, and dropped meanwhile. */
static int wait_for_room(struct file *f, struct pipe *p, uint32_t need)
{
	int err = 0;

	mutex_unlock(&p->lock);
	waitq_wake_all(&p->read_wait);
	if (is_nonblocking(f))
		err = -EAGAIN;
	else if (waitq_wait_event_interruptible(
			 &p->write_wait,
			 ring_room(&p->ring) >= need || atomic_load(&p->readers) == 0, 0))
		err = -ERESTARTSYS;
	mutex_lock(&p->lock);
	return err;
}

/* Put bytes in: at least need at once, if they are there to be had. Bytes moved, 0: no room. */
static ssize_t put_bytes(struct pipe *p, struct uio *u, uint32_t need)
{
	uint32_t ready;

	if (ring_room(&p->ring) < need)
		return 0;
	ready = ring_prepare(&p->ring, MIN(ring_room(&p->ring), u->resid));
	return ready < need ? 0 : ring_fill(&p->ring, u, ready);
}

static ssize_t write_locked(struct file *f, struct pipe *p, struct uio *u)
{
	uint32_t need = u->resid <= PIPE_BUF ? u->resid : 1;
	ssize_t done = 0, n = 0;

	while (u->resid > 0) {
		size_t left = u->resid;

		if (atomic_load(&p->readers) == 0) {
			n = -EPIPE;
			break;
		}
		n = put_bytes(p, u, need);
		if (n > 0) {
			done += n;
			if (left - u->resid > (size_t)n)
				break; /* Cut short by bad memory. */
			need = MIN(need, MAX(u->resid, 1u));
			continue;
		}
		/* There is room but no memory: in an empty pipe there always is. */
		if (n == 0)
			n = wait_for_room(f, p, ring_room(&p->ring) < need ? need : PIPE_CAPACITY);
		if (n < 0)
			break;
	}
	return done > 0 ? done : n;
}

static ssize_t pipe_write(struct file *f, struct uio *u, loff_t *pos)
{
	struct pipe *p = f->inode->pipe;
	ssize_t n;

	(void)pos;
	if (u->resid == 0)
		return 0;
	mutex_lock(&p->lock);
	n = write_locked(f, p, u);
	mutex_unlock(&p->lock);
	waitq_wake_all(&p->read_wait);
	return n;
}

static uint32_t pipe_poll(struct file *f, struct poll_table *pt)
{
	struct pipe *p = f->inode->pipe;
	uint32_t events = 0;

	if (file_readable(f)) {
		poll_wait(pt, &p->read_wait);
		if (ring_used(&p->ring) > 0)
			events |= POLLIN | POLLRDNORM;
		if (atomic_load(&p->writers) == 0 &&
		    atomic_load(&p->writer_opens) != (uint32_t)f->private)
			events |= POLLHUP;
	}
	if (file_writable(f)) {
		poll_wait(pt, &p->write_wait);
		if (ring_room(&p->ring) >= PIPE_BUF)
			events |= POLLOUT | POLLWRNORM;
		if (atomic_load(&p->readers) == 0)
			events |= POLLERR;
	}
	return events;
}

static int pipe_ioctl(struct file *f, uint32_t cmd, uint32_t arg)
{
	if (cmd != FIONREAD)
		return -ENOTTY;
	return put_user_u32((void __user *)arg, ring_used(&f->inode->pipe->ring));
}

/* ---- opening ---- */

/* Wait for the other side of a FIFO: until an end of the wanted kind was opened after we looked. */
static int wait_for_partner(struct file *f, struct pipe *p)
{
	uint32_t *opens = file_readable(f) ? &p->writer_opens : &p->reader_opens;
	uint32_t *partners = file_readable(f) ? &p->writers : &p->readers;
	uint32_t seen = atomic_load(opens);

	if (atomic_load(partners) > 0)
		return 0;
	if (waitq_wait_event_interruptible(file_readable(f) ? &p->read_wait : &p->write_wait,
					   atomic_load(opens) != seen, 0))
		return -ERESTARTSYS;
	return 0;
}

static bool has_reader(struct inode *inode)
{
	bool has;

	spin_lock(&pipes_lock);
	has = inode->pipe && inode->pipe->readers > 0;
	spin_unlock(&pipes_lock);
	return has;
}

/* FIFOs by name, and pipes again through /proc/PID/fd, where nobody waits. */
static int pipe_open(struct file *f)
{
	bool named = !(f->inode->super->flags & SUPER_NAMELESS);
	int err;

	if (named && is_nonblocking(f) && !file_readable(f) && !has_reader(f->inode))
		return -ENXIO;
	err = pipe_attach(f);
	if (err || !named || is_nonblocking(f) || (file_readable(f) && file_writable(f)))
		return err;
	err = wait_for_partner(f, f->inode->pipe);
	if (err)
		pipe_release(f);
	return err;
}

const struct file_ops pipe_file_ops = {
	.open = pipe_open,
	.read = pipe_read,
	.write = pipe_write,
	.poll = pipe_poll,
	.ioctl = pipe_ioctl,
	.release = pipe_release,
};

bool file_is_pipe(const struct file *f)
{
	return S_ISFIFO(f->inode->mode) && !(f->flags & O_PATH);
}
