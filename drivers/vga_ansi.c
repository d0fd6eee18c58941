/*
 * vga_ansi.c: the escape sequences of TERM=linux that shells and full-screen programs use (ECMA-48,
 * console_codes(4)).
 *
 * One byte at a time through three states: plain text, after ESC, and in the parameters of a
 * control sequence. What is not known is swallowed. The state is the screen's, guarded by its lock.
 */
#include "drivers/vga.h"

#include "kernel/lib/printf.h"
#include "kernel/lib/string.h"

#define ESC 0x1B
#define TAB 8u
#define PARAMS_MAX 8u
#define PARAM_LIMIT 9999u
#define NORMAL 0x07u /* Light grey on black. */
#define BOLD 0x08u
#define BLINK 0x80u

static struct {
	enum { TEXT, ESCAPE, ESCAPE_CHARSET, CONTROL, STRING } state;
	uint32_t params[PARAMS_MAX];
	uint32_t count; /* Parameters begun; at least 1 in CONTROL. */
	bool private;	/* The sequence began with '?'. */
	bool reverse, bold, blink;
	uint8_t colours;    /* Foreground and background as SGR set them. */
	uint32_t utf8_left; /* Bytes still to come of a character that is shown as '?'. */
	uint32_t saved_row, saved_column;
	uint8_t saved_attribute;
} ansi;

/* Parameter n, or dflt when it is absent or 0. */
static uint32_t param(uint32_t n, uint32_t dflt)
{
	return n < ansi.count && ansi.params[n] ? ansi.params[n] : dflt;
}

/* ---- colours: SGR ---- */

static void update_attribute(struct vga_screen *s)
{
	uint8_t a = ansi.colours;

	if (ansi.reverse)
		a = (uint8_t)(a << 4 | a >> 4) & 0x77;
	s->attribute = (uint8_t)(a | (ansi.bold ? BOLD : 0) | (ansi.blink ? BLINK : 0));
}

static void set_colour(uint32_t code)
{
	/* ANSI counts red, green, blue from the low bit; the hardware from the high one. */
	static const uint8_t order[8] = {0, 4, 2, 6, 1, 5, 3, 7};

	if (code >= 30 && code <= 37)
		ansi.colours = (ansi.colours & 0x70) | order[code - 30];
	else if (code >= 40 && code <= 47)
		ansi.colours = (uint8_t)((ansi.colours & 0x0F) | order[code - 40] << 4);
	else if (code >= 90 && code <= 97)
		ansi.colours = (ansi.colours & 0x70) | BOLD | order[code - 90];
	else if (code >= 100 && code <= 107)
		ansi.colours = (uint8_t)((ansi.colours & 0x0F) | order[code - 100] << 4);
}

static void reset_rendition(void)
{
	ansi.reverse = ansi.bold = ansi.blink = false;
	ansi.colours = NORMAL;
}

static void set_rendition(uint32_t code)
{
	switch (code) {
	case 0:
		reset_rendition();
		break;
	case 1:
		ansi.bold = true;
		break;
	case 5:
		ansi.blink = true;
		break;
	case 7:
		ansi.reverse = true;
		break;
	case 21:
	case 22:
		ansi.bold = false;
		break;
	case 25:
		ansi.blink = false;
		break;
	case 27:
		ansi.reverse = false;
		break;
	case 39:
		ansi.colours = (ansi.colours & 0x70) | (NORMAL & 0x0F);
		break;
	case 49:
		ansi.colours = ansi.colours & 0x0F;
		break;
	default:
		set_colour(code);
	}
}

static void select_rendition(struct vga_screen *s)
{
	for (uint32_t i = 0; i < ansi.count; i++) {
		/* 38;5;n and 38;2;r;g;b: more colours than there are here. */
		if (ansi.params[i] == 38 || ansi.params[i] == 48)
			break;
		set_rendition(ansi.params[i]);
	}
	update_attribute(s);
}

/* ---- erasing, inserting, deleting ---- */

static void erase_rows(struct vga_screen *s, uint32_t from, uint32_t to)
{
	for (uint32_t row = from; row < to; row++)
		vga_erase(s, row, 0, VGA_COLUMNS);
}

static void erase_display(struct vga_screen *s, uint32_t how)
{
	switch (how) {
	case 0:
		vga_erase(s, s->row, s->column, VGA_COLUMNS);
		erase_rows(s, s->row + 1, VGA_ROWS);
		break;
	case 1:
		erase_rows(s, 0, s->row);
		vga_erase(s, s->row, 0, s->column + 1);
		break;
	case 2:
	case 3:
		erase_rows(s, 0, VGA_ROWS);
		break;
	}
}

