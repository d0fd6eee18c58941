/* ksyms.c: from an address to a function's name. */

#include "kernel/lib/ksyms.h"

#define FUNCTION_MAX 0x10000 /* An address this far behind the last name belongs to no function. */

const char *ksym_lookup(uint32_t addr, uint32_t *offset)
{
	uint32_t low = 0, high = ksyms_count;

	while (low < high) { /* ksyms[0, low) start at or before addr, ksyms[high, …) behind it. */
		uint32_t mid = low + (high - low) / 2;

		if (ksyms[mid].addr <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == 0 || addr - ksyms[low - 1].addr >= FUNCTION_MAX)
		return NULL;
	*offset = addr - ksyms[low - 1].addr;
	return ksyms[low - 1].name;
}
