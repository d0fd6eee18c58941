/*
 * tty_ioctl.c: the controls of a terminal (ioctl_tty(2)).
 *
 * Whatever changes a terminal first asks whether the caller is in its foreground.
 */
#include "arch/x86/uaccess.h"
#include "drivers/console.h"
#include "drivers/tty_line.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/restart.h"
#include "kernel/abi/signal.h"
#include "kernel/lib/string.h"

static int check_change(struct tty *tty)
{
	return tty_jobctl ? tty_jobctl->check_change(tty) : 0;
}

/* ---- termios ---- */

static int get_termios(struct tty *tty, void __user *user)
{
	uint32_t flags = spin_lock_irq(&tty->lock);
	struct termios t = tty->termios;

	spin_unlock_irq(&tty->lock, flags);
	return copy_to_user(user, &t, sizeof(t));
}

/* What was typed before stays readable: all of it as one line, or as bytes. */
static void switch_mode(struct tty *tty)
{
	memset(tty->line_marks, 0, sizeof(tty->line_marks));
	tty->line_end = tty->in.tail;
	tty->literal_next = false;
	if (tty_l(tty, ICANON) && ring_used(&tty->in) > 0) {
		bitmap_set(tty->line_marks, (tty->in.head - 1) % TTY_RING);
		tty->line_end = tty->in.head;
	}
	waitq_wake_all(&tty->readers);
}

static void apply_termios(struct tty *tty, const struct termios *t)
{
	struct termios old = tty->termios;

	tty->termios = *t;
	if ((old.c_lflag ^ t->c_lflag) & ICANON)
		switch_mode(tty);
	if (!tty_i(tty, IXON) && old.c_iflag & IXON)
		tty->stopped = false;
	if (tty->driver->set_termios)
		tty->driver->set_termios(tty);
	tty_start(tty);
	tty_kick();
}

static int set_termios(struct chardev_handle *h, uint32_t cmd, const void __user *user)
{
	struct tty *tty = h->private;
	struct termios t;
	uint32_t flags;
	int err = check_change(tty);

	if (!err)
		err = copy_from_user(&t, user, sizeof(t));
	if (!err && cmd != TCSETS)
		err = tty_drain(h);
	if (err)
		return err;
	flags = spin_lock_irq(&tty->lock);
	if (cmd == TCSETSF)
		tty_flush_input(tty);
	apply_termios(tty, &t);
	spin_unlock_irq(&tty->lock, flags);
	return 0;
}

/* ---- window size ---- */

void tty_resize(struct tty *tty, const struct winsize *ws)
{
	uint32_t flags = spin_lock_irq(&tty->lock);
	bool same = memcmp(&tty->winsize, ws, sizeof(*ws)) == 0;
	int32_t pgrp = tty->pgrp;

	tty->winsize = *ws;
	spin_unlock_irq(&tty->lock, flags);
	if (!same && pgrp > 0 && tty_jobctl)
		tty_jobctl->signal_group(pgrp, SIGWINCH);
}

static int get_winsize(struct tty *tty, void __user *user)
{
	uint32_t flags = spin_lock_irq(&tty->lock);
	struct winsize ws = tty->winsize;

	spin_unlock_irq(&tty->lock, flags);
	return copy_to_user(user, &ws, sizeof(ws));
}

static int set_winsize(struct tty *tty, const void __user *user)
{
	struct winsize ws;
	int err = copy_from_user(&ws, user, sizeof(ws));

	if (!err)
		tty_resize(tty, &ws);
	return err;
}

/* ---- queues and flow ---- */

static int flush(struct tty *tty, uint32_t which)
{
	uint32_t flags;
	int err = check_change(tty);

	if (err)
		return err;
	if (which > TCIOFLUSH)
		return -EINVAL;
	flags = spin_lock_irq(&tty->lock);
	if (which != TCOFLUSH)
		tty_flush_input(tty);
	if (which != TCIFLUSH)
		tty_flush_output(tty);
	spin_unlock_irq(&tty->lock, flags);
	return 0;
}

static void control_flow_locked(struct tty *tty, uint32_t action)
{
	switch (action) {
	case TCOOFF:
		tty->stopped = true;
		break;
	case TCOON:
		tty->stopped = false;
		break;
	case TCIOFF:
		tty_put_raw(tty, tty->termios.c_cc[VSTOP]);
		break;
	case TCION:
		tty_put_raw(tty, tty->termios.c_cc[VSTART]);
		break;
	}
	tty_start(tty);
}

