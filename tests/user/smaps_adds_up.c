/*
 * Each area of smaps has as many resident pages as it has shared and private, clean and dirty ones;
 * smaps_rollup is the sum of all areas.
 *
 * rows: B1 D1
 */
#include "procfs.h"

static const char *const kinds[] = {"Shared_Clean", "Shared_Dirty", "Private_Clean",
				    "Private_Dirty"};
static const char *const sums[] = {"Rss",	    "Shared_Clean", "Shared_Dirty", "Private_Clean",
				   "Private_Dirty", "Referenced",   "Anonymous",    "Swap"};
static long areas[8];

static void pages_are_of_one_kind(const char *text)
{
	long sum = 0;

	for (int i = 0; i < 4; i++)
		sum += text_sum(text, kinds[i]);
	CHECK(sum == text_sum(text, "Rss"));
	CHECK(text_sum(text, "Pss") <= text_sum(text, "Rss"));
}

int main(void)
{
	char *p = map_anon(64 * PAGE), *shared = map_shared(64 * PAGE), *text;

	touch_write(p, 40 * PAGE, 1);
	touch_write(shared, 20 * PAGE, 1);
	for (int round = 0; round < 2; round++) { /* The first brings in what reading needs. */
		text = proc_text("/proc/self/smaps");
		for (int i = 0; i < 8; i++)
			areas[i] = text_sum(text, sums[i]);
		pages_are_of_one_kind(text);
		text = proc_text("/proc/self/smaps_rollup");
	}
	pages_are_of_one_kind(text);
	for (int i = 0; i < 8; i++)
		CHECK(areas[i] == text_sum(text, sums[i]));
	CHECK(text_sum(smaps_area(p), "Size") == 64 * 4 &&
	      text_sum(smaps_area(p), "Rss") == 40 * 4);
	CHECK(text_sum(smaps_area(shared), "Rss") == 20 * 4);
	return 0;
}
