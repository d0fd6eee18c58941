/*
 * tty_input.c: what a typed byte does, in the order of termios(3): strip, flow control, signals,
 * newline mapping, line editing, storing.
 *
 * In canonical mode bytes from line_end to in.head are the line being typed, which editing may take
 * back; line_marks tells which bytes end a line. The end-of-file character is stored as a marked
 * NUL and never handed to a reader.
 *
 * Not honoured, since no wire of ours has parity or breaks: IGNBRK BRKINT IGNPAR PARMRK INPCK.
 */
#include "drivers/tty_line.h"

#include "kernel/abi/signal.h"
#include "kernel/lib/string.h"

#define EOF_MARK '\0'
#define BELL '\a'

/* ---- the line ring ---- */

/* A line of TTY_RING - 1 bytes still has room for its end. */
static bool has_room_for_char(const struct tty *tty)
{
	return ring_used(&tty->in) < TTY_RING - (tty_l(tty, ICANON) ? 1 : 0);
}

static void store(struct tty *tty, uint8_t c)
{
	bitmap_clear(tty->line_marks, tty->in.head % TTY_RING);
	ring_put(&tty->in, c);
}

static void store_line_end(struct tty *tty, uint8_t c)
{
	if (ring_room(&tty->in) == 0)
		return;
	store(tty, c);
	bitmap_set(tty->line_marks, (tty->in.head - 1) % TTY_RING);
	tty->line_end = tty->in.head;
	waitq_wake_all(&tty->readers);
}

bool tty_can_receive(const struct tty *tty)
{
	if (has_room_for_char(tty))
		return true;
	/* A line that is too long loses bytes, but its end must get through. */
	return tty_l(tty, ICANON) && tty->line_end == tty->in.tail && ring_room(&tty->in) > 0;
}

void tty_flush_input(struct tty *tty)
{
	tty->in.tail = tty->line_end = tty->in.head;
	tty->raw.tail = tty->raw.head;
	memset(tty->line_marks, 0, sizeof(tty->line_marks));
	tty->literal_next = false;
	tty_flow_control(tty);
	tty_kick();
}

void tty_flush_output(struct tty *tty)
{
	tty->out.tail = tty->out.head;
	waitq_wake_all(&tty->writers);
}

void tty_flow_control(struct tty *tty)
{
	uint32_t used = ring_used(&tty->in);

	if (!tty->xoff_sent && tty_i(tty, IXOFF) && used > TTY_RING / 4 * 3) {
		tty_put_raw(tty, tty->termios.c_cc[VSTOP]);
		tty->xoff_sent = true;
	} else if (tty->xoff_sent && used < TTY_RING / 4) {
		tty_put_raw(tty, tty->termios.c_cc[VSTART]);
		tty->xoff_sent = false;
	}
}

/* ---- erasing ---- */

static bool line_is_empty(const struct tty *tty)
{
	return tty->in.head == tty->line_end;
}

static uint8_t last_char(const struct tty *tty)
{
	return ring_at(&tty->in, tty->in.head - 1);
}

/* Take back one character, which in UTF-8 may be several bytes. */
static void take_back_char(struct tty *tty)
{
	uint8_t c;

	do {
		c = last_char(tty);
		tty->in.head--;
	} while (tty_i(tty, IUTF8) && (c & 0xC0) == 0x80 && !line_is_empty(tty));
}

static bool is_word_char(uint8_t c)
{
	return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c >= 0x80;
}

static void take_back_word(struct tty *tty)
{
	while (!line_is_empty(tty) && !is_word_char(last_char(tty)))
		take_back_char(tty);
	while (!line_is_empty(tty) && is_word_char(last_char(tty)))
		take_back_char(tty);
}

/* Show that the line got shorter; without ECHOE by echoing the character that did it. */
static void echo_erase(struct tty *tty, uint8_t c)
{
	if (!tty_l(tty, ECHO))
		return;
	if (tty_l(tty, ECHOE))
		tty_rub_out(tty, tty_column_after(tty, tty->line_end, tty->edit_column));
	else
		tty_echo(tty, c);
}

static void erase(struct tty *tty, uint8_t c, void (*take_back)(struct tty *))
{
	if (line_is_empty(tty))
		return;
	take_back(tty);
	echo_erase(tty, c);
}

static void kill_line(struct tty *tty, uint8_t c)
{
	tty->in.head = tty->line_end;
	if (!tty_l(tty, ECHO))
		return;
	if (tty_l(tty, ECHOK) && tty_l(tty, ECHOKE) && tty_l(tty, ECHOE)) {
		tty_rub_out(tty, tty->edit_column);
		return;
	}
	tty_echo(tty, c);
	if (tty_l(tty, ECHOK))
		tty_put(tty, '\n');
}

static void reprint_line(struct tty *tty, uint8_t c)
{
	tty_echo(tty, c);
	tty_put(tty, '\n');
	tty->edit_column = tty->column;
	for (uint32_t pos = tty->line_end; pos != tty->in.head; pos++)
		tty_echo(tty, ring_at(&tty->in, pos));
}

