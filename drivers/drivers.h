/*
 * drivers.h: the order in which the drivers start.
 *
 *	drivers_init_early()	before memory: the log reaches screen and serial ports
 *	drivers_init(spawn)	with memory, threads and interrupts running: everything else
 */
#pragma once

struct thread;

/* Find the serial ports and the screen and attach the log (options log=, quiet). No interrupts yet.
 * cmdline_init() was called before. */
void drivers_init_early(void);

/* Register all devices and find the disks. spawn starts a kernel thread: name, function, argument;
 * NULL when out of memory. May sleep. */
void drivers_init(struct thread *(*spawn)(const char *name, void (*fn)(void *), void *arg));