static void erase_line(struct vga_screen *s, uint32_t how)
{
	uint32_t from = how == 0 ? s->column : 0;
	uint32_t to = how == 1 ? s->column + 1 : VGA_COLUMNS;

	vga_erase(s, s->row, from, to);
}

static void insert_chars(struct vga_screen *s, uint32_t n)
{
	uint16_t *cells = s->cells[s->row];

	n = MIN(n, VGA_COLUMNS - s->column);
	memmove(cells + s->column + n, cells + s->column,
		(VGA_COLUMNS - s->column - n) * sizeof(*cells));
	vga_erase(s, s->row, s->column, s->column + n);
}

static void delete_chars(struct vga_screen *s, uint32_t n)
{
	uint16_t *cells = s->cells[s->row];

	n = MIN(n, VGA_COLUMNS - s->column);
	memmove(cells + s->column, cells + s->column + n,
		(VGA_COLUMNS - s->column - n) * sizeof(*cells));
	vga_erase(s, s->row, VGA_COLUMNS - n, VGA_COLUMNS);
}

static bool in_region(const struct vga_screen *s)
{
	return s->row >= s->top && s->row < s->bottom;
}

static void set_region(struct vga_screen *s)
{
	uint32_t top = param(0, 1), bottom = MIN(param(1, VGA_ROWS), VGA_ROWS);

	if (top >= bottom)
		return;
	s->top = top - 1;
	s->bottom = bottom;
	vga_move(s, 0, 0);
}

/* ---- cursor ---- */

static void move_by(struct vga_screen *s, int32_t rows, int32_t columns)
{
	vga_move(s, (int32_t)s->row + rows, (int32_t)s->column + columns);
}

static void save_cursor(const struct vga_screen *s)
{
	ansi.saved_row = s->row;
	ansi.saved_column = s->column;
	ansi.saved_attribute = s->attribute;
}

static void restore_cursor(struct vga_screen *s)
{
	vga_move(s, (int32_t)ansi.saved_row, (int32_t)ansi.saved_column);
	s->attribute = ansi.saved_attribute;
}

static void reverse_line_feed(struct vga_screen *s)
{
	if (s->row == s->top)
		vga_scroll_down(s, s->top, 1);
	else
		move_by(s, -1, 0);
}

static void report(const struct vga_screen *s, void (*answer)(uint8_t c))
{
	char buf[24];
	int n = 0;

	if (param(0, 0) == 5)
		n = scnprintf(buf, sizeof(buf), "\033[0n");
	else if (param(0, 0) == 6)
		n = scnprintf(buf, sizeof(buf), "\033[%u;%uR", s->row + 1, s->column + 1);
	for (int i = 0; answer && i < n; i++)
		answer((uint8_t)buf[i]);
}

static void identify(void (*answer)(uint8_t c))
{
	for (const char *p = "\033[?6c"; answer && *p; p++)
		answer((uint8_t)*p);
}

static void set_mode(struct vga_screen *s, bool on)
{
	if (ansi.private && param(0, 0) == 25)
		s->cursor_hidden = !on;
}

/* ---- control sequences ---- */

/* Moving the cursor; false when c is none of these. */
static bool control_move(struct vga_screen *s, uint8_t c)
{
	int32_t n = (int32_t)param(0, 1);

	switch (c) {
	case 'A':
		move_by(s, -n, 0);
		return true;
	case 'B':
	case 'e':
		move_by(s, n, 0);
		return true;
	case 'C':
	case 'a':
		move_by(s, 0, n);
		return true;
	case 'D':
		move_by(s, 0, -n);
		return true;
	case 'E':
		vga_move(s, (int32_t)s->row + n, 0);
		return true;
	case 'F':
		vga_move(s, (int32_t)s->row - n, 0);
		return true;
	case 'G':
	case '`':
		vga_move(s, (int32_t)s->row, n - 1);
		return true;
	case 'd':
		vga_move(s, n - 1, (int32_t)s->column);
		return true;
	case 'H':
	case 'f':
		vga_move(s, n - 1, (int32_t)param(1, 1) - 1);
		return true;
	}
	return false;
}

/* Changing what is on the screen; false when c is none of these. */
static bool control_edit(struct vga_screen *s, uint8_t c)
{
	uint32_t n = param(0, 1);

	switch (c) {
	case 'J':
		erase_display(s, param(0, 0));
		return true;
	case 'K':
		erase_line(s, param(0, 0));
		return true;
	case 'L':
		if (in_region(s))
			vga_scroll_down(s, s->row, n);
		return true;
	case 'M':
		if (in_region(s))
			vga_scroll_up(s, s->row, n);
		return true;
	case 'P':
		delete_chars(s, n);
		return true;
	case '@':
		insert_chars(s, n);
		return true;
	case 'X':
		vga_erase(s, s->row, s->column, s->column + n);
		return true;
	case 'S':
		vga_scroll_up(s, s->top, n);
		return true;
	case 'T':
		vga_scroll_down(s, s->top, n);
		return true;
	}
	return false;
}

