/* lab.h: what the laboratory's own programs share: pages to touch, and chance that is the same each time. */
#pragma once

#include "kernel/lib/xorshift.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096u

/* Fresh pages; ends the program when there are none. */
static inline unsigned char *pages_alloc(uint32_t n)
{
	void *p = mmap(NULL, n * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	return p;
}

/* A number below n. */
static inline uint32_t random_below(uint32_t n)
{
	static uint32_t state = 2463534242u;

	return xorshift32(&state) % n;
}
