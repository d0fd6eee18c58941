/* abi/ldt.h: struct user_desc of set_thread_area(243) (arch/x86/include/uapi/asm/ldt.h). */
#pragma once

#include <stdint.h>

struct user_desc {
	uint32_t entry_number;
	uint32_t base;
	uint32_t limit; /* Bytes, or pages with limit_in_pages, minus one. */
	uint32_t seg_32bit : 1;
	uint32_t contents : 2; /* 0 data, 1 data growing down, 2 code, 3 conforming code. */
	uint32_t read_exec_only : 1;
	uint32_t limit_in_pages : 1;
	uint32_t seg_not_present : 1;
	uint32_t useable : 1;
};

_Static_assert(sizeof(struct user_desc) == 16, "struct user_desc is 16 bytes");
