/* init.h: what the parts of init share. */
#pragma once

#include <stdbool.h>

/* Tell something in the kernel log, or on standard error when there is none. */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* In a new child: every signal as a fresh program expects it. */
void signals_reset(void);

/* In a new child: make the disk of root= the root directory, if there is one; does not return when
 * that fails. */
void root_enter(void);

/* Run the program whose words are in file, each ended by a zero byte. Returns when it has ended, all
 * its output is out and its status is in the kernel log. */
void exec_run(const char *file);

/* Kill every other process and stop the machine; how is a command of reboot(2). */
void machine_end(int how) __attribute__((noreturn));
