/*
 * pipe.c: see pipe.h.
 *
 * A pipe hangs at its inode while anybody has it open. Bytes lie in PIPE_PAGES frames used as a
 * ring; a frame is there only while it holds bytes, so an idle pipe is small.
 *
 *	tail <= bytes <= head, both only grow (and wrap together); head - tail <= PIPE_CAPACITY
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
#include "mm/kmap.h"
#include "mm/pmm.h"

#define PIPE_PAGES (PIPE_CAPACITY / PAGE_SIZE)

struct pipe {
	struct mutex lock;
	uint32_t head, tail; /* Atomic to look at: bytes ever written and read. */
	struct frame *pages[PIPE_PAGES];
	uint32_t readers, writers; /* Ends that are open. */
	/* Ends that ever were: who waits for one sees it come and go. */
	uint32_t reader_opens, writer_opens;
	uint32_t refs; /* Open files; pipes_lock. */
	struct waitq read_wait, write_wait;
};

static struct spinlock pipes_lock = SPINLOCK_INIT("pipes", RANK_LEAF);

KMEM_CACHE(pipe_cache, struct pipe);

/* ---- the ring ---- */

static uint32_t pipe_used(const struct pipe *p)
{
	return atomic_load(&p->head) - atomic_load(&p->tail);
}

static uint32_t pipe_room(const struct pipe *p)
{
	return PIPE_CAPACITY - pipe_used(p);
}

static struct frame **page_at(struct pipe *p, uint32_t at)
{
	return &p->pages[at / PAGE_SIZE % PIPE_PAGES];
}

/* The longest run from at that stays in one page, at most n. */
static uint32_t run_length(uint32_t at, uint32_t n)
{
	return MIN(n, PAGE_SIZE - at % PAGE_SIZE);
}

static struct frame *ring_page_alloc(void)
{
	struct frame *f = frame_alloc(0);

	if (f)
		frame_set(f, FRAME_KERNEL);
	return f;
}

static void ring_page_free(struct frame *f)
{
	frame_clear(f, FRAME_KERNEL);
	frame_put(f);
}

/* Move up to n bytes from the user to the head. Bytes moved, -EFAULT or -ENOMEM when none. */
static ssize_t ring_fill(struct pipe *p, struct uio *u, uint32_t n)
{
	ssize_t done = 0;

	while (n > 0) {
		uint32_t run = run_length(p->head, n), moved;
		struct frame **page = page_at(p, p->head);
		uint8_t *va;

		if (!*page)
			*page = ring_page_alloc();
		if (!*page)
			return done > 0 ? done : -ENOMEM;
		va = kmap(*page);
		moved = uio_copy_in(u, va + p->head % PAGE_SIZE, run);
		kunmap(*page, va);
		atomic_store(&p->head, p->head + moved);
		done += (ssize_t)moved;
		n -= moved;
		if (moved < run)
			break;
	}
	return done > 0 ? done : -EFAULT;
}

/* Give back the page that holds last_byte, the last one read, once nothing of it is left to read.
 * In a nearly full ring the newest bytes may lie in the same page. */
static void release_drained(struct pipe *p, uint32_t last_byte)
{
	struct frame **page = page_at(p, last_byte);

	if (p->tail != p->head &&
	    (p->tail % PAGE_SIZE != 0 || pipe_used(p) > PIPE_CAPACITY - PAGE_SIZE))
		return;
	ring_page_free(*page);
	*page = NULL;
}

/* Move up to n bytes from the tail to the user. Bytes moved, or -EFAULT when none. */
static ssize_t ring_drain(struct pipe *p, struct uio *u, uint32_t n)
{
	ssize_t done = 0;

	while (n > 0) {
		uint32_t run = run_length(p->tail, n), moved;
		struct frame *page = *page_at(p, p->tail);
		uint8_t *va = kmap(page);

		moved = uio_copy_out(u, va + p->tail % PAGE_SIZE, run);
		kunmap(page, va);
		if (moved > 0) {
			uint32_t last = p->tail + moved - 1;

			atomic_store(&p->tail, p->tail + moved);
			release_drained(p, last);
		}
		done += (ssize_t)moved;
		n -= moved;
		if (moved < run)
			break;
	}
	return done > 0 ? done : -EFAULT;
}

/* ---- the object ---- */

static struct pipe *pipe_alloc(void)
{
	struct pipe *p = kmem_cache_zalloc(&pipe_cache);

	if (!p)
		return NULL;
	mutex_init(&p->lock, "pipe", RANK_INODE);
	waitq_init(&p->read_wait);
	waitq_init(&p->write_wait);
	return p;
}

static void pipe_free(struct pipe *p)
{
	if (!p)
		return;
	for (uint32_t i = 0; i < PIPE_PAGES; i++)
		if (p->pages[i])
			ring_page_free(p->pages[i]);
	kmem_cache_free(&pipe_cache, p);
}

int pipe_attach(struct file *f)
{
	struct pipe *fresh = pipe_alloc(), *p;

	if (!fresh)
		return -ENOMEM;
	spin_lock(&pipes_lock);
	if (!f->inode->pipe) {
		f->inode->pipe = fresh;
		fresh = NULL;
	}
	p = f->inode->pipe;
	p->refs++;
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
	spin_unlock(&pipes_lock);
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
	while (pipe_used(p) == 0 && atomic_load(&p->writers) > 0) {
		mutex_unlock(&p->lock);
		if (is_nonblocking(f))
			return -EAGAIN;
		if (waitq_wait_event_interruptible(
			    &p->read_wait, pipe_used(p) > 0 || atomic_load(&p->writers) == 0, 0))
			return -ERESTARTSYS;
		mutex_lock(&p->lock);
	}
	if (pipe_used(p) > 0)
		n = ring_drain(p, u, MIN(pipe_used(p), u->resid));
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
			 &p->write_wait, pipe_room(p) >= need || atomic_load(&p->readers) == 0, 0))
		err = -ERESTARTSYS;
	mutex_lock(&p->lock);
	return err;
}

static ssize_t write_locked(struct file *f, struct pipe *p, struct uio *u)
{
	uint32_t need = u->resid <= PIPE_BUF ? u->resid : 1;
	ssize_t done = 0, n = 0;

	while (u->resid > 0) {
		if (atomic_load(&p->readers) == 0) {
			n = -EPIPE;
			break;
		}
		if (pipe_room(p) < need) {
			n = wait_for_room(f, p, need);
			if (n < 0)
				break;
			continue;
		}
		n = ring_fill(p, u, MIN(pipe_room(p), u->resid));
		if (n < 0)
			break;
		done += n;
		need = MIN(need, MAX(u->resid, 1u));
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
		if (pipe_used(p) > 0)
			events |= POLLIN | POLLRDNORM;
		if (atomic_load(&p->writers) == 0 &&
		    atomic_load(&p->writer_opens) != (uint32_t)f->private)
			events |= POLLHUP;
	}
	if (file_writable(f)) {
		poll_wait(pt, &p->write_wait);
		if (pipe_room(p) >= PIPE_BUF)
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
	return put_user_u32((void __user *)arg, pipe_used(f->inode->pipe));
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
