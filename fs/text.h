/*
 * text.h: text that grows as it is written, for files whose contents are made up when they are
 * read.
 *
 * It is kept in pages, so that a long text needs no large piece of memory. Running out of memory is
 * remembered in error and the text stays as it is; who reads it looks there once, at the end.
 *
 *	struct text t;
 *	text_init(&t);
 *	text_printf(&t, "MemTotal: %8u kB\n", total);
 *	err = t.error;
 *	text_free(&t);
 *
 * No locks: a text has one owner. Appending never sleeps and may be done under a spinlock that
 * stands above RANK_LEAF.
 */
#pragma once

#include "kernel/lib/list.h"
#include "kernel/lib/printf.h"
#include "mm/uio.h"

#define TEXT_LINE_MAX 512 /* Longest result of one text_printf; the rest is cut off. */

struct text {
	struct list chunks; /* struct text_chunk, all but the last are full. */
	uint32_t length;    /* Bytes. */
	int error;	    /* 0 or -ENOMEM. */
};

void text_init(struct text *t);
void text_free(struct text *t);

void text_printf(struct text *t, const char *fmt, ...) __printf(2, 3);
void text_append(struct text *t, const char *bytes, size_t n);

/* A line of meminfo or smaps: "Name:", then the number in kilobytes. */
void text_kb(struct text *t, const char *label, uint32_t kb);

/* Append with space, tab, newline, backslash (and those in also) as \ooo, as /proc/mounts and
 * /proc/PID/maps write names. */
void text_append_escaped(struct text *t, const char *name, const char *also);

/* Copy out from position pos. Bytes moved, 0 at the end, or -EFAULT. May sleep. */
ssize_t text_read(const struct text *t, struct uio *u, loff_t pos);
