/* loop: go through more pages than there are frames, in order, again and again: what LRU is worst at. */

#include "user/lab/lab.h"

#define PAGES 128
#define ROUNDS 20

int main(void)
{
	unsigned char *memory = pages_alloc(PAGES);

	for (int round = 0; round < ROUNDS; round++)
		for (uint32_t i = 0; i < PAGES; i++)
			memory[i * PAGE]++;
	return memory[0] == ROUNDS ? 0 : 1;
}
