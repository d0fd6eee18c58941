/*
 * trace.h: what a program referenced, page by page.
 *
 * A trace file is the 8 bytes "QTRACE1\n" and then records of 8 bytes, all little endian. Pages are
 * numbered 1, 2, 3... in the order in which they first appear; a number never names another page.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define TRACE_MAGIC "QTRACE1\n"
#define TRACE_MAGIC_SIZE 8
#define TRACE_PAGES_MAX (1u << 24) /* 64 GiB: a higher number is no page number. */

struct trace_record {
	uint32_t what; /* Bits 0-3: enum trace_kind. Bits 8-15: the process. */
	uint32_t page; /* 0 for TICK. */
};

enum trace_kind {
	TRACE_READ,
	TRACE_WRITE,   /* A reference as well; the page is modified from now on. */
	TRACE_FREE,    /* The page, in memory or not, is no more. */
	TRACE_TICK,    /* The policies' clock goes on by one. */
	TRACE_RESTORE, /* As recorded: this victim could not go; another was taken. */
	TRACE_EVICTED, /* As recorded: the policy was told that this victim has left. */
};

struct trace {
	const struct trace_record *records;
	size_t count;
	uint64_t references;
	uint32_t pages; /* The highest page number. */
};

static inline enum trace_kind trace_kind(struct trace_record r)
{
	return (enum trace_kind)(r.what & 15);
}

/* Map the trace file at path into memory, for good. 0, or -1 with the reason on stderr. */
int trace_open(struct trace *t, const char *path);
