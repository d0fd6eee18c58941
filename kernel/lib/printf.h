/*
 * printf.h: formatting into a buffer.
 *
 * Understands %d %i %u %x %X %o %p %c %s %% with flags "0-+ #", width, precision (also *), and the
 * length modifiers h hh l ll z j t. No floating point. %p prints 0x and eight digits.
 */
#pragma once

#include "kernel/lib/types.h"
#include <stdarg.h>

/* Write at most size-1 bytes and a NUL. Returns the length the whole text would have had. */
int vsnprintf(char *buf, size_t size, const char *fmt, va_list ap);
int snprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);

/* Like snprintf, but returns the bytes really written (without the NUL), for appending
 * in a loop. */
int scnprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
