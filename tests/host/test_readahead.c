/* test_readahead.c: sequences are noticed and their window grows; jumps read what was asked for. */
#include "fs/readahead.h"
#include "tests/host/check.h"

/* Read n pages one by one from index on, of which all but those read ahead are missing: requests made. */
static uint32_t read_pages(struct readahead *ra, uint32_t index, uint32_t n)
{
	uint32_t requests = 0, cached = index;

	for (uint32_t i = index; i < index + n; i++) {
		if (i >= cached) {
			cached = i + readahead_size(ra, i, 1);
			requests++;
		}
		readahead_note(ra, i);
	}
	return requests;
}

static void test_window_grows(void)
{
	struct readahead ra = {0};

	CHECK(readahead_size(&ra, 0, 1) == 4);
	readahead_note(&ra, 3);
	CHECK(readahead_size(&ra, 4, 1) == 8);
	readahead_note(&ra, 11);
	CHECK(readahead_size(&ra, 12, 1) == 16);
	readahead_note(&ra, 27);
	CHECK(readahead_size(&ra, 28, 1) == 32);
	readahead_note(&ra, 59);
	CHECK(readahead_size(&ra, 60, 1) == READAHEAD_MAX);
	ra = (struct readahead){0};
	CHECK(read_pages(&ra, 0, 256) == 11);
}

static void test_jumps(void)
{
	struct readahead ra = {0};

	CHECK(readahead_size(&ra, 1000, 1) == 1);
	readahead_note(&ra, 1000);
	CHECK(readahead_size(&ra, 500, 3) == 3);
	readahead_note(&ra, 502);
	CHECK(readahead_size(&ra, 503, 1) == 4); /* But on from there is a sequence. */
	CHECK(readahead_size(&ra, 9, 100) == READAHEAD_MAX);
}

static void test_advice(void)
{
	struct readahead ra = {.advice = READAHEAD_RANDOM};

	CHECK(read_pages(&ra, 0, 20) == 20);
	ra = (struct readahead){.advice = READAHEAD_SEQUENTIAL};
	read_pages(&ra, 0, 200);
	CHECK(ra.window == 2 * READAHEAD_MAX);
}

int main(void)
{
	test_window_grows();
	test_jumps();
	test_advice();
	return 0;
}
