/*
 * tty_line.h: what the files of the terminal share.
 *
 *	tty.c		registration, the thread, sessions, hang-up
 *	tty_io.c	read, write, poll
 *	tty_input.c	one byte from the wire: flow control, signals, line editing, echo
 *	tty_output.c	one byte to the wire: OPOST, columns
 *	tty_ioctl.c	termios, window size, job control
 *
 * All of these want tty->lock held unless they say otherwise.
 */
#pragma once

#include "drivers/tty.h"

#define TTY_OUT_WAKE (TTY_RING / 2) /* Writers sleep until there is this much room. */

static inline uint32_t ring_used(const struct tty_ring *r)
{
	return r->head - r->tail;
}

static inline uint32_t ring_room(const struct tty_ring *r)
{
	return TTY_RING - ring_used(r);
}

static inline void ring_put(struct tty_ring *r, uint8_t c)
{
	r->data[r->head++ % TTY_RING] = c;
}

static inline uint8_t ring_get(struct tty_ring *r)
{
	return r->data[r->tail++ % TTY_RING];
}

static inline uint8_t ring_at(const struct tty_ring *r, uint32_t pos)
{
	return r->data[pos % TTY_RING];
}

/* One flag of c_iflag, c_oflag, c_lflag. */
static inline bool tty_i(const struct tty *tty, uint32_t flag)
{
	return tty->termios.c_iflag & flag;
}

static inline bool tty_l(const struct tty *tty, uint32_t flag)
{
	return tty->termios.c_lflag & flag;
}

/* Is c the special character n? A character set to 0 is off. */
static inline bool tty_is_cc(const struct tty *tty, uint8_t c, uint32_t n)
{
	return c != 0 && tty->termios.c_cc[n] == c;
}

/* ---- tty_output.c ---- */

/* Put c into the output ring as OPOST says; false when there is no room for all it becomes. */
bool tty_put(struct tty *tty, uint8_t c);

/* Past OPOST: for START and STOP. */
void tty_put_raw(struct tty *tty, uint8_t c);

/* Show c as a typed character: ^X for control characters when ECHOCTL says so. */
void tty_echo(struct tty *tty, uint8_t c);

/* Rub out what is on the line right of column. */
void tty_rub_out(struct tty *tty, uint32_t column);

/* The column the cursor is in after bytes [from, head) of the input ring were echoed from
 * column. */
uint32_t tty_column_after(const struct tty *tty, uint32_t from, uint32_t column);

/* ---- tty_input.c ---- */

/* Take one byte from the wire. The signal that the caller sends to tty->pgrp after unlocking; 0. */
int tty_receive(struct tty *tty, uint8_t c);

/* Is there room for what the next byte may become? */
bool tty_can_receive(const struct tty *tty);

/* Drop what was typed, or what was not yet sent. Wakes those who wait. */
void tty_flush_input(struct tty *tty);
void tty_flush_output(struct tty *tty);

/* IXOFF: tell the other end to wait or to go on, by how full the input ring is. */
void tty_flow_control(struct tty *tty);

/* ---- tty_io.c ---- */

/* Wait until all output is on the wire. 0, -ERESTARTSYS, -EIO. No lock held. */
int tty_drain(struct chardev_handle *h);

/* ---- tty.c ---- */

/* The handle's terminal was hung up since it was opened. No lock needed. */
bool tty_is_dead(const struct chardev_handle *h);

/* There are bytes from the wire that can be taken now. */
bool tty_has_work(const struct tty *tty);

/* Let the driver go on with output. */
void tty_start(struct tty *tty);

/* Wake the tty thread. Any lock. */
void tty_kick(void);

extern const struct tty_jobctl_ops *tty_jobctl; /* NULL before there are processes. */
