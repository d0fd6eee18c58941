/*
 * What a dead process wrote is nowhere to be seen in fresh memory of another.
 *
 * rows: A6 A7
 */
#include "check.h"

#define BYTES (8u << 20)

static void write_secret(void *arg)
{
	(void)arg;
	memset(map_anon(BYTES), 0x5E, BYTES);
}

int main(void)
{
	for (int round = 0; round < 3; round++) {
		const uint32_t *words;

		CHECK(child_run(write_secret, NULL) == 0);
		words = (const uint32_t *)map_anon(BYTES);
		touch_write((char *)words, BYTES, 0);
		for (size_t i = 0; i < BYTES / 4; i++)
			CHECK(words[i] == 0);
		CHECK(munmap((void *)words, BYTES) == 0);
	}
	return 0;
}
