/*
 * readahead.h: how much to read when a page of a file is missing: pure arithmetic on one open file's history.
 *
 * Who reads a file from its start, or on from where he read last, will go on: each time a page is missing
 * then, twice as many are read as the last time. Who jumps about gets what he asks for and no more.
 */
#pragma once

#include "kernel/lib/types.h"

enum readahead_advice {
	READAHEAD_NORMAL,
	READAHEAD_RANDOM,     /* Never more than asked for. */
	READAHEAD_SEQUENTIAL, /* Twice as much. */
};

/* Zero is a good start. Readers of one open file share it without a lock: a lost update costs a guess. */
struct readahead {
	uint32_t next;	 /* The page behind the last one that was read. */
	uint32_t window; /* Pages that were last read ahead; 0: not in a sequence. */
	enum readahead_advice advice;
};

#define READAHEAD_FIRST 4u /* Pages of the first window of a sequence. */
#define READAHEAD_MAX 32u  /* 128 KiB. */

/* The page at index is missing, and the reader wants that many from it on: how many to bring in. */
uint32_t readahead_size(struct readahead *ra, uint32_t index, uint32_t wanted);

/* The page at index was read, missing or not. */
static inline void readahead_note(struct readahead *ra, uint32_t index)
{
	ra->next = index + 1;
}
