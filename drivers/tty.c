/*
 * tty.c: terminals as devices: registration, the thread that takes input, sessions, hang-up.
 * See tty.h for the way of a byte and for the locks.
 */
#include "drivers/tty.h"

#include "drivers/console.h"
#include "drivers/tty_line.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/atomic.h"

#define CHUNK 256u /* Bytes done before the lock is given up for a moment. */

const struct tty_jobctl_ops *tty_jobctl;

static struct list ttys = LIST_INIT(ttys);
static struct waitq work = WAITQ_INIT(work); /* The tty thread sleeps here. */

/* ---- input thread ---- */

bool tty_has_work(const struct tty *tty)
{
	return ring_used(&tty->raw) > 0 && tty_can_receive(tty);
}

/* Looks without locks: who changes the answer to yes does it before tty_kick(). */
static bool any_has_work(void)
{
	const struct tty *tty;

	list_for_each_entry(tty, &ttys, link)
		if (tty_has_work(tty))
			return true;
	return false;
}

/* Do a piece of the raw ring; a signal ends it, since it is sent without the lock. */
static int tty_work_locked(struct tty *tty)
{
	int sig = 0;

	for (uint32_t i = 0; i < CHUNK && !sig && tty_has_work(tty); i++)
		sig = tty_receive(tty, ring_get(&tty->raw));
	if (tty->throttled && ring_room(&tty->raw) >= TTY_RING / 2) {
		tty->throttled = false;
		if (tty->driver->unthrottle)
			tty->driver->unthrottle(tty);
	}
	tty_start(tty);
	return sig;
}

static void tty_work(struct tty *tty)
{
	uint32_t flags = spin_lock_irq(&tty->lock);
	int sig = tty_work_locked(tty);
	int32_t pgrp = tty->pgrp;

	spin_unlock_irq(&tty->lock, flags);
	if (sig && pgrp > 0 && tty_jobctl)
		tty_jobctl->signal_group(pgrp, sig);
}

static void tty_thread(void *arg)
{
	struct tty *tty;

	(void)arg;
	for (;;) {
		waitq_wait_event(&work, any_has_work(), 0);
		list_for_each_entry(tty, &ttys, link)
			tty_work(tty);
	}
}

void tty_kick(void)
{
	waitq_wake_all(&work);
}

int tty_init(struct thread *(*spawn)(const char *name, void (*fn)(void *), void *arg))
{
	return spawn("tty", tty_thread, NULL) ? 0 : -ENOMEM;
}

/* ---- for drivers of wires ---- */

bool tty_input_room(struct tty *tty)
{
	uint32_t flags = spin_lock_irq(&tty->lock);
	bool room = ring_room(&tty->raw) > 0;

	if (!room)
		tty->throttled = true;
	spin_unlock_irq(&tty->lock, flags);
	return room;
}

void tty_answer(struct tty *tty, uint8_t byte)
{
	if (ring_room(&tty->raw) > 0)
		ring_put(&tty->raw, byte);
}

void tty_input(struct tty *tty, uint8_t byte)
{
	uint32_t flags = spin_lock_irq(&tty->lock);

	tty_answer(tty, byte);
	tty_kick();
	spin_unlock_irq(&tty->lock, flags);
}

size_t tty_output_take(struct tty *tty, uint8_t *buf, size_t n)
{
	size_t taken = 0;

	if (tty->stopped)
		return 0;
	while (taken < n && ring_used(&tty->out) > 0)
		buf[taken++] = ring_get(&tty->out);
	return taken;
}

void tty_output_wake(struct tty *tty)
{
	if (ring_room(&tty->out) >= TTY_OUT_WAKE)
		waitq_wake_all(&tty->writers);
}

/* Wakes only after the driver is done: it has locks that stand below the wait queues'. */
void tty_start(struct tty *tty)
{
	if (tty->stopped || ring_used(&tty->out) == 0)
		return;
	tty->driver->start(tty);
	tty_output_wake(tty);
	if (tty_has_work(tty))
		tty_kick();
}

