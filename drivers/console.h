/*
 * console.h: which terminal is /dev/console, and which devices show the kernel log.
 *
 *	console=ttyS1	the last one wins; without it ttyS0, or tty1 where there is no serial port
 *	log=ttyS0,vga	where log lines go; without it both of these
 *	quiet		log lines go nowhere but the ring; a panic is still shown
 */
#pragma once

#include "drivers/tty.h"

/* Attach the log, as soon as the devices are known. */
void console_init_early(void);

/* Register /dev/console and /dev/tty. */
void console_init(void);

/* The terminal behind /dev/console; NULL when the machine has none. */
struct tty *console_tty(void);

/* A session took tty as its terminal: log lines no longer go there. */
void console_claimed(const struct tty *tty);
