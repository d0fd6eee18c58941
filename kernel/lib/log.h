/*
 * log.h: the kernel log.
 *
 * Every line gets a time stamp, goes into a ring of LOG_SIZE bytes (read by dmesg through syslog(2)
 * and /dev/kmsg) and to every sink a driver registered. Callable from anywhere, interrupt handlers
 * and panics included; never sleeps.
 *
 *	log("ide: hda: %u sectors\n", n);
 */
#pragma once

#include "kernel/lib/list.h"
#include "kernel/lib/printf.h"

#define LOG_SIZE (32 * 1024)

void log(const char *fmt, ...) __printf(1, 2);
void vlog(const char *fmt, va_list ap);

/* A place log lines go to. write() must not sleep, allocate or log, and must work in a panic. */
struct log_sink {
	struct list link;
	bool quiet; /* Gets only panics: the "quiet" option, or a shell owns the console. */
	void (*write)(const char *text, size_t len);
};

/* Add a sink and replay to it what the ring already holds. */
void log_add_sink(struct log_sink *sink);

/* From now on every sink gets everything, locks are not waited for: we are in a panic. */
void log_enter_panic(void);

/* Copy up to size bytes of the ring from absolute position *pos (0 = the oldest still held), move
 * *pos behind them. Returns the bytes copied; 0 at the end. */
size_t log_read(uint64_t *pos, char *buf, size_t size);

/* Bytes logged since boot: the absolute position of the end. */
uint64_t log_end(void);

/* The clock for time stamps, nanoseconds since boot; set once the clock runs. */
void log_set_clock(uint64_t (*now_ns)(void));
