/* support.c: the host's side of check.h, and of the few kernel functions that pure code calls. */

#include "kernel/lib/xorshift.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define __noreturn __attribute__((noreturn))

static uint32_t seed, state;
static uint32_t allocated;

void check_failed(const char *file, int line, const char *what) __noreturn;
void panic(const char *fmt, ...) __noreturn;
uint32_t random_below(uint32_t n);
void *host_alloc(size_t size);
void host_free(void *p);
uint32_t host_allocated(void);

void check_failed(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: %s (SEED=%u)\n", file, line, what, seed);
	exit(1);
}

void panic(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, " (SEED=%u)\n", seed);
	abort();
}

uint32_t random_below(uint32_t n)
{
	if (state == 0) {
		const char *given = getenv("SEED");

		seed = given ? (uint32_t)strtoul(given, NULL, 0) : (uint32_t)time(NULL);
		state = seed ? seed : 1;
	}
	return xorshift32(&state) % n;
}

void *host_alloc(size_t size)
{
	allocated++;
	return calloc(1, size);
}

void host_free(void *p)
{
	allocated--;
	free(p);
}

uint32_t host_allocated(void)
{
	return allocated;
}
