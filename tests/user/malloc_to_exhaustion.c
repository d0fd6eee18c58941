/*
 * malloc gives memory until the limit, then NULL; after all of it was freed it gives as much again.
 *
 * rows: C4 C5 C26
 */
#include "check.h"

#include <sys/resource.h>

#define BLOCK 30000

struct block {
	struct block *next;
	char fill[BLOCK];
};

static int exhaust(void)
{
	struct block *list = NULL, *b;
	int n = 0;

	while ((b = malloc(sizeof(*b))) != NULL) {
		memset(b->fill, n, BLOCK);
		b->next = list;
		list = b;
		n++;
	}
	CHECK(errno == ENOMEM);
	for (int i = n - 1; (b = list) != NULL; i--) {
		for (int k = 0; k < BLOCK; k += 1000)
			CHECK(b->fill[k] == (char)i);
		list = b->next;
		free(b);
	}
	return n;
}

int main(void)
{
	struct rlimit limit = {16 << 20, 16 << 20};
	int first;

	CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
	first = exhaust();
	CHECK(first > 100 && first < 560);
	CHECK(exhaust() >= first * 9 / 10 && exhaust() >= first * 9 / 10);
	return 0;
}
