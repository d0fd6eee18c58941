/*
 * vga.h: the text screen, 80 by 25, and its terminal /dev/tty1.
 *
 *	vga.c		the screen: cells, scrolling, cursor, and what reaches the hardware
 *	vga_ansi.c	escape sequences
 */
#pragma once

#include "drivers/tty.h"

#define VGA_COLUMNS 80u
#define VGA_ROWS 25u

/* Find the screen. From then on vga_write works. Before memory and interrupts. */
void vga_init_early(void);

/* Register tty1 and start the keyboard, if there is a screen. */
void vga_init(void);

bool vga_is_present(void);

/* The terminal on the screen; NULL when there is none. */
struct tty *vga_tty(void);

/* Show text at once, '\n' as "\r\n". Any context, panics included. */
void vga_write(const char *text, size_t len);

/* ---- between vga.c and vga_ansi.c; the screen's lock held ---- */

/* The screen as programs see it. Rows and columns from 0. */
struct vga_screen {
	uint16_t cells[VGA_ROWS]
		      [VGA_COLUMNS]; /* Character and attribute, as the hardware has them. */
	uint32_t row, column;
	bool wrap_pending;    /* The last column was written: the next one goes to the next row. */
	uint32_t top, bottom; /* Scrolling region: rows [top, bottom). */
	uint8_t attribute;    /* Of what is written next. */
	bool cursor_hidden;
};

void vga_move(struct vga_screen *s, int32_t row, int32_t column); /* Cut to the screen. */
void vga_put(struct vga_screen *s, uint8_t c); /* A character where the cursor is. */
void vga_erase(struct vga_screen *s, uint32_t row, uint32_t from,
	       uint32_t to);						/* Cells [from, to). */
void vga_scroll_up(struct vga_screen *s, uint32_t top, uint32_t lines); /* Rows [top, bottom). */
void vga_scroll_down(struct vga_screen *s, uint32_t top, uint32_t lines);
void vga_line_feed(struct vga_screen *s);

/* Interpret one byte. Answers to queries go to answer(), byte by byte; NULL: nobody asks. */
void vga_ansi(struct vga_screen *s, uint8_t c, void (*answer)(uint8_t c));

/* The screen and its attributes as at power-on. */
void vga_ansi_reset(struct vga_screen *s);
