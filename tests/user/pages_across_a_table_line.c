/*
 * Pages on both sides of a 4 MiB line are different pages, and one word may lie across the line.
 *
 * rows: A1
 */
#include "check.h"

int main(void)
{
	char *p = map_anon(3 * TABLE_SPAN);
	char *line = (char *)(((uintptr_t)p + 2 * TABLE_SPAN) & ~(TABLE_SPAN - 1));
	volatile uint32_t *across = (volatile uint32_t *)(line - 2);

	for (int i = -4; i < 4; i++)
		line[i * (int)PAGE] = (char)(i + 10);
	for (int i = -4; i < 4; i++)
		CHECK(line[i * (int)PAGE] == i + 10);
	*across = 0x11223344;
	CHECK(*across == 0x11223344);
	CHECK(line[-2] == 0x44 && line[-1] == 0x33 && line[0] == 0x22 && line[1] == 0x11);
	CHECK(line[-(int)TABLE_SPAN + (int)PAGE] == 0);
	return 0;
}
