/*
 * console.c: /dev/console, /dev/tty, and where the log goes. See console.h for the options.
 *
 * Fixed at boot but for the quiet flags of the sinks, which are single words.
 */
#include "drivers/console.h"

#include "drivers/serial.h"
#include "drivers/vga.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/cmdline.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"

#define OPTION_LEN 64u
#define LOG_DEFAULT "ttyS0,vga"

/* A sink is told nothing but the text, so each port has a function of its own. */
static void write_ttyS0(const char *text, size_t len)
{
	serial_write(0, text, len);
}

static void write_ttyS1(const char *text, size_t len)
{
	serial_write(1, text, len);
}

static void write_ttyS2(const char *text, size_t len)
{
	serial_write(2, text, len);
}

static void write_ttyS3(const char *text, size_t len)
{
	serial_write(3, text, len);
}

static struct log_sink serial_sinks[SERIAL_PORTS] = {
	{.write = write_ttyS0},
	{.write = write_ttyS1},
	{.write = write_ttyS2},
	{.write = write_ttyS3},
};

static struct log_sink vga_sink = {.write = vga_write};

static struct tty *console;

/* ---- names ---- */

/* "ttyS2" is 2; anything else -1. */
static int32_t serial_port_named(const char *name)
{
	uint32_t n = (uint32_t)(name[0] ? name[strlen(name) - 1] - '0' : 0);

	return strncmp(name, "ttyS", 4) == 0 && strlen(name) == 5 && n < SERIAL_PORTS ? (int32_t)n
										      : -1;
}

static bool is_screen(const char *name)
{
	return strcmp(name, "vga") == 0 || strcmp(name, "tty1") == 0 || strcmp(name, "tty0") == 0;
}

/* Cut the next word off a list separated by commas; NULL at the end. */
static char *next_word(char **list)
{
	char *word = *list, *comma;

	if (!word)
		return NULL;
	comma = strchr(word, ',');
	if (comma)
		*comma = '\0';
	*list = comma ? comma + 1 : NULL;
	return word;
}

/* ---- the log ---- */

static void add_sink(const char *name, bool quiet)
{
	int32_t port = serial_port_named(name);
	struct log_sink *sink = NULL;

	if (is_screen(name) && vga_is_present())
		sink = &vga_sink;
	else if (port >= 0 && serial_is_present((uint32_t)port))
		sink = &serial_sinks[port];
	/* The list may name a device twice, or one that is not there. */
	if (!sink || sink->link.next)
		return;
	sink->quiet = quiet;
	log_add_sink(sink);
}

void console_init_early(void)
{
	char option[OPTION_LEN];
	bool quiet = cmdline_has("quiet");
	char *list = option, *name;

	if (!cmdline_get("log", option, sizeof(option)))
		strlcpy(option, LOG_DEFAULT, sizeof(option));
	while ((name = next_word(&list)))
		add_sink(name, quiet);
}

void console_claimed(const struct tty *tty)
{
	if (tty == vga_tty())
		vga_sink.quiet = true;
	for (uint32_t i = 0; i < SERIAL_PORTS; i++)
		if (tty == serial_tty(i))
			serial_sinks[i].quiet = true;
}

/* ---- the devices ---- */

static struct tty *default_console(void)
{
	return serial_tty(0) ? serial_tty(0) : vga_tty();
}

/* "ttyS1,115200n8": what follows the comma is a speed, which the port has already. */
static struct tty *chosen_console(void)
{
	char option[OPTION_LEN];
	char *list = option, *name;
	struct tty *tty = NULL;
	int32_t port;

	if (!cmdline_get("console", option, sizeof(option)))
		return default_console();
	name = next_word(&list);
	port = serial_port_named(name);
	if (is_screen(name))
		tty = vga_tty();
	else if (port >= 0)
		tty = serial_tty((uint32_t)port);
	if (!tty)
		log("console: no %s\n", name);
	return tty ? tty : default_console();
}

struct tty *console_tty(void)
{
	return console;
}

/* Opening the console does not make it the controlling terminal: init asks for that. */
static int console_open(struct chardev_handle *h, bool noctty)
{
	(void)noctty;
	if (!console)
		return -ENODEV;
	tty_open(h, console);
	return 0;
}

static int controlling_open(struct chardev_handle *h, bool noctty)
{
	struct tty *tty = tty_controlling();

	(void)noctty;
	if (!tty)
		return -ENXIO;
	tty_open(h, tty);
	return 0;
}

static const struct chardev_ops console_ops = {
	.open = console_open,
	.read = tty_read,
	.write = tty_write,
	.ioctl = tty_ioctl,
	.poll = tty_poll,
};

static const struct chardev_ops controlling_ops = {
	.open = controlling_open,
	.read = tty_read,
	.write = tty_write,
	.ioctl = tty_ioctl,
	.poll = tty_poll,
};

static struct chardev console_dev = {
	.name = "console",
	.major = CHARDEV_TTYAUX_MAJOR,
	.minor = 1,
	.mode = 0600,
	.ops = &console_ops,
};

static struct chardev controlling_dev = {
	.name = "tty",
	.major = CHARDEV_TTYAUX_MAJOR,
	.minor = 0,
	.mode = 0666,
	.ops = &controlling_ops,
};

void console_init(void)
{
	console = chosen_console();
	chardev_register(&controlling_dev);
	chardev_register(&console_dev);
}
