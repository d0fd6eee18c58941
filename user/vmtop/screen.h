/*
 * screen.h: lines of text with coloured cells, on a terminal or, in batch mode, on a pipe.
 *
 *	screen_begin(&s);
 *	screen_print(&s, "%d", n); screen_cell(&s, state); screen_line(&s);
 *	screen_end(&s);
 *
 * On a terminal lines are cut at its width, and what comes behind its last row is left out.
 */
#pragma once

#include "user/vmtop/sample.h"

struct screen {
	bool batch;
	unsigned int rows, columns;
	unsigned int row, column; /* Where the next character goes. */
	unsigned int skip; /* So many lines from here on are not shown: they are scrolled away. */
	int style,
		wanted; /* What the terminal is at, and what the next text is to have: enum style. */
};

/* Of text; cells have their own. */
enum style { PLAIN = CELLS, BOLD, REVERSE, STYLES };

struct look {
	char letter;
	const char *name;
};
extern const struct look looks[CELLS];

void screen_open(struct screen *s); /* Sets all of it but batch. */
void screen_close(struct screen *s);

void screen_begin(struct screen *s); /* Asks for the size again. */
void screen_end(struct screen *s);

/* The rows that are left, this one counted. Without end in batch mode. */
unsigned int screen_rows_left(const struct screen *s);

__attribute__((format(printf, 2, 3))) void screen_print(struct screen *s, const char *fmt, ...);
void screen_cell(struct screen *s, enum state state);
void screen_line(struct screen *s); /* End of a line. */

/* Keys that are no characters. */
enum key { KEY_NONE = -1, KEY_END = -2, KEY_UP = 256, KEY_DOWN, KEY_PAGE_UP, KEY_PAGE_DOWN };

/* A key that was pressed within so many seconds; KEY_NONE: none was, as ever in batch mode; KEY_END: the
 * terminal has gone. */
int screen_key(const struct screen *s, double seconds);
