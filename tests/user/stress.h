/*
 * stress.h: chance, and memory that knows what it holds: the first half of stress_mix.c.
 *
 * A process has areas and a heap. Each page holds a stamp in its first word and the complement in
 * its last, or is all zero; the model says which. fork copies the model with the memory, so that a
 * child can check what it got. Shared areas belong to the first generation: its children leave them
 * alone.
 */
#pragma once

#include "brk.h"

#define AREAS 24
#define AREA_PAGES 48u
#define HEAP_PAGES 64

/* ---- chance, time, and how to say what went wrong ---- */

static unsigned seed, worker, step, generation;
static uint32_t state; /* Of the random numbers of this process. */

#define VERIFY(cond) ((cond) ? (void)0 : stress_failed(__LINE__, #cond))

static inline void stress_failed(int line, const char *what)
{
	dprintf(2, "seed %u, worker %u, generation %u, step %u:\n", seed, worker, generation, step);
	check_failed(__FILE__, line, what);
}

static inline uint32_t chance(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % below;
}

static inline time_t seconds(void)
{
	struct timespec now;

	VERIFY(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
	return now.tv_sec;
}

/* ---- memory: areas, and what each of their pages holds ---- */

enum area_kind {
	ANON,
	SHARED,
	FROM_FILE,
};

static struct area {
	char *start;
	unsigned pages; /* 0: free. */
	enum area_kind kind;
	int prot;
	uint32_t stamp[AREA_PAGES]; /* Of each page; 0: it is all zero. */
} areas[AREAS];

static int pattern_fd; /* A file whose page i starts with i + 1 and ends with its complement. */
static uint32_t heap_stamp[HEAP_PAGES];
static char *heap;
static unsigned heap_pages;

static inline void page_verify(const char *page, uint32_t stamp)
{
	const uint32_t *word = (const uint32_t *)page;

	VERIFY(word[0] == stamp);
	VERIFY(word[PAGE / 4 - 1] == (stamp ? ~stamp : 0));
}

static inline void page_stamp(char *page, uint32_t *stamp)
{
	uint32_t *word = (uint32_t *)page;

	*stamp = chance(UINT32_MAX - 1) + 1;
	word[0] = *stamp;
	word[PAGE / 4 - 1] = ~*stamp;
}

static inline struct area *area_random(bool used)
{
	unsigned first = chance(AREAS);

	for (unsigned i = 0; i < AREAS; i++) {
		struct area *a = &areas[(first + i) % AREAS];

		if ((a->pages > 0) == used)
			return a;
	}
	return NULL;
}

static inline void area_verify(const struct area *a)
{
	for (unsigned i = 0; i < a->pages && a->prot & PROT_READ; i++)
		page_verify(a->start + i * PAGE, a->stamp[i]);
}

/* Shared pages only when alone says that nobody else runs who might write them. */
static inline void memory_verify(bool alone)
{
	for (unsigned i = 0; i < AREAS; i++)
		if (alone || areas[i].kind != SHARED)
			area_verify(&areas[i]);
	for (unsigned i = 0; i < heap_pages; i++)
		page_verify(heap + i * PAGE, heap_stamp[i]);
}

static inline void area_map(void)
{
	static const int flags[] = {MAP_PRIVATE | MAP_ANONYMOUS, MAP_SHARED | MAP_ANONYMOUS,
				    MAP_PRIVATE};
	struct area *a = area_random(false);
	unsigned offset;
	int fd;

	if (!a)
		return;
	a->pages = 1 + chance(AREA_PAGES);
	a->kind = chance(3);
	a->prot = PROT_READ | PROT_WRITE;
	offset = a->kind == FROM_FILE ? chance(AREA_PAGES - a->pages + 1) : 0;
	fd = a->kind == FROM_FILE ? pattern_fd : -1;
	a->start = mmap(NULL, a->pages * PAGE, a->prot, flags[a->kind], fd, offset * PAGE);
	VERIFY(a->start != MAP_FAILED);
	for (unsigned i = 0; i < a->pages; i++)
		a->stamp[i] = a->kind == FROM_FILE ? offset + i + 1 : 0;
}

/* Unmap a piece at one end, or a hole whose upper side becomes an area of its own. */
static inline void area_unmap(void)
{
	struct area *a = area_random(true), *rest = area_random(false);
	unsigned first, count;

	if (!a)
		return;
	first = chance(a->pages);
	count = 1 + chance(a->pages - first);
	if (!rest)
		count = a->pages - first;
	VERIFY(munmap(a->start + first * PAGE, count * PAGE) == 0);
	if (first + count < a->pages) {
		*rest = *a;
		rest->start += (first + count) * PAGE;
		rest->pages -= first + count;
		memmove(rest->stamp, rest->stamp + first + count, rest->pages * sizeof(uint32_t));
	}
	a->pages = first;
}

static inline void area_protect(void)
{
	static const int prots[] = {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE};
	struct area *a = area_random(true);

	if (!a)
		return;
	a->prot = prots[chance(3)];
	VERIFY(mprotect(a->start, a->pages * PAGE, a->prot) == 0);
}

static inline void area_write(void)
{
	struct area *a = area_random(true);

	if (!a || !(a->prot & PROT_WRITE) || (a->kind == SHARED && generation > 0))
		return;
	for (unsigned n = 1 + chance(a->pages); n > 0; n--) {
		unsigned i = chance(a->pages);

		page_stamp(a->start + i * PAGE, &a->stamp[i]);
	}
}

static inline void area_check(void)
{
	struct area *a = area_random(true);

	if (a && (a->kind != SHARED || generation == 0))
		area_verify(a);
}

static inline void heap_move(void)
{
	unsigned pages = chance(HEAP_PAGES + 1);

	VERIFY(brk_set(heap + pages * PAGE) == heap + pages * PAGE);
	for (unsigned i = heap_pages; i < pages; i++) {
		page_verify(heap + i * PAGE, 0);
		heap_stamp[i] = 0;
	}
	heap_pages = pages;
	for (unsigned i = 0; i < pages; i += 1 + chance(8))
		page_stamp(heap + i * PAGE, &heap_stamp[i]);
}
