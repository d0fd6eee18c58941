/*
 * A process that reads, writes or calls an address of the kernel's half dies of SIGSEGV, and the
 * signal names the address.
 *
 * rows: A5 B11 C23
 */
#include "probe.h"

int main(void)
{
	for (uintptr_t k = 0; k < 40; k++) {
		void *addr = (void *)(0xC0000000 + k * 50000);

		CHECK(probe_is_segv(probe_read(addr), SEGV_MAPERR, addr));
		CHECK(probe_is_segv(probe_write(addr), SEGV_MAPERR, addr));
		CHECK(probe_is_segv(probe(access_exec, addr), SEGV_MAPERR, addr));
		CHECK(child_signal(access_read, addr) == SIGSEGV);
	}
	CHECK(probe_read((void *)0xFFFFFFFF).number == SIGSEGV);
	return 0;
}