/* What Linux gives a fresh terminal. */
static const struct termios default_termios = {
	.c_iflag = ICRNL | IXON,
	.c_oflag = OPOST | ONLCR,
	.c_cflag = B38400 | CS8 | CREAD | HUPCL,
	.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
	.c_cc =
		{
			[VINTR] = 'C' & 0x1F,
			[VQUIT] = '\\' & 0x1F,
			[VERASE] = 0x7F,
			[VKILL] = 'U' & 0x1F,
			[VEOF] = 'D' & 0x1F,
			[VMIN] = 1,
			[VSTART] = 'Q' & 0x1F,
			[VSTOP] = 'S' & 0x1F,
			[VSUSP] = 'Z' & 0x1F,
			[VREPRINT] = 'R' & 0x1F,
			[VDISCARD] = 'O' & 0x1F,
			[VWERASE] = 'W' & 0x1F,
			[VLNEXT] = 'V' & 0x1F,
		},
};

static int tty_chardev_open(struct chardev_handle *h, bool noctty)
{
	struct tty *tty = h->private;

	tty_open(h, tty);
	/* Whether the caller may have it is the process layer's to say; the open succeeds
	 * anyway. */
	if (!noctty && tty_jobctl)
		(void)tty_jobctl->acquire(tty, false);
	return 0;
}

static const struct chardev_ops tty_chardev_ops = {
	.open = tty_chardev_open,
	.read = tty_read,
	.write = tty_write,
	.ioctl = tty_ioctl,
	.poll = tty_poll,
};

void tty_register(struct tty *tty, const char *name, uint32_t major, uint32_t minor,
		  const struct tty_driver *driver)
{
	tty->chardev = (struct chardev){
		.name = name,
		.major = major,
		.minor = minor,
		.mode = 0620,
		.ops = &tty_chardev_ops,
		.private = tty,
	};
	tty->driver = driver;
	tty->termios = default_termios;
	spin_init(&tty->lock, name, RANK_LEAF);
	mutex_init(&tty->read_lock, name, RANK_INODE);
	mutex_init(&tty->write_lock, name, RANK_INODE);
	waitq_init(&tty->readers);
	waitq_init(&tty->writers);
	list_add_tail(&ttys, &tty->link);
	chardev_register(&tty->chardev);
}

/* ---- sessions ---- */

void tty_set_jobctl(const struct tty_jobctl_ops *ops)
{
	tty_jobctl = ops;
}

struct tty *tty_controlling(void)
{
	return tty_jobctl ? tty_jobctl->controlling() : NULL;
}

void tty_set_session(struct tty *tty, int32_t session, int32_t pgrp)
{
	uint32_t flags = spin_lock_irq(&tty->lock);

	tty->session = session;
	tty->pgrp = pgrp;
	spin_unlock_irq(&tty->lock, flags);
	if (session > 0)
		console_claimed(tty);
}

int32_t tty_session(struct tty *tty)
{
	return atomic_load(&tty->session);
}

int32_t tty_pgrp(struct tty *tty)
{
	return atomic_load(&tty->pgrp);
}

uint32_t tty_number(const struct tty *tty)
{
	return tty->chardev.major << 8 | tty->chardev.minor;
}

void tty_hangup(struct tty *tty)
{
	uint32_t flags = spin_lock_irq(&tty->lock);
	uint32_t cflag = tty->termios.c_cflag;

	atomic_inc(&tty->epoch);
	tty->termios = default_termios;
	tty->termios.c_cflag = cflag; /* The speed of the wire did not change. */
	tty->stopped = false;
	tty_flush_input(tty);
	tty_start(tty);
	waitq_wake_all(&tty->readers);
	waitq_wake_all(&tty->writers);
	spin_unlock_irq(&tty->lock, flags);
}

/* ---- handles ---- */

void tty_open(struct chardev_handle *h, struct tty *tty)
{
	h->private = tty;
	h->state = atomic_load(&tty->epoch);
}

bool tty_is_dead(const struct chardev_handle *h)
{
	const struct tty *tty = h->private;

	return atomic_load(&tty->epoch) != h->state;
}
