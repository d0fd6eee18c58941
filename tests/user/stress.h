/*
 * stress.h: what all parts of stress_mix stand on: who I am, chance, and pages with a known content.
 *
 * Every process draws its numbers from a generator of its own, seeded by the run's seed, by the worker
 * it belongs to and by its place below that worker: the same seed lets every process do the same
 * things in the same order. Only how they interleave is left to the clock.
 *
 * A page is described by a *mark*: 0 means all zeroes, any other number the 1024 words that grow
 * from it. Whoever writes a page notes the mark; whoever reads it knows every byte.
 */
#pragma once

#include "kernel/lib/xorshift.h"
#include "signals.h"

#include <sys/prctl.h>

#define STRESS_ACTIONS 40
#define STRESS_WORKERS 32
#define WORDS (PAGE / sizeof(uint32_t))

/* Shared by all processes of a run, only for what is said about it. */
struct board {
	uint32_t done[STRESS_ACTIONS];	   /* How often each action was done. */
	const char *doing[STRESS_WORKERS]; /* What each worker does now. */
	uint32_t processes;		   /* How many there have been: the last one's name. */
};

static struct {
	uint32_t seed;	   /* Names the run. */
	uint32_t worker;   /* Number of the worker I am, or descend from; 0: the first process. */
	uint32_t slot;	   /* Its place on the board. */
	unsigned depth;	   /* Forks below the worker. */
	uint32_t children; /* Forked so far: seeds the next one. */
	uint32_t name;	   /* Of this process; unlike a pid it is never used again. */
	const char *doing; /* Name of the action. */
	char home[64];	   /* Folder of the worker. */
	struct board *board;
} me = {.doing = "starting"};

/* ---- failing ---- */

static inline void stress_failed(int line, const char *what, const char *sentence)
{
	int err = errno;

	dprintf(2,
		"stress_mix: seed %u, worker %u, depth %u, pid %d, %s, line %d: %s (%s; errno %d)\n",
		me.seed, me.worker, me.depth, getpid(), me.doing, line, sentence, what, err);
	_exit(1);
}

/* The sentence is true unless cond holds. */
#define EXPECT(cond, sentence) ((cond) ? (void)0 : stress_failed(__LINE__, #cond, sentence))

/* ---- chance ---- */

static uint32_t chance_state = 1;

static inline uint32_t mix(uint32_t a, uint32_t b)
{
	uint32_t x = (a ^ 0x9e3779b9u) * 0x85ebca6bu + b;

	x = (x ^ (x >> 15)) * 0x2c1b3c6du;
	x = (x ^ (x >> 12)) * 0x297a2d39u;
	return x ^ (x >> 15);
}

static inline void chance_seed(uint32_t seed)
{
	chance_state = seed ? seed : 1;
}

static inline uint32_t chance(void)
{
	return xorshift32(&chance_state);
}

/* 0 to n - 1. */
static inline uint32_t chance_below(uint32_t n)
{
	return chance() % n;
}

static inline bool chance_one_in(uint32_t n)
{
	return chance_below(n) == 0;
}

/* ---- pages ---- */

static inline uint32_t mark_word(uint32_t mark, uint32_t i)
{
	return mark ? mark + i * 0x9e3779b1u : 0;
}

static inline void page_fill(void *page, uint32_t mark)
{
	uint32_t *word = page;

	for (uint32_t i = 0; i < WORDS; i++)
		word[i] = mark_word(mark, i);
}

/* The first len bytes of the page are what mark says; otherwise whose says, in words, what they were. */
static inline void page_expect_part(const void *page, size_t len, uint32_t mark, const char *whose)
{
	const uint32_t *word = page;

	for (uint32_t i = 0; i < len / sizeof(*word); i++) {
		if (word[i] == mark_word(mark, i))
			continue;
		dprintf(2, "stress_mix: %p holds %x, not %x: mark %x\n", (void *)&word[i], word[i],
			mark_word(mark, i), mark);
		stress_failed(__LINE__, whose, "A page has lost its contents.");
	}
}

static inline void page_expect(const void *page, uint32_t mark, const char *whose)
{
	page_expect_part(page, PAGE, mark, whose);
}

/* ---- children ---- */

/* fork; the child dies with its parent, has numbers of its own and no children yet. */
static inline pid_t child_fork(void)
{
	uint32_t seed = mix(chance(), ++me.children);
	pid_t parent = getpid(), pid = fork();

	EXPECT(pid >= 0, "There is memory and room for another process.");
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	me.depth++;
	me.children = 0;
	me.name = __atomic_add_fetch(&me.board->processes, 1, __ATOMIC_RELAXED);
	chance_seed(seed);
	return 0;
}

/* Waits come back early when the alarm rings while a handler without SA_RESTART is set. */
static inline int child_status(pid_t pid, int options)
{
	int status = -1;
	pid_t got;

	do
		got = waitpid(pid, &status, options);
	while (got < 0 && errno == EINTR);
	EXPECT(got == pid, "A child can be waited for.");
	return status;
}

static inline void child_expect_exit(pid_t pid, int code)
{
	int status = child_status(pid, 0);

	EXPECT(WIFEXITED(status), "A child died of a signal.");
	EXPECT(WEXITSTATUS(status) == code, "A child ended with another status.");
}
