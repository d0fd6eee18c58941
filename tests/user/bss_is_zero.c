/*
 * The part of a program that its file does not hold is zero, from the very byte after the last one
 * of the file to the end of its page and beyond.
 *
 * rows: E10 E28 E55
 */
#include "check.h"

extern char edata[], end[];

static char data[100] = {1};
static char big[64 * PAGE];

int main(void)
{
	char *page_end = (char *)(((uintptr_t)end + PAGE - 1) & ~(PAGE - 1));
	unsigned nonzero = 0;

	data[0] = 2;
	/* All but the few variables of the library and our own buffers. */
	for (char *p = edata; p < end; p++)
		nonzero += *p != 0;
	CHECK(nonzero < 256);
	for (char *p = end; p < page_end; p++)
		CHECK(*p == 0);
	for (unsigned i = 0; i < sizeof(big); i++)
		CHECK(big[i] == 0);
	return 0;
}
