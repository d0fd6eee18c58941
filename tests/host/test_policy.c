/*
 * test_policy.c: each replacement policy evicts whom its textbook says.
 *
 * A script is what happens to a memory of some frames: "3" page 3 is read, "w3" written, "f3"
 * freed, "t" a tick, "t9" nine. "4>1": page 4 is not there, and page 1 goes for it. Every eviction
 * has to be in the script.
 *
 * rows: A42 D3 D7 E22
 * lab: clock twohand
 */

#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"
#include "tests/host/check.h"
#include "tools/replay/sim.h"

static uint32_t evicted; /* By the last step; 0: nobody. */

static void note_evicted(uint32_t page)
{
	evicted = page;
}

static void step(struct sim *sim, enum trace_kind kind, uint32_t page)
{
	evicted = 0;
	sim_step(sim, (struct trace_record){kind, page});
}

static uint32_t parse_number(const char **script)
{
	uint32_t n = 0;

	for (; **script >= '0' && **script <= '9'; ++*script)
		n = 10 * n + (uint32_t)(**script - '0');
	return n;
}

/* Faults of policy while it does with so many frames what the script says. */
static uint64_t play(const char *policy, uint32_t frames, const char *script)
{
	struct sim *sim = sim_create(policy, frames, 100);
	uint64_t faults;

	CHECK(sim);
	sim_on_evict(sim, note_evicted);
	for (const char *at = script; *at; at += *at == ' ') {
		char verb = strchr("twf", *at) ? *at++ : 'r';
		uint32_t page = parse_number(&at), victim = 0;

		if (*at == '>') {
			at++;
			victim = parse_number(&at);
		}
		if (verb == 't')
			for (uint32_t n = MAX(page, 1u); n > 0; n--)
				step(sim, TRACE_TICK, 0);
		else
			step(sim,
			     verb == 'f'   ? TRACE_FREE
			     : verb == 'w' ? TRACE_WRITE
					   : TRACE_READ,
			     page);
		if (evicted != victim)
			panic("%s evicts %u before \"%s\" of \"%s\"", policy, evicted, at, script);
	}
	faults = sim_counts(sim).faults;
	sim_destroy(sim);
	return faults;
}

static void test_fifo(void)
{
	CHECK(play("fifo", 3, "1 2 3 4>1 1>2 2>3 5>4 1 2 3>1 4>2 5") == 9);
	CHECK(play("fifo", 4, "1 2 3 4 1 2 5>1 1>2 2>3 3>4 4>5 5>1") == 10);
}

static void test_lru(void)
{
	CHECK(play("lru", 3, "1 2 3 4>1 1>2 2>3 5>4 1 2 3>5 4>1 5>2") == 10);
	CHECK(play("lru", 4, "1 2 3 4 1 2 5>3 1 2 3>4 4>5 5>1") == 8);
}

/* After a turn that finds all in use the first goes. 2 is used again and passed over. */
static void test_clock(void)
{
	play("clock", 3, "1 2 3 4>1 2 5>3 6>2");
}

/*
 * With 8 frames the hands are 3 apart. The front hand clears 1, 2, 3, and the back hand takes 1
 * although it was used before. 2 is used between the hands and stays. 6 is used ahead of the front
 * hand, which does not count.
 */
static void test_twohand(void)
{
	play("twohand", 8, "1 2 3 4 5 6 7 8 9>1 2 10>3 6 11>4 12>5 13>6 14>7");
}

/* Before 5 comes in the classes are 1: R, 2: M, 3: neither, 4: R and M. */
static void test_nru(void)
{
	play("nru", 4, "1 w2 3 w4 t 1 4 5>3 6>2 7>1 8>5 9>6 10>7");
	play("nru", 2, "1 2 t 1 t 2 3>1"); /* R of an earlier period is forgotten. */
}

/* After the ticks the counters are 1: 11100000, 2: 01100000, 3: 00100000. */
static void test_aging(void)
{
	play("aging", 3, "1 2 3 t 1 2 t 1 t 4>3 5>2 6>1");
	play("aging", 2, "1 2 t 1 3>2");	     /* The period that runs counts most. */
	play("aging", 2, "1 2 t 1 t8 2 t8 3>1 4>2"); /* 8 periods and no more. */
}

/*
 * 1 to 7 come in, and all have only their fault's reference. 2 and 3 get another and become active.
 * 4 returns after 2 other pages left, as many as are active: active at once. The scan by 9 to 13
 * drives none of these out. 11 becomes active, which is one too many, and 2 has not been used: it
 * goes.
 */
static void test_active(void)
{
	play("active", 6, "1 2 3 4 5 6 7>1 2 3 8>4 4>5 9>6 10>7 11>8 12>9 13>10 11 14>12 15>2");
}

/*
 * 2 is used twice and goes to the clock OFTEN, 3 is there after it returned. The scan by 7, 8, 9
 * only washes out its own. But when 7 returns as well, ONCE is to have 2 frames, and OFTEN loses
 * one.
 */
static void test_car(void)
{
	play("car", 4, "1 2 3 4 5>1 2 6>3 3>4 7>5 8>6 9>7 7>8 10>2");
}

/* 2 and 3 are out of the working set: the clean one goes first. 4 and 5 are in it. */
static void test_wsclock(void)
{
	play("wsclock", 3, "1 w2 3 4>1 t9 4 5>3 6>2");
	play("wsclock", 3, "1 2 3 4>1 t 3 5>2 t 6>3"); /* All in it: the longest unused goes. */
}

/* Any page goes, young or old: with 16 frames 4 of 10 do so within 8 faults. */
static void test_random(void)
{
	struct sim *sim = sim_create("random", 16, 2000);
	uint32_t young = 0;

	CHECK(sim);
	sim_on_evict(sim, note_evicted);
	for (uint32_t page = 1; page <= 2000; page++) {
		step(sim, TRACE_READ, page);
		young += evicted != 0 && page - evicted <= 8;
	}
	CHECK(young > 600 && young < 1000);
	sim_destroy(sim);
}

/* Times that page 1 comes in, when others come in turn and it is touched each tick between them. */
static uint64_t hot_page_faults(const char *policy)
{
	struct sim *sim = sim_create(policy, 8, 2000);
	uint64_t faults;

	CHECK(sim);
	for (uint32_t page = 2; page <= 2000; page++) {
		step(sim, TRACE_READ, 1);
		step(sim, TRACE_WRITE, page);
		step(sim, TRACE_TICK, 0);
	}
	faults = sim_counts(sim).faults - 1999;
	sim_destroy(sim);
	return faults;
}

/* Never the victim; but the first look of some policies finds all pages in use. */
static void test_hot_page_stays(void)
{
	static const char *const seeing[] = {"clock",  "twohand", "nru",     "aging",
					     "active", "car",	  "wsclock", "lru"};

	for (uint32_t i = 0; i < ARRAY_SIZE(seeing); i++)
		if (hot_page_faults(seeing[i]) > 2)
			panic("%s evicts the hot page", seeing[i]);
	CHECK(hot_page_faults("fifo") > 200 && hot_page_faults("random") > 200);
}

int main(void)
{
	test_fifo();
	test_lru();
	test_clock();
	test_twohand();
	test_nru();
	test_aging();
	test_active();
	test_car();
	test_wsclock();
	test_random();
	test_hot_page_stays();
	return 0;
}
