/*
 * /proc/kernelmap tells what each of the kernel's addresses is for: areas without gap or overlap that add up to all
 * of it, and in them the RAM there is, and the code that runs.
 *
 * rows: A4 A8
 * quire-only
 * mem: 96M
 */
#include "procfs.h"

#define KERNEL_BASE 0xC0000000u

int main(void)
{
	unsigned from, to, kb, next = KERNEL_BASE, direct = 0, stacks = 0;
	uint64_t total = 0;
	char use[100];

	for (char *at = proc_text("/proc/kernelmap"); *at; at = strchr(at, '\n') + 1) {
		if (sscanf(at, "total %u kB", &kb) == 1) {
			CHECK(kb == total && next == 0);
			continue;
		}
		CHECK(sscanf(at, "%x-%x %u kB %99[^\n]", &from, &to, &kb, use) == 4);
		CHECK(from == next && (to - from + 1) / 1024 == kb);
		total += kb;
		next = to + 1;
		direct += strncmp(use, "direct map", 10) == 0 ? kb : 0;
		stacks += strncmp(use, "kernel stacks", 13) == 0 ? kb : 0;
	}
	CHECK(total == (1u << 30) / 1024 && stacks > 0);
	CHECK(direct > 95 * 1024 && direct <= 96 * 1024);
	CHECK(proc_sum("/proc/meminfo", "MemTotal") < (long)direct);
	return 0;
}
