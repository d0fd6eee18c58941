/*
 * tty_io.c: read, write and poll of a terminal.
 *
 * A transfer of several bytes is kept in one piece by read_lock or write_lock. Bytes go through a
 * buffer on the stack, since user memory may not be touched under tty->lock.
 */
#include "arch/x86/clock.h"
#include "drivers/tty_line.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/poll.h"
#include "kernel/abi/restart.h"
#include "kernel/lib/atomic.h"

#define CHUNK 256u
#define VTIME_UNIT (NSEC_PER_SEC / 10)

/* Take the lock that keeps transfers in one piece. */
static int transfer_lock(struct mutex *m, bool nonblock)
{
	if (nonblock)
		return mutex_trylock(m) ? 0 : -EAGAIN;
	return mutex_lock_interruptible(m) ? -ERESTARTSYS : 0;
}

/* ---- read ---- */

/* A read that was prepared for one mode and finds the other starts over. Never seen outside. */
#define MODE_CHANGED 1

struct tty_read {
	struct chardev_handle *h;
	struct tty *tty;
	struct uio *u;
	bool nonblock;
	size_t done;
};

static bool tty_is_canonical(const struct tty *tty)
{
	return atomic_load(&tty->termios.c_lflag) & ICANON;
}

static bool tty_has_line(const struct tty *tty)
{
	return atomic_load(&tty->line_end) != atomic_load(&tty->in.tail);
}

static bool tty_has_bytes(const struct tty *tty)
{
	return atomic_load(&tty->in.head) != atomic_load(&tty->in.tail);
}

static bool is_eof_mark(const struct tty *tty, uint32_t pos)
{
	return bitmap_test(tty->line_marks, pos % TTY_RING) && ring_at(&tty->in, pos) == '\0';
}

/* Take up to n bytes of the first line; *end: that was all of it. An end of file is never a byte,
 * and one that follows the last byte asked for goes with it. */
static size_t take_line(struct tty *tty, uint8_t *buf, size_t n, bool *end)
{
	size_t taken = 0;

	*end = false;
	while (taken < n && !*end && tty_has_line(tty) && !is_eof_mark(tty, tty->in.tail)) {
		*end = bitmap_test(tty->line_marks, tty->in.tail % TTY_RING);
		buf[taken++] = ring_get(&tty->in);
	}
	if (!*end && tty_has_line(tty) && is_eof_mark(tty, tty->in.tail)) {
		ring_get(&tty->in);
		*end = true;
	}
	return taken;
}

static size_t take_bytes(struct tty *tty, uint8_t *buf, size_t n)
{
	size_t taken = 0;

	while (taken < n && tty_has_bytes(tty))
		buf[taken++] = ring_get(&tty->in);
	tty->line_end = tty->in.tail;
	return taken;
}

/* Move one chunk to the reader. The bytes moved; -EFAULT when a page is missing. *end as
 * take_line. */
static ssize_t read_chunk(struct tty_read *r, bool canonical, bool *end)
{
	uint8_t buf[CHUNK];
	size_t n = MIN(r->u->resid, sizeof(buf));
	uint32_t flags = spin_lock_irq(&r->tty->lock);
	size_t moved;

	n = canonical ? take_line(r->tty, buf, n, end) : take_bytes(r->tty, buf, n);
	tty_flow_control(r->tty);
	tty_start(r->tty);
	if (tty_has_work(r->tty))
		tty_kick();
	spin_unlock_irq(&r->tty->lock, flags);
	moved = uio_copy_out(r->u, buf, n);
	r->done += moved;
	return moved < n ? -EFAULT : (ssize_t)moved;
}

/* Sleep until ready or the mode changed. 0; -EAGAIN, -ERESTARTSYS, -ETIMEDOUT, MODE_CHANGED. */
static int read_wait(struct tty_read *r, bool (*ready)(const struct tty *), bool canonical,
		     uint64_t deadline)
{
	int err;

	if (r->nonblock)
		return -EAGAIN;
	err = waitq_wait_event_interruptible(&r->tty->readers,
					     ready(r->tty) || tty_is_dead(r->h) ||
						     tty_is_canonical(r->tty) != canonical,
					     deadline);
	if (err)
		return err == -EINTR ? -ERESTARTSYS : err;
	if (tty_is_canonical(r->tty) != canonical)
		return MODE_CHANGED;
	/* While we slept the terminal may have been given to another group. */
	return tty_jobctl ? tty_jobctl->check_read(r->tty) : 0;
}

static int read_canonical(struct tty_read *r)
{
	bool end = false;

	while (!end && r->u->resid > 0) {
		int err = 0;

		if (tty_has_line(r->tty))
			err = MIN(read_chunk(r, true, &end), 0);
		else if (r->done > 0 || tty_is_dead(r->h))
			return 0; /* The rest of the line was flushed, or all is over. */
		else
			err = read_wait(r, tty_has_line, true, 0);
		if (err)
			return err;
	}
	return 0;
}