static void control_final(struct vga_screen *s, uint8_t c, void (*answer)(uint8_t c))
{
	if (control_move(s, c) || control_edit(s, c))
		return;
	switch (c) {
	case 'm':
		select_rendition(s);
		break;
	case 'r':
		set_region(s);
		break;
	case 's':
		save_cursor(s);
		break;
	case 'u':
		restore_cursor(s);
		break;
	case 'n':
		report(s, answer);
		break;
	case 'c':
		identify(answer);
		break;
	case 'h':
	case 'l':
		set_mode(s, c == 'h');
		break;
	}
}

static void control_byte(struct vga_screen *s, uint8_t c, void (*answer)(uint8_t c))
{
	uint32_t *last = &ansi.params[ansi.count - 1];

	if (c >= '0' && c <= '9') {
		*last = MIN(*last * 10 + (c - '0'), PARAM_LIMIT);
	} else if (c == ';') {
		if (ansi.count < PARAMS_MAX)
			ansi.params[ansi.count++] = 0;
	} else if (c == '?') {
		ansi.private = true;
	} else if (c >= 0x40 && c <= 0x7E) {
		ansi.state = TEXT;
		control_final(s, c, answer);
	}
}

static void control_start(void)
{
	ansi.state = CONTROL;
	ansi.count = 1;
	ansi.params[0] = 0;
	ansi.private = false;
}

static void escape_byte(struct vga_screen *s, uint8_t c)
{
	ansi.state = TEXT;
	switch (c) {
	case '[':
		control_start();
		break;
	case ']':
		ansi.state = STRING;
		break;
	case '(':
	case ')':
		ansi.state = ESCAPE_CHARSET;
		break;
	case '7':
		save_cursor(s);
		break;
	case '8':
		restore_cursor(s);
		break;
	case 'D':
		vga_line_feed(s);
		break;
	case 'E':
		s->column = 0;
		vga_line_feed(s);
		break;
	case 'M':
		reverse_line_feed(s);
		break;
	case 'c':
		vga_ansi_reset(s);
		break;
	}
}

/* ---- text ---- */

/* The font has no Unicode: a character beyond ASCII is one '?'. */
static void text_high_byte(struct vga_screen *s, uint8_t c)
{
	if ((c & 0xC0) == 0x80 && ansi.utf8_left > 0) {
		ansi.utf8_left--;
		return;
	}
	ansi.utf8_left = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;
	vga_put(s, '?');
}

static void text_byte(struct vga_screen *s, uint8_t c)
{
	switch (c) {
	case '\r':
		vga_move(s, (int32_t)s->row, 0);
		break;
	case '\n':
	case '\v':
	case '\f':
		vga_line_feed(s);
		break;
	case '\b':
		move_by(s, 0, -1);
		break;
	case '\t':
		vga_move(s, (int32_t)s->row, (int32_t)(ALIGN_DOWN(s->column, TAB) + TAB));
		break;
	default:
		if (c >= 0x80)
			text_high_byte(s, c);
		else if (c >= 0x20 && c != 0x7F)
			vga_put(s, c);
	}
}

void vga_ansi(struct vga_screen *s, uint8_t c, void (*answer)(uint8_t c))
{
	/* CAN and SUB end a sequence; ESC begins a new one anywhere. */
	if (c == ESC || c == 0x18 || c == 0x1A) {
		ansi.state = c == ESC ? ESCAPE : TEXT;
		return;
	}
	switch (ansi.state) {
	case TEXT:
		text_byte(s, c);
		break;
	case ESCAPE:
		escape_byte(s, c);
		break;
	case ESCAPE_CHARSET:
		ansi.state = TEXT;
		break;
	case CONTROL:
		/* Control characters work in the middle of a sequence. */
		if (c < 0x20)
			text_byte(s, c);
		else
			control_byte(s, c, answer);
		break;
	case STRING:
		if (c == '\a')
			ansi.state = TEXT;
		break;
	}
}

void vga_ansi_reset(struct vga_screen *s)
{
	memset(&ansi, 0, sizeof(ansi));
	reset_rendition();
	ansi.saved_attribute = NORMAL;
	s->attribute = NORMAL;
	s->top = 0;
	s->bottom = VGA_ROWS;
	s->cursor_hidden = false;
	erase_rows(s, 0, VGA_ROWS);
	vga_move(s, 0, 0);
}
