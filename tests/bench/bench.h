/*
 * bench.h: how an event is measured, on Quire and on Linux alike.
 *
 * A row repeats its event many times in each of several rounds and counts ticks of the TSC around
 * each round; the least mean of all rounds is the row's figure, so that a timer interrupt or a first
 * touch in one of them does not show. Under QEMU's -icount shift=0 a tick is one instruction.
 *
 *	for (int round = 0; round < rounds; round++) {
 *		...prepare...
 *		meter_start(meter);
 *		...events...
 *		meter_stop(meter, events);
 *	}
 *
 * meter_start() and meter_stop() hold a marker instruction each, by which `./quire profile` knows
 * which of the kernel's instructions belong to the events.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdnoreturn.h>

#define PAGE 4096UL
#define MIB (1UL << 20)
#define ROUNDS 10 /* Of most rows. */

/* In memory that all processes of a row share, because a child may be the one that measures. */
struct meter {
	uint64_t began;
	uint64_t events; /* Of all rounds. */
	double least;	 /* Ticks per event of the best round; 0 when there was none. */
};

struct row {
	const char *name;
	void (*measure)(struct meter *meter);
};

/* The rows of each file, ended by one without a name. */
extern const struct row call_rows[], memory_rows[], file_rows[], process_rows[], swap_rows[];

/* The device that swap rows use, or NULL. */
extern const char *swap_device;

/* "xchg %bx, %bx" and "xchg %cx, %cx" do nothing and no compiler makes them. */
static inline void meter_start(struct meter *meter)
{
	__asm__ volatile("xchg %%bx, %%bx" ::: "memory");
	meter->began = __builtin_ia32_rdtsc();
}

void meter_stop(struct meter *meter, uint64_t events);

/* End with a message when something that cannot fail did. */
noreturn void give_up(const char *what);
void check(int ok, const char *what);

/* Private anonymous memory of so many bytes. */
char *memory_map(size_t bytes);
void memory_unmap(char *at, size_t bytes);

/* Write to, or read from, each page. */
void pages_write(char *at, size_t bytes);
void pages_read(const char *at, size_t bytes);

/* A new nameless file in /tmp of so many bytes, each page written; its descriptor. */
int file_make(size_t bytes);

/* Wait for a child that has to end well. */
void child_wait(int pid);
