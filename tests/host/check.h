/* check.h: what a host test needs: CHECK, and random numbers from a printed seed. Kernel headers
 * define their own types, so the C library's are kept out and the few functions needed are declared
 * here. */
#pragma once

#include "kernel/lib/types.h"

#define CHECK(cond)                                                                                \
	do {                                                                                       \
		if (!(cond))                                                                       \
			check_failed(__FILE__, __LINE__, #cond);                                   \
	} while (0)

void check_failed(const char *file, int line, const char *what) __noreturn;

/* A number below n. The seed is the SEED environment variable's or the time's, and is printed on
 * failure. */
uint32_t random_below(uint32_t n);

/* The C library's allocator. */
void *host_alloc(size_t size); /* Zeroed. */
void host_free(void *p);

/* Allocations not freed yet. */
uint32_t host_allocated(void);
