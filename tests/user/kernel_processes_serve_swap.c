/*
 * Kernel processes swapin and swapout, which nobody can kill, do the work of swap: swapin sleeps until somebody
 * says which pages he will need, or faults when faults are left to it; swapout when frames are short.
 *
 * rows: A37 A38 A39 A41 A44
 * quire-only
 * mem: 24M
 * swap: 64M
 */
#include "kernel_process.h"
#include "swap.h"

#include <signal.h>

#define FEW (8 * PAGE)
#define MANY (32u << 20)

int main(void)
{
	int in = kernel_process("swapin"), out = kernel_process("swapout");
	long used = SWAP_USED, runs, reads;
	char *p = pages_in_swap(8);

	CHECK(kill(in, SIGKILL) == 0 && kill(out, SIGKILL) == 0);
	CHECK(sleeps_in(in, "swapin") && sleeps_in(out, "pageout"));
	runs = VMSTAT(swapinrun);
	reads = VMSTAT(pswpin);
	CHECK(madvise(p, FEW, MADV_WILLNEED) == 0);
	sleep_ms(100);
	CHECK(VMSTAT(swapinrun) > runs && VMSTAT(pswpin) == reads + 8 && IN_SWAP(p));

	/* One fault, one wake-up; the slots of pages that are stored to are given back. */
	for (int i = 0; i < 8; i++)
		p[i * PAGE] = (char)(i + 1);
	CHECK(madvise(p, FEW, MADV_PAGEOUT) == 0);
	switch_set("/proc/sys/vm/swapin_process", "1");
	runs = VMSTAT(swapinrun);
	CHECK(p[0] == 1 && VMSTAT(swapinrun) == runs + 1);
	for (int i = 0; i < 8; i++)
		CHECK(p[i * PAGE]++ == i + 1);
	CHECK(SWAP_USED == used);

	runs = VMSTAT(pageoutrun);
	reads = VMSTAT(pgsteal_kswapd);
	touch_write(map_anon(MANY), MANY, 1);
	CHECK(VMSTAT(pageoutrun) > runs && VMSTAT(pgsteal_kswapd) > reads + 1000);
	CHECK(kernel_process("swapin") == in && kernel_process("swapout") == out);
	vm_check();
	return 0;
}
