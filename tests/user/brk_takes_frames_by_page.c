/*
 * sbrk(1) and sbrk(100) together take one page; moving the break inside a page takes none.
 *
 * rows: C7 C8 B26
 * quire-only
 */
#include "brk.h"
#include "counters.h"

int main(void)
{
	char *start = brk_move(0);
	long anon;

	CHECK(brk_move((intptr_t)(-(uintptr_t)start % PAGE)) == start); /* To a page line. */
	anon = VMSTAT(fault_anon);
	start = brk_move(1);
	CHECK(VMSTAT(fault_anon) == anon);
	*start = 1;
	memset(brk_move(100), 1, 100);
	CHECK(VMSTAT(fault_anon) - anon == 1);
	for (int i = 101; i < 5000; i++)
		*brk_move(1) = 1;
	CHECK(VMSTAT(fault_anon) - anon == 2);
	return 0;
}
