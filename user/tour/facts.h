/*
 * facts.h: what the kernel says about memory: events, its sentences about faults, pages, counters.
 *
 *	facts_begin();			events are recorded from now on
 *	events_read(&log);		all up to now, so that the next time there are only new ones
 *	do_something();
 *	events_read(&log);
 *
 * Whatever /proc refuses ends the program.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE 4096u
#define EVENTS_MAX 1024

/* A line of /proc/vmtrace. */
struct event {
	int thread;
	char kind[9], where[10], how[64]; /* how: of a fault, what was wanted and what was done. */
	uint32_t before, after;		  /* Entries, or physical addresses. */
};

struct events {
	size_t count;
	struct event event[EVENTS_MAX];
};

/* What a process sees at an address: a frame, or a slot in swap, or nothing. */
struct page {
	enum { NOTHING, FRAME, SLOT } kind;
	uint32_t number;
	unsigned int views; /* FRAME: how many addresses of all processes show it. */
};

/* Record events, and be ready for explain(). */
void facts_begin(void);
void facts_end(void);

/* The events since the last call. */
void events_read(struct events *log);

/* Touch memory by touch(at), while the kernel tells about faults. */
void explain(void (*touch)(volatile char *at), volatile char *at);

/* The last sentence of the kernel's log about a fault of this process at this address, or NULL; valid until the
 * next. */
const char *explained(int pid, const volatile char *at);

struct page page_of(int pid, const volatile char *at);

/* Is there a swap disk? */
bool swap_is_on(void);

/* Sectors that were read from and written to the swap disk; zero when there is none. */
struct sectors {
	unsigned long read, written;
} swap_sectors(void);
