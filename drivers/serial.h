/*
 * serial.h: the serial ports of a PC, 16550 compatible: /dev/ttyS0 to ttyS3.
 */
#pragma once

#include "drivers/tty.h"

#define SERIAL_PORTS 4u

/* Find the ports; from then on serial_write works. Before memory and interrupts. */
void serial_init_early(void);

/* Register the terminals and their interrupts. */
void serial_init(void);

bool serial_is_present(uint32_t port);

/* The terminal of a port; NULL when it is not there. */
struct tty *serial_tty(uint32_t port);

/* Write text at once, without interrupts, '\n' as "\r\n". Any context, panics included; a port that
 * does not take bytes any more is given up after a while. */
void serial_write(uint32_t port, const char *text, size_t len);

/* Send by polling what the terminals still hold: the machine is about to end. Any context. */
void serial_flush(void);
