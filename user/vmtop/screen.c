/* screen.c: see screen.h. Sequences that serial terminals, xterm and the Linux console know alike (ECMA-48). */

#include "user/vmtop/screen.h"

#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define ROWS 24u /* When nobody tells. */
#define COLUMNS 80u

const struct look looks[CELLS] = {
	[FREE] = {'.', "free"},		 [TABLE] = {'t', "table"},     [PINNED] = {'!', "pinned"},
	[CACHED] = {'s', "swap-cached"}, [COW] = {'c', "CoW-shared"},  [ANON] = {'a', "anonymous"},
	[DIRTY] = {'d', "dirty"},	 [FILED] = {'f', "file"},      [KERNEL] = {'k', "kernel"},
	[ZERO] = {'z', "zero page"},	 [SWAPPED] = {'S', "in swap"}, [EMPTY] = {'-', "empty"},
};

/* Parameters of SGR. */
static const char *const renditions[STYLES] = {
	[FREE] = "90",	 [TABLE] = "30;45", [PINNED] = "30;47", [CACHED] = "30;46",
	[COW] = "30;43", [ANON] = "30;42",  [DIRTY] = "37;41",	[FILED] = "37;44",
	[KERNEL] = "37", [ZERO] = "32",	    [SWAPPED] = "31",	[EMPTY] = "90",
	[PLAIN] = "0",	 [BOLD] = "1",	    [REVERSE] = "7",
};

static struct termios terminal; /* As it was. */

/* ---- begin and end ---- */

static unsigned int size_from(unsigned int told, const char *variable, unsigned int otherwise)
{
	const char *text = getenv(variable);
	int set = text ? atoi(text) : 0;

	if (told > 0)
		return told;
	/* As a winsize could hold it. */
	return set > 0 && set <= USHRT_MAX ? (unsigned int)set : otherwise;
}

static void size_ask(struct screen *s)
{
	struct winsize size = {0};

	if (!s->batch)
		ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	s->rows = size_from(size.ws_row, "LINES", ROWS);
	s->columns = size_from(size.ws_col, "COLUMNS", COLUMNS);
}

void screen_open(struct screen *s)
{
	struct termios raw;

	size_ask(s);
	if (s->batch)
		return;
	if (tcgetattr(STDIN_FILENO, &terminal) != 0 || !isatty(STDOUT_FILENO)) {
		fprintf(stderr, "vmtop: this is no terminal; -b prints to files and pipes\n");
		exit(1);
	}
	raw = terminal;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	printf("\x1b[?1049h\x1b[?25l\x1b[2J");
}

void screen_close(struct screen *s)
{
	if (s->batch)
		return;
	printf("\x1b[0m\x1b[2J\x1b[H\x1b[?25h\x1b[?1049l");
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal);
}

void screen_begin(struct screen *s)
{
	size_ask(s);
	s->row = s->column = s->skip = 0;
	s->style = s->wanted = PLAIN;
	if (!s->batch)
		printf("\x1b[H");
}

void screen_end(struct screen *s)
{
	if (s->batch)
		putchar('\n'); /* Between one time and the next. */
	else if (s->row < s->rows)
		printf("\x1b[J");
	fflush(stdout);
}

/* ---- lines ---- */

unsigned int screen_rows_left(const struct screen *s)
{
	if (s->batch)
		return UINT32_MAX;
	return s->row < s->rows ? s->rows - s->row : 0;
}

static void put(struct screen *s, char c, int style)
{
	if (s->skip > 0 || (!s->batch && (s->row >= s->rows || s->column >= s->columns)))
		return;
	if (!s->batch && s->style != style)
		printf("\x1b[0;%sm", renditions[style]);
	s->style = style;
	s->column++;
	putchar(c);
}

void screen_print(struct screen *s, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (const char *c = text; *c; c++)
		put(s, *c, s->wanted);
}

void screen_cell(struct screen *s, enum state state)
{
	put(s, looks[state].letter, (int)state);
}

/* The last row has no line feed: that would scroll. Nor is anything erased behind a full line: that is its end. */
void screen_line(struct screen *s)
{
	if (!s->batch && s->wanted == REVERSE &&
	    s->column < s->columns) /* A bar goes to the edge. */
		screen_print(s, "%*s", (int)(s->columns - s->column), "");
	s->wanted = PLAIN;
	if (s->skip > 0) {
		s->skip--;
		return;
	}
	if (s->batch)
		putchar('\n');
	else if (s->row < s->rows)
		printf("\x1b[0m%s%s", s->column < s->columns ? "\x1b[K" : "",
		       s->row + 1 < s->rows ? "\n" : "");
	s->style = PLAIN;
	s->row++;
	s->column = 0;
}

/* ---- keys ---- */

static const struct {
	const char *sequence;
	int key;
} special[] = {
	{"\x1b[A", KEY_UP},   {"\x1b[B", KEY_DOWN},	{"\x1bOA", KEY_UP},
	{"\x1bOB", KEY_DOWN}, {"\x1b[5~", KEY_PAGE_UP}, {"\x1b[6~", KEY_PAGE_DOWN},
};

/* The key whose sequence the text begins with; its character when there is none, KEY_NONE when more may come. */
static int key_of(const char *text, size_t length, size_t *used)
{
	int key = (unsigned char)text[0];

	*used = 1;
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
		size_t all = strlen(special[i].sequence), n = all < length ? all : length;

		if (memcmp(text, special[i].sequence, n) != 0)
			continue;
		*used = n;
		key = n < all ? KEY_NONE : special[i].key;
	}
	return key;
}

int screen_key(const struct screen *s, double seconds)
{
	static char typed[64];
	static size_t count;
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	size_t used = 0;
	int key = count ? key_of(typed, count, &used) : KEY_NONE;

	while (key == KEY_NONE && poll(&input, s->batch ? 0 : 1, (int)(seconds * 1000)) > 0) {
		ssize_t got = read(STDIN_FILENO, typed + count, sizeof(typed) - count);

		if (got <= 0)
			return KEY_END;
		count += (size_t)got;
		key = key_of(typed, count, &used);
	}
	count -= used;
	memmove(typed, typed + used, count);
	return key;
}
