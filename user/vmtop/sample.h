/*
 * sample.h: what /proc says at one moment: of all frames, of all processes, of one address space.
 *
 *	struct sample now = {0}, before;
 *	sample_take(&now, NULL);		totals since boot, no rates
 *	before = now;
 *	sample_take(&now, &before);		rates since before
 *	sample_free(&before);
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE 4096u

/* What a frame is; the first that holds. From ZERO on: what an address can show besides. */
enum state {
	FREE,
	TABLE,	/* A page table or directory. */
	PINNED, /* Locked in memory, or held by the kernel: cannot be evicted now. */
	CACHED, /* In memory, and has its slot in swap too. */
	COW,	/* Anonymous, and shown by several entries: the first who writes gets a copy. */
	ANON,
	DIRTY, /* A file's, and newer than the file. */
	FILED, /* A file's, or shared memory. */
	KERNEL,
	STATES,
	ZERO = STATES, /* The frame of zeroes that all share. */
	SWAPPED,
	EMPTY, /* Never touched, or not now. */
	CELLS,
};

struct process {
	int pid;
	char state, name[32];
	unsigned long resident, shared, pss, swapped; /* Pages. */
	unsigned long faults, major;		      /* Since it began. */
	double faults_rate, major_rate;
};

struct sample {
	double time;	 /* Seconds. */
	uint8_t *frames; /* enum state of each; ZERO counts as KERNEL. */
	size_t frame_count, frame_room, counts[STATES];
	struct process *processes; /* By pid. */
	size_t process_count;
	unsigned long swap_total, swap_free;	 /* Pages. */
	unsigned long faults, swapins, swapouts; /* Since boot. */
	double faults_rate, swapins_rate, swapouts_rate;
};

/* Fill *s, whose old contents are not looked at; rates are those since before, or 0 (NULL). Ends the program when
 * /proc cannot be read. */
void sample_take(struct sample *s, const struct sample *before);
void sample_free(struct sample *s);

/* Only time, frames, swap and what is counted since boot; the array of frames in *s is used again. */
void sample_take_memory(struct sample *s);

struct process *sample_find(const struct sample *s, int pid); /* NULL: none. */

/* An area of an address space. */
struct area {
	uint64_t start, end;
	char rights[5], name[64];
};

/* Call fn for each area of the process; false: there is no such process any more. */
bool area_each(int pid, void (*fn)(void *arg, const struct area *a), void *arg);

/* What count pages from address on show, as enum state. */
struct cells {
	int pagemap;
	const struct sample *s;
};
bool cells_open(struct cells *c, const struct sample *s, int pid);
void cells_get(const struct cells *c, uint64_t address, size_t count, uint8_t *states);
void cells_close(struct cells *c);
