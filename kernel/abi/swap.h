/* swap.h: swapon(2), and what mkswap(8) writes on a swap area's first page. */
#pragma once

#include "kernel/lib/types.h"

#define SWAP_FLAG_PRIO_MASK 0x07FFFu
#define SWAP_FLAG_PREFER 0x08000u /* The mask's bits are the priority. */
#define SWAP_FLAG_DISCARD 0x10000u
#define SWAP_FLAG_DISCARD_ONCE 0x20000u
#define SWAP_FLAG_DISCARD_PAGES 0x40000u
#define SWAP_FLAGS_VALID 0x7FFFFu

#define SWAP_MAGIC "SWAPSPACE2"
#define SWAP_MAGIC_LEN 10
#define SWAP_VERSION 1

/* The page of 4096 bytes; bad pages fill what is left before the magic. */
struct swap_header {
	uint8_t boot[1024];
	uint32_t version;
	uint32_t last_page;
	uint32_t bad_count;
	uint8_t uuid[16];
	uint8_t label[16];
	uint32_t padding[117];
	uint32_t bad[637];
	uint8_t unused[2];
	char magic[SWAP_MAGIC_LEN];
} __attribute__((packed));

_Static_assert(sizeof(struct swap_header) == 4096, "a page");