/* MIN and TIME as termios(3) has them: TIME alone limits the whole read, with MIN the gap between
 * bytes. */
static int read_raw(struct tty_read *r)
{
	uint32_t min = r->tty->termios.c_cc[VMIN];
	uint64_t time = r->tty->termios.c_cc[VTIME] * VTIME_UNIT;
	uint64_t deadline = min == 0 && time ? clock_now() + time : 0;
	bool end;

	while (r->u->resid > 0) {
		ssize_t n = read_chunk(r, false, &end);
		int err;

		if (n < 0)
			return (int)n;
		if (n > 0) {
			if (min > 0 && time)
				deadline = clock_now() + time;
			continue;
		}
		if (r->done >= MAX(min, 1u) || tty_is_dead(r->h) || (min == 0 && !time))
			return 0;
		err = read_wait(r, tty_has_bytes, false, deadline);
		if (err)
			return err == -ETIMEDOUT ? 0 : err;
	}
	return 0;
}

ssize_t tty_read(struct chardev_handle *h, struct uio *u, bool nonblock)
{
	struct tty_read r = {.h = h, .tty = h->private, .u = u, .nonblock = nonblock};
	int err;

	if (tty_is_dead(h) || u->resid == 0)
		return 0;
	err = tty_jobctl ? tty_jobctl->check_read(r.tty) : 0;
	if (!err)
		err = transfer_lock(&r.tty->read_lock, nonblock);
	if (err)
		return err;
	do {
		err = tty_is_canonical(r.tty) ? read_canonical(&r) : read_raw(&r);
	} while (err == MODE_CHANGED && r.done == 0);
	mutex_unlock(&r.tty->read_lock);
	return r.done > 0 || err == MODE_CHANGED ? (ssize_t)r.done : err;
}

/* ---- write ---- */

static bool tty_has_room(const struct tty *tty)
{
	return TTY_RING - (atomic_load(&tty->out.head) - atomic_load(&tty->out.tail)) >=
	       TTY_OUT_WAKE;
}

static bool tty_is_drained(const struct tty *tty)
{
	return atomic_load(&tty->out.head) == atomic_load(&tty->out.tail);
}

static int write_wait(struct chardev_handle *h, bool (*ready)(const struct tty *))
{
	struct tty *tty = h->private;

	if (waitq_wait_event_interruptible(&tty->writers, ready(tty) || tty_is_dead(h), 0))
		return -ERESTARTSYS;
	return tty_is_dead(h) ? -EIO : 0;
}

/* Put n bytes of buf into the output ring, waiting for room; *done counts them. */
static int write_chunk(struct chardev_handle *h, const uint8_t *buf, size_t n, bool nonblock,
		       size_t *done)
{
	struct tty *tty = h->private;

	for (;;) {
		uint32_t flags = spin_lock_irq(&tty->lock);
		size_t put = 0;
		int err;

		while (put < n && tty_put(tty, buf[put]))
			put++;
		tty_start(tty);
		spin_unlock_irq(&tty->lock, flags);
		*done += put;
		buf += put;
		n -= put;
		if (n == 0)
			return 0;
		err = nonblock ? -EAGAIN : write_wait(h, tty_has_room);
		if (err)
			return err;
	}
}

static int write_check(struct chardev_handle *h)
{
	struct tty *tty = h->private;

	if (tty_is_dead(h))
		return -EIO;
	if (tty_jobctl && tty->termios.c_lflag & TOSTOP)
		return tty_jobctl->check_change(tty);
	return 0;
}

ssize_t tty_write(struct chardev_handle *h, struct uio *u, bool nonblock)
{
	struct tty *tty = h->private;
	uint8_t buf[CHUNK];
	size_t done = 0;
	int err = write_check(h);

	if (!err)
		err = transfer_lock(&tty->write_lock, nonblock);
	if (err)
		return err;
	while (!err && u->resid > 0) {
		size_t wanted = MIN(u->resid, sizeof(buf));
		size_t n = uio_copy_in(u, buf, wanted);

		err = write_chunk(h, buf, n, nonblock, &done);
		if (!err && n < wanted)
			err = -EFAULT;
	}
	mutex_unlock(&tty->write_lock);
	return done > 0 ? (ssize_t)done : err;
}

int tty_drain(struct chardev_handle *h)
{
	return write_wait(h, tty_is_drained);
}

/* ---- poll ---- */

uint32_t tty_poll(struct chardev_handle *h, struct poll_table *pt)
{
	struct tty *tty = h->private;
	uint32_t events = 0;

	poll_wait(pt, &tty->readers);
	poll_wait(pt, &tty->writers);
	if (tty_is_dead(h))
		return POLLIN | POLLOUT | POLLERR | POLLHUP | POLLRDNORM | POLLWRNORM;
	if (tty_is_canonical(tty) ? tty_has_line(tty) : tty_has_bytes(tty))
		events |= POLLIN | POLLRDNORM;
	if (tty_has_room(tty))
		events |= POLLOUT | POLLWRNORM;
	return events;
}