/* ---- one byte ---- */

static bool receive_flow_control(struct tty *tty, uint8_t c)
{
	if (!tty_i(tty, IXON))
		return false;
	if (tty_is_cc(tty, c, VSTOP)) {
		tty->stopped = true;
		return true;
	}
	if (tty_is_cc(tty, c, VSTART)) {
		tty->stopped = false;
		return true;
	}
	if (tty_i(tty, IXANY))
		tty->stopped = false;
	return false;
}

static int signal_for(const struct tty *tty, uint8_t c)
{
	if (!tty_l(tty, ISIG))
		return 0;
	if (tty_is_cc(tty, c, VINTR))
		return SIGINT;
	if (tty_is_cc(tty, c, VQUIT))
		return SIGQUIT;
	return tty_is_cc(tty, c, VSUSP) ? SIGTSTP : 0;
}

static void receive_signal(struct tty *tty, uint8_t c)
{
	if (!tty_l(tty, NOFLSH)) {
		tty_flush_input(tty);
		tty_flush_output(tty);
	}
	/* What a stopped terminal was told to forget must not keep it stopped. */
	if (tty_i(tty, IXON))
		tty->stopped = false;
	if (tty_l(tty, ECHO))
		tty_echo(tty, c);
}

/* Line editing; true when c was such a character. */
static bool receive_edit(struct tty *tty, uint8_t c)
{
	bool extended = tty_l(tty, IEXTEN);

	if (tty_is_cc(tty, c, VERASE)) {
		erase(tty, c, take_back_char);
	} else if (extended && tty_is_cc(tty, c, VWERASE)) {
		erase(tty, c, take_back_word);
	} else if (tty_is_cc(tty, c, VKILL)) {
		kill_line(tty, c);
	} else if (extended && tty_is_cc(tty, c, VREPRINT)) {
		if (tty_l(tty, ECHO))
			reprint_line(tty, c);
	} else {
		return false;
	}
	return true;
}

/* The ends of a line; true when c was one. */
static bool receive_line_end(struct tty *tty, uint8_t c)
{
	if (c == '\n') {
		if (tty_l(tty, ECHO | ECHONL))
			tty_put(tty, '\n');
		store_line_end(tty, c);
		return true;
	}
	if (tty_is_cc(tty, c, VEOF)) {
		store_line_end(tty, EOF_MARK);
		return true;
	}
	if (tty_is_cc(tty, c, VEOL) || (tty_l(tty, IEXTEN) && tty_is_cc(tty, c, VEOL2))) {
		if (tty_l(tty, ECHO))
			tty_echo(tty, c);
		store_line_end(tty, c);
		return true;
	}
	return false;
}

static void receive_ordinary(struct tty *tty, uint8_t c)
{
	if (!has_room_for_char(tty)) {
		if (tty_i(tty, IMAXBEL))
			tty_put(tty, BELL);
		return;
	}
	if (tty_l(tty, ECHO)) {
		if (line_is_empty(tty))
			tty->edit_column = tty->column;
		if (c == '\n')
			tty_put(tty, c);
		else
			tty_echo(tty, c);
	}
	store(tty, c);
	if (!tty_l(tty, ICANON))
		waitq_wake_all(&tty->readers);
}

static void receive_literal_next(struct tty *tty)
{
	tty->literal_next = true;
	if (tty_l(tty, ECHO) && tty_l(tty, ECHOCTL) && ring_room(&tty->out) >= 2) {
		tty_put(tty, '^');
		tty_put(tty, '\b');
	}
}

/* Newline mapping; false when c vanishes. */
static bool map_newline(const struct tty *tty, uint8_t *c)
{
	if (*c == '\r') {
		if (tty_i(tty, IGNCR))
			return false;
		if (tty_i(tty, ICRNL))
			*c = '\n';
	} else if (*c == '\n' && tty_i(tty, INLCR)) {
		*c = '\r';
	}
	return true;
}

int tty_receive(struct tty *tty, uint8_t c)
{
	bool canonical = tty_l(tty, ICANON);
	int sig;

	if (tty_i(tty, ISTRIP))
		c &= 0x7F;
	if (tty->literal_next) {
		tty->literal_next = false;
		receive_ordinary(tty, c);
		return 0;
	}
	if (receive_flow_control(tty, c))
		return 0;
	sig = signal_for(tty, c);
	if (sig) {
		receive_signal(tty, c);
		return sig;
	}
	if (!map_newline(tty, &c))
		return 0;
	if (canonical && tty_l(tty, IEXTEN) && tty_is_cc(tty, c, VLNEXT))
		receive_literal_next(tty);
	else if (!canonical || (!receive_edit(tty, c) && !receive_line_end(tty, c)))
		receive_ordinary(tty, c);
	tty_flow_control(tty);
	return 0;
}
