/*
 * Whichever allocation fails while pages go to swap and come back, and while the area is given up and taken again,
 * nothing is lost: each is failed in its turn, and the ways to swap and back are seen to be among them.
 *
 * rows: E15
 * quire-only
 * append: zpool=1
 * mem: 32M
 * swap: 8M
 * timeout: 240
 */
#include "counters.h"
#include "failures.h"
#include "outgrow.h"

#include <sys/swap.h>

#define PAGES 64u
#define SLACK 8	 /* Frames for the slabs of objects. */
#define ENOUGH 5 /* Runs without a failure: there are not so many allocations in any. */

/* Who is to be met: a call and those it came from, innermost first. */
static const char *const places[] = {
	"swap_reserve",
	"shm_write",
	"zpool_store",
	"zblock_alloc",
	"rmap_add_further",
	"frame_alloc_wait cache_read cache_get_cluster swap_get fault_swap",
	"frame_alloc_wait table_own_slow",
	" frame_alloc cache_read cache_get_cluster swap_get",
	"swap_get swapin",
	"swap_get swap_remove",
	"swap_add",
};

#define PLACES (sizeof(places) / sizeof(places[0]))

static uint32_t *mine, *shared;

/* Every third page is read, one is written, which a child has for itself. */
static void use(void)
{
	for (uint32_t n = 0; n < PAGES; n += 3)
		CHECK(page_is(mine + n * PAGE_WORDS, 1, n));
	page_fill(mine, 1, 0);
}

static void swap_out(void)
{
	CHECK(madvise(mine, PAGES * PAGE, MADV_PAGEOUT) == 0);
	CHECK(madvise(shared, PAGES * PAGE, MADV_PAGEOUT) == 0);
}

/* Out and in again; three processes share the private pages. */
static void swap_all(void)
{
	int status;
	pid_t pid;

	swap_out();
	madvise(mine + PAGES / 2 * PAGE_WORDS, PAGE, MADV_WILLNEED);
	pid = fork();
	if (pid == 0) {
		pid = fork();
		use();
		_exit(pid > 0 && (wait(&status) != pid || status != 0));
	}
	pages_check(shared, PAGES, 2);
	use();
	CHECK(pid < 0 || (wait(&status) == pid && status == 0));
}

static void change_area(void)
{
	swap_out();
	if (swapoff("/dev/hda") == 0)
		swapon("/dev/hda", 0);
	else
		CHECK(errno == ENOMEM);
}

/* Fail the n-th allocation. The places it was at, as bits; -1: there are not so many. */
static int fail_at(void (*work)(void), const char *point, unsigned n)
{
	char chain[CHAIN_MAX];
	int bits = 0;
	bool met;

	fail_nth(point, n);
	work();
	met = fail_end(point, chain);
	CHECK(swapon("/dev/hda", 0) == 0 || errno == EBUSY);
	pages_check(mine, PAGES, 1);
	pages_check(shared, PAGES, 2);
	for (unsigned i = 0; i < PLACES; i++)
		bits |= strstr(chain, places[i]) ? 1 << i : 0;
	return met ? bits : -1;
}

/* The places that were met, as bits. */
static int fail_each(void (*work)(void), const char *point)
{
	int all = 0, without = 0;

	for (unsigned n = 1; without < ENOUGH; n++) {
		int bits = fail_at(work, point, n);

		without = bits < 0 ? without + 1 : 0;
		all |= bits < 0 ? 0 : bits;
	}
	return all;
}

int main(void)
{
	long before;
	int met;

	mine = (uint32_t *)map_anon(PAGES * PAGE);
	shared =
		mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(shared != MAP_FAILED);
	pages_fill(mine, PAGES, 1);
	pages_fill(shared, PAGES, 2);
	swap_all();
	change_area();
	before = frames_free();
	met = fail_each(swap_all, "frame_alloc") | fail_each(swap_all, "kmalloc") |
	      fail_each(change_area, "frame_alloc") | fail_each(change_area, "kmalloc");
	for (unsigned i = 0; i < PLACES; i++)
		if (!(met >> i & 1))
			dprintf(2, "not met: %s\n", places[i]);
	CHECK(met == (1 << PLACES) - 1);
	change_area();
	CHECK(frames_free() > before - SLACK);
	CHECK(munmap(mine, PAGES * PAGE) == 0 && munmap(shared, PAGES * PAGE) == 0);
	vm_check();
	CHECK(swapoff("/dev/hda") == 0);
	return 0;
}
