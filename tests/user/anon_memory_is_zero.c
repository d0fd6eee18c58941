/*
 * Anonymous memory reads as zero, touched by reading or by writing, and again after it was used and
 * mapped anew.
 *
 * rows: A18 B9 E10
 */
#include "check.h"

#define BYTES (64 * PAGE)

static bool all_zero(const char *p, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		if (p[i])
			return false;
	return true;
}

int main(void)
{
	for (int round = 0; round < 8; round++) {
		char *p = map_anon(BYTES);

		CHECK(all_zero(p, BYTES / 2));
		for (size_t i = BYTES / 2; i < BYTES; i += PAGE)
			p[i] = 1;
		for (size_t i = BYTES / 2; i < BYTES; i += PAGE)
			CHECK(p[i] == 1 && all_zero(p + i + 1, PAGE - 1));
		memset(p, 0xAA, BYTES);
		CHECK(munmap(p, BYTES) == 0);
	}
	return 0;
}