static int control_flow(struct tty *tty, uint32_t action)
{
	uint32_t flags;
	int err = check_change(tty);

	if (err)
		return err;
	if (action > TCION)
		return -EINVAL;
	flags = spin_lock_irq(&tty->lock);
	control_flow_locked(tty, action);
	spin_unlock_irq(&tty->lock, flags);
	return 0;
}

/* A break is a condition of a real wire; ours have none, so what is left of it is the drain. */
static int send_break(struct chardev_handle *h)
{
	int err = check_change(h->private);

	return err ? err : tty_drain(h);
}

/* Bytes a read would get now: in canonical mode those of whole lines, ends of file not counted. */
static uint32_t input_count_locked(const struct tty *tty)
{
	uint32_t n = 0;

	if (!tty_l(tty, ICANON))
		return ring_used(&tty->in);
	for (uint32_t pos = tty->in.tail; pos != tty->line_end; pos++)
		n += !(bitmap_test(tty->line_marks, pos % TTY_RING) && ring_at(&tty->in, pos) == 0);
	return n;
}

static int get_counts(struct tty *tty, bool input, void __user *user)
{
	uint32_t flags = spin_lock_irq(&tty->lock);
	uint32_t n = input ? input_count_locked(tty) : ring_used(&tty->out);

	spin_unlock_irq(&tty->lock, flags);
	return put_user_u32(user, n);
}

/* ---- job control ---- */

static int get_pgrp(struct tty *tty, void __user *user)
{
	if (tty_controlling() != tty)
		return -ENOTTY;
	return put_user_u32(user, (uint32_t)tty_pgrp(tty));
}

static int get_session(struct tty *tty, void __user *user)
{
	if (tty_controlling() != tty || tty_session(tty) <= 0)
		return -ENOTTY;
	return put_user_u32(user, (uint32_t)tty_session(tty));
}

static int set_pgrp(struct tty *tty, const void __user *user)
{
	int32_t pgrp, session;
	uint32_t flags;
	int err;

	if (tty_controlling() != tty || tty_session(tty) != tty_jobctl->session())
		return -ENOTTY;
	err = check_change(tty);
	if (!err)
		err = get_user_u32((uint32_t *)&pgrp, user);
	if (err)
		return err == -EIO ? -ENOTTY : err; /* Nobody could continue an orphaned group. */
	if (pgrp < 0)
		return -EINVAL;
	session = tty_jobctl->group_session(pgrp);
	if (session < 0)
		return session;
	if (session != tty_session(tty))
		return -EPERM;
	flags = spin_lock_irq(&tty->lock);
	tty->pgrp = pgrp;
	spin_unlock_irq(&tty->lock, flags);
	return 0;
}

static int acquire(struct tty *tty, bool steal)
{
	return tty_jobctl ? tty_jobctl->acquire(tty, steal) : -EPERM;
}

static int release(struct tty *tty)
{
	return tty_controlling() == tty ? tty_jobctl->release(tty) : -ENOTTY;
}

int tty_ioctl(struct chardev_handle *h, uint32_t cmd, uint32_t arg)
{
	struct tty *tty = h->private;
	void __user *user = (void __user *)arg;

	if (tty_is_dead(h))
		return -EIO;
	switch (cmd) {
	case TCGETS:
		return get_termios(tty, user);
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
		return set_termios(h, cmd, user);
	case TIOCGWINSZ:
		return get_winsize(tty, user);
	case TIOCSWINSZ:
		return set_winsize(tty, user);
	case FIONREAD:
		return get_counts(tty, true, user);
	case TIOCOUTQ:
		return get_counts(tty, false, user);
	case TCFLSH:
		return flush(tty, arg);
	case TCXONC:
		return control_flow(tty, arg);
	case TCSBRK:
	case TCSBRKP:
		return send_break(h);
	case TIOCGPGRP:
		return get_pgrp(tty, user);
	case TIOCSPGRP:
		return set_pgrp(tty, user);
	case TIOCGSID:
		return get_session(tty, user);
	case TIOCSCTTY:
		return acquire(tty, arg == 1);
	case TIOCNOTTY:
		return release(tty);
	}
	return -ENOTTY;
}
