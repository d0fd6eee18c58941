/*
 * Reading the kernel's half has error code 5 and writing it 7: the page is there, but not for
 * users. No address there gives away whether it is mapped.
 *
 * rows: C24 A5
 * quire-only
 */
#include "probe.h"

int main(void)
{
	for (uintptr_t va = 0xC0000000; va >= 0xC0000000; va += 0x00FFF000) {
		struct probe got = probe_read((void *)va);

		CHECK(got.number == SIGSEGV && got.trap == 14 && got.err == 5);
		got = probe_write((void *)va);
		CHECK(got.number == SIGSEGV && got.trap == 14 && got.err == 7);
	}
	return 0;
}
