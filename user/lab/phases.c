/* phases: stay for a while with a few pages, then with others (Denning's localities); all the time, now and
 * then, some common ones. */

#include "user/lab/lab.h"

#define PAGES 192
#define COMMON 8
#define LOCALITY 32
#define PHASES 24
#define TOUCHES 600

int main(void)
{
	unsigned char *memory = pages_alloc(PAGES);
	uint32_t stores = 0;

	for (int phase = 0; phase < PHASES; phase++) {
		uint32_t base = COMMON + random_below(PAGES - COMMON - LOCALITY);

		for (int i = 0; i < TOUCHES; i++) {
			uint32_t page =
				i % 16 == 0 ? random_below(COMMON) : base + random_below(LOCALITY);

			memory[page * PAGE + 128]++;
			stores++;
		}
	}
	return stores == PHASES * TOUCHES ? 0 : 1;
}
