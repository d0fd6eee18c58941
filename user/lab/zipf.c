/* zipf: page number k is wanted in proportion to 1/k, as words of a text or pages of a site are. */

#include "user/lab/lab.h"

#define PAGES 256
#define TOUCHES 16000
#define WEIGHT 720720u /* Of the first page; those of the others are 1/k of it. */

static uint32_t below[PAGES + 1]; /* The weights of all pages before this one. */

static uint32_t page_draw(void)
{
	uint32_t at = random_below(below[PAGES]), low = 0, high = PAGES;

	while (high - low > 1) {
		uint32_t middle = (low + high) / 2;

		if (below[middle] <= at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

int main(void)
{
	unsigned char *memory = pages_alloc(PAGES);
	uint32_t sum = 0;

	for (uint32_t k = 0; k < PAGES; k++)
		below[k + 1] = below[k] + WEIGHT / (k + 1);
	for (int i = 0; i < TOUCHES; i++) {
		uint32_t page = page_draw();

		/* Popular pages lie anywhere, not in order. One touch in four is a store. */
		page = page * 167 % PAGES;
		sum += memory[page * PAGE + 64];
		if (i % 4 == 0)
			memory[page * PAGE + 64]++;
	}
	return sum > 0 ? 0 : 1;
}
