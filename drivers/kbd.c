/*
 * kbd.c: the keyboard behind an 8042 controller, scan code set 1 (IBM PC/AT Technical Reference),
 * US layout. Keys that are no characters send the escape sequences of TERM=linux.
 *
 * All state belongs to the interrupt handler; no locks.
 */
#include "drivers/kbd.h"

#include "arch/x86/io.h"
#include "drivers/random.h"
#include "drivers/tty.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"
#include "kernel/sync/irq.h"

#define KBD_DATA 0x60
#define KBD_STATUS 0x64
#define STATUS_OUTPUT 0x01 /* There is a byte to read. */
#define STATUS_MOUSE 0x20  /* It is the mouse's. */
#define STATUS_ABSENT 0xFF
#define KBD_IRQ 1
#define DRAIN_MAX 64u

#define CODE_EXTENDED 0xE0
#define CODE_RELEASED 0x80

#define CODE_CTRL 0x1D
#define CODE_LEFT_SHIFT 0x2A
#define CODE_RIGHT_SHIFT 0x36
#define CODE_ALT 0x38
#define CODE_CAPS 0x3A

/* Characters of keys whose codes follow each other. */
static const struct {
	uint8_t first;
	const char *plain, *shifted;
} rows[] = {
	{0x01, "\0331234567890-=\177", "\033!@#$%^&*()_+\177"},
	{0x0F, "\tqwertyuiop[]\r", "\tQWERTYUIOP{}\r"},
	{0x1E, "asdfghjkl;'`", "ASDFGHJKL:\"~"},
	{0x2B, "\\zxcvbnm,./", "|ZXCVBNM<>?"},
	{0x37, "*", "*"},
	{0x39, " ", " "},
	{0x4A, "-", "-"},
	{0x4E, "+", "+"},
	{0x56, "<", ">"},
};

/* Keys that send a sequence, the same with and without the E0 prefix (the keypad without
 * NumLock). */
static const char *const sequences[] = {
	[0x3B] = "\033[[A",  [0x3C] = "\033[[B",  [0x3D] = "\033[[C",  [0x3E] = "\033[[D",
	[0x3F] = "\033[[E",  [0x40] = "\033[17~", [0x41] = "\033[18~", [0x42] = "\033[19~",
	[0x43] = "\033[20~", [0x44] = "\033[21~", [0x57] = "\033[23~", [0x58] = "\033[24~",
	[0x47] = "\033[1~",  [0x48] = "\033[A",	  [0x49] = "\033[5~",  [0x4B] = "\033[D",
	[0x4D] = "\033[C",   [0x4F] = "\033[4~",  [0x50] = "\033[B",   [0x51] = "\033[6~",
	[0x52] = "\033[2~",  [0x53] = "\033[3~",
};

static struct {
	struct tty *tty;
	bool extended; /* The byte before was E0. */
	bool shift, ctrl, alt, caps;
} kbd;

static void send(char c)
{
	tty_input(kbd.tty, (uint8_t)c);
}

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Ctrl with the characters that have a control code, as on a real terminal. */
static char apply_ctrl(char c)
{
	if (c == ' ' || c == '2')
		return 0;
	if (c == '/' || c == '-')
		return '_' & 0x1F;
	if (is_letter(c) || (c >= '[' && c <= '_') || c == '@')
		return c & 0x1F;
	return c;
}

/* The character of a key, 0 for keys without one. */
static char key_lookup(uint8_t code)
{
	for (uint32_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (code >= rows[i].first && code < rows[i].first + strlen(rows[i].plain))
			return (kbd.shift ? rows[i].shifted : rows[i].plain)[code - rows[i].first];
	return 0;
}

static void key_char(uint8_t code)
{
	char c = key_lookup(code);

	if (c == 0)
		return;
	if (kbd.caps && is_letter(c))
		c ^= 0x20;
	if (kbd.ctrl)
		c = apply_ctrl(c);
	if (kbd.alt)
		send('\033');
	send(c);
}

static void key_pressed(uint8_t code, bool extended)
{
	if (code < ARRAY_SIZE(sequences) && sequences[code]) {
		for (const char *p = sequences[code]; *p; p++)
			send(*p);
		return;
	}
	/* The keypad's Enter and slash; other extended keys are Windows keys and the like. */
	if (extended && code == 0x35)
		send('/');
	else if (!extended || code == 0x1C)
		key_char(code);
}

/* Keys that count while they are held; false when code is another. */
static bool key_modifier(uint8_t code, bool extended, bool down)
{
	switch (code) {
	case CODE_LEFT_SHIFT:
	case CODE_RIGHT_SHIFT:
		/* E0 2A and E0 36 come around cursor keys and mean nothing. */
		if (!extended)
			kbd.shift = down;
		return true;
	case CODE_CTRL:
		kbd.ctrl = down;
		return true;
	case CODE_ALT:
		kbd.alt = down;
		return true;
	case CODE_CAPS:
		kbd.caps ^= down;
		return true;
	}
	return false;
}

static void kbd_byte(uint8_t byte)
{
	bool extended = kbd.extended, down = !(byte & CODE_RELEASED);
	uint8_t code = byte & (uint8_t)~CODE_RELEASED;

	if (byte == CODE_EXTENDED) {
		kbd.extended = true;
		return;
	}
	kbd.extended = false;
	if (!key_modifier(code, extended, down) && down)
		key_pressed(code, extended);
}

static bool kbd_interrupt(void *arg)
{
	uint8_t status = inb(KBD_STATUS);
	uint8_t byte;

	(void)arg;
	if (!(status & STATUS_OUTPUT))
		return false;
	byte = inb(KBD_DATA);
	random_stir(byte);
	if (!(status & STATUS_MOUSE))
		kbd_byte(byte);
	return true;
}

void kbd_init(struct tty *tty)
{
	int err;

	if (inb(KBD_STATUS) == STATUS_ABSENT)
		return;
	kbd.tty = tty;
	/* What the firmware left unread would keep the interrupt line up. */
	for (uint32_t i = 0; i < DRAIN_MAX && inb(KBD_STATUS) & STATUS_OUTPUT; i++)
		inb(KBD_DATA);
	err = irq_register(KBD_IRQ, "keyboard", kbd_interrupt, NULL);
	if (err)
		log("kbd: irq %u: error %d\n", KBD_IRQ, err);
}
