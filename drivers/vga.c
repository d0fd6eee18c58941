/*
 * vga.c: the VGA text screen (IBM VGA: CRTC at 0x3D4, text memory at 0xB8000).
 *
 * Everything is drawn in a copy in memory; vga_flush() then writes the cells that differ from what
 * the hardware shows. Scrolling ten lines thus costs one pass, and the slow memory is never read.
 *
 * Lock: screen_lock, rank RANK_CONSOLE, only ever tried a bounded number of times, since the log
 * writes from below its own lock and from panics. tty->lock is above it.
 */
#include "drivers/vga.h"

#include "arch/x86/io.h"
#include "arch/x86/mmu.h"
#include "drivers/kbd.h"
#include "kernel/lib/string.h"

#define TEXT_MEMORY 0xB8000u
#define CRTC_INDEX 0x3D4
#define CRTC_DATA 0x3D5
#define CRTC_CURSOR_START 0x0A
#define CRTC_CURSOR_END 0x0B
#define CRTC_CURSOR_HIGH 0x0E
#define CRTC_CURSOR_LOW 0x0F

#define CELLS (VGA_ROWS * VGA_COLUMNS)
#define LOCK_TRIES 100000u
#define TTY1_MINOR 1u

static struct spinlock screen_lock = SPINLOCK_INIT("vga", RANK_CONSOLE);
static struct vga_screen screen;
static uint16_t shown[VGA_ROWS][VGA_COLUMNS]; /* What the hardware shows. */
static uint32_t shown_cursor;
static bool present;
static struct tty vga_terminal;

/* ---- hardware ---- */

static void crtc_write(uint8_t reg, uint8_t v)
{
	outb(CRTC_INDEX, reg);
	outb(CRTC_DATA, v);
}

static uint8_t crtc_read(uint8_t reg)
{
	outb(CRTC_INDEX, reg);
	return inb(CRTC_DATA);
}

static void flush_cursor(void)
{
	uint32_t at = screen.cursor_hidden ? CELLS : screen.row * VGA_COLUMNS + screen.column;

	if (at == shown_cursor)
		return;
	shown_cursor = at;
	crtc_write(CRTC_CURSOR_HIGH, (uint8_t)(at >> 8));
	crtc_write(CRTC_CURSOR_LOW, (uint8_t)at);
}

/* Two cells at a time, as the bus is 32 bits wide. */
static void vga_flush(void)
{
	volatile uint32_t *memory = phys_to_virt(TEXT_MEMORY);

	for (uint32_t row = 0; row < VGA_ROWS; row++) {
		if (memcmp(shown[row], screen.cells[row], sizeof(shown[row])) == 0)
			continue;
		memcpy(shown[row], screen.cells[row], sizeof(shown[row]));
		for (uint32_t i = 0; i < VGA_COLUMNS; i += 2)
			memory[(row * VGA_COLUMNS + i) / 2] =
				shown[row][i] | (uint32_t)shown[row][i + 1] << 16;
	}
	flush_cursor();
}

/* ---- drawing ---- */

static uint16_t blank(const struct vga_screen *s)
{
	return (uint16_t)(s->attribute << 8 | ' ');
}

void vga_move(struct vga_screen *s, int32_t row, int32_t column)
{
	s->row = (uint32_t)MAX(0, MIN(row, (int32_t)VGA_ROWS - 1));
	s->column = (uint32_t)MAX(0, MIN(column, (int32_t)VGA_COLUMNS - 1));
	s->wrap_pending = false;
}

void vga_erase(struct vga_screen *s, uint32_t row, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < MIN(to, VGA_COLUMNS); i++)
		s->cells[row][i] = blank(s);
}

void vga_scroll_up(struct vga_screen *s, uint32_t top, uint32_t lines)
{
	uint32_t rows = s->bottom - top;

	lines = MIN(lines, rows);
	memmove(s->cells[top], s->cells[top + lines], (rows - lines) * sizeof(s->cells[0]));
	for (uint32_t row = s->bottom - lines; row < s->bottom; row++)
		vga_erase(s, row, 0, VGA_COLUMNS);
}

void vga_scroll_down(struct vga_screen *s, uint32_t top, uint32_t lines)
{
	uint32_t rows = s->bottom - top;

	lines = MIN(lines, rows);
	memmove(s->cells[top + lines], s->cells[top], (rows - lines) * sizeof(s->cells[0]));
	for (uint32_t row = top; row < top + lines; row++)
		vga_erase(s, row, 0, VGA_COLUMNS);
}

void vga_line_feed(struct vga_screen *s)
{
	s->wrap_pending = false;
	if (s->row + 1 == s->bottom)
		vga_scroll_up(s, s->top, 1);
	else if (s->row + 1 < VGA_ROWS)
		s->row++;
}

void vga_put(struct vga_screen *s, uint8_t c)
{
	if (s->wrap_pending) {
		s->column = 0;
		vga_line_feed(s);
	}
	s->cells[s->row][s->column] = (uint16_t)(s->attribute << 8 | c);
	if (s->column + 1 < VGA_COLUMNS)
		s->column++;
	else
		s->wrap_pending = true;
}

/* ---- the log ---- */

static bool screen_try_lock(void)
{
	for (uint32_t i = 0; i < LOCK_TRIES; i++) {
		if (spin_trylock(&screen_lock))
			return true;
		cpu_relax();
	}
	return false;
}

static void screen_unlock(bool locked)
{
	if (locked)
		spin_unlock(&screen_lock);
}

void vga_write(const char *text, size_t len)
{
	uint32_t flags = irq_save();
	bool locked = screen_try_lock();

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n')
			vga_ansi(&screen, '\r', NULL);
		vga_ansi(&screen, (uint8_t)text[i], NULL);
	}
	vga_flush();
	screen_unlock(locked);
	irq_restore(flags);
}

/* ---- the terminal ---- */

static void vga_answer(uint8_t c)
{
	tty_answer(&vga_terminal, c);
}

/* tty->lock held, interrupts off. */
static void vga_start(struct tty *tty)
{
	bool locked = screen_try_lock();
	uint8_t buf[64];
	size_t n;

	while ((n = tty_output_take(tty, buf, sizeof(buf))) > 0)
		for (size_t i = 0; i < n; i++)
			vga_ansi(&screen, buf[i], vga_answer);
	vga_flush();
	screen_unlock(locked);
}

static const struct tty_driver vga_driver = {
	.start = vga_start,
};

/* The cursor position can be read back where there is a CRTC. */
static bool vga_detect(void)
{
	crtc_write(CRTC_CURSOR_LOW, 0x5A);
	if (crtc_read(CRTC_CURSOR_LOW) != 0x5A)
		return false;
	crtc_write(CRTC_CURSOR_LOW, 0xA5);
	return crtc_read(CRTC_CURSOR_LOW) == 0xA5;
}

void vga_init_early(void)
{
	present = vga_detect();
	if (!present)
		return;
	crtc_write(CRTC_CURSOR_START, 13);
	crtc_write(CRTC_CURSOR_END, 14);
	shown_cursor = UINT32_MAX;
	vga_ansi_reset(&screen);
	vga_flush();
}

void vga_init(void)
{
	if (!present)
		return;
	tty_register(&vga_terminal, "tty1", CHARDEV_TTY_MAJOR, TTY1_MINOR, &vga_driver);
	vga_terminal.winsize = (struct winsize){.ws_row = VGA_ROWS, .ws_col = VGA_COLUMNS};
	kbd_init(&vga_terminal);
}

bool vga_is_present(void)
{
	return present;
}

struct tty *vga_tty(void)
{
	return present ? &vga_terminal : NULL;
}
