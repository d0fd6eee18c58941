/*
 * Freed memory is given out again: a million allocations of a little never need more than a little.
 *
 * rows: C4
 */
#include "check.h"

#include <sys/resource.h>

int main(void)
{
	struct rlimit limit = {8 << 20, 8 << 20};
	char *kept[16] = {NULL};

	CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
	for (unsigned i = 0; i < 100000; i++) {
		char **slot = &kept[i * 7 % 16];
		size_t size = 1 + i * 2654435761u % 20000;

		CHECK(!*slot || **slot == (char)(size_t)slot);
		free(*slot);
		*slot = malloc(size);
		CHECK(*slot);
		**slot = (char)(size_t)slot;
		(*slot)[size - 1] = (char)(size_t)slot;
	}
	return 0;
}
