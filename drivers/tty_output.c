/*
 * tty_output.c: output processing (c_oflag), and where the cursor is.
 *
 * The column is counted from what is printed and knows nothing of escape sequences; it serves to
 * place tabs and to rub out what was typed, which needs differences only.
 */
#include "drivers/tty_line.h"

#define TAB 8u

static bool is_control(uint8_t c)
{
	return c < 0x20 || c == 0x7F;
}

static bool is_utf8_continuation(uint8_t c)
{
	return (c & 0xC0) == 0x80;
}

static uint32_t column_advance(const struct tty *tty, uint32_t column, uint8_t c)
{
	switch (c) {
	case '\r':
		return 0;
	case '\b':
		return column > 0 ? column - 1 : 0;
	case '\t':
		return ALIGN_DOWN(column, TAB) + TAB;
	}
	if (is_control(c) || (tty_i(tty, IUTF8) && is_utf8_continuation(c)))
		return column;
	return column + 1;
}

static bool put_tab_as_spaces(struct tty *tty)
{
	uint32_t n = TAB - tty->column % TAB;

	if (ring_room(&tty->out) < n)
		return false;
	tty->column += n;
	while (n-- > 0)
		ring_put(&tty->out, ' ');
	return true;
}

static bool put_newline(struct tty *tty)
{
	bool cr = tty->termios.c_oflag & ONLCR;

	if (ring_room(&tty->out) < 1u + cr)
		return false;
	if (cr)
		ring_put(&tty->out, '\r');
	ring_put(&tty->out, '\n');
	if (cr || tty->termios.c_oflag & ONLRET)
		tty->column = 0;
	return true;
}

static bool put_plain(struct tty *tty, uint8_t c)
{
	if (ring_room(&tty->out) == 0)
		return false;
	ring_put(&tty->out, c);
	tty->column = column_advance(tty, tty->column, c);
	return true;
}

bool tty_put(struct tty *tty, uint8_t c)
{
	uint32_t oflag = tty->termios.c_oflag;

	if (!(oflag & OPOST))
		return put_plain(tty, c);
	if (c == '\r' && oflag & ONOCR && tty->column == 0)
		return true;
	if (c == '\r' && oflag & OCRNL)
		c = '\n';
	if (c == '\n')
		return put_newline(tty);
	if (c == '\t' && (oflag & TABDLY) == XTABS)
		return put_tab_as_spaces(tty);
	if (oflag & OLCUC && c >= 'a' && c <= 'z')
		c = (uint8_t)(c - 'a' + 'A');
	return put_plain(tty, c);
}

void tty_put_raw(struct tty *tty, uint8_t c)
{
	if (ring_room(&tty->out) > 0)
		ring_put(&tty->out, c);
}

static bool echoes_as_caret(const struct tty *tty, uint8_t c)
{
	return tty_l(tty, ECHOCTL) && is_control(c) && c != '\t';
}

void tty_echo(struct tty *tty, uint8_t c)
{
	if (!echoes_as_caret(tty, c)) {
		tty_put(tty, c);
		return;
	}
	if (ring_room(&tty->out) < 2)
		return;
	tty_put(tty, '^');
	tty_put(tty, c ^ 0x40);
}

void tty_rub_out(struct tty *tty, uint32_t column)
{
	while (tty->column > column && ring_room(&tty->out) >= 3) {
		tty_put_raw(tty, '\b');
		tty_put_raw(tty, ' ');
		tty_put_raw(tty, '\b');
		tty->column--;
	}
}

uint32_t tty_column_after(const struct tty *tty, uint32_t from, uint32_t column)
{
	for (; from != tty->in.head; from++) {
		uint8_t c = ring_at(&tty->in, from);

		if (echoes_as_caret(tty, c))
			column += 2;
		else
			column = column_advance(tty, column, c);
	}
	return column;
}
