/*
 * string.c: memory and strings. The block functions use the string instructions: CPUs since the
 * i686 run them as fast as any loop. Under QEMU's TCG an unrolled loop takes two thirds of their
 * time, but twice their instructions, and instructions are what we count.
 */

#include "kernel/lib/string.h"

void *memcpy(void *dst, const void *src, size_t n)
{
	void *d = dst;
	size_t words = n / 4;

	n &= 3;
	__asm__ volatile("rep movsl" : "+D"(d), "+S"(src), "+c"(words)::"memory");
	if (n > 0) /* Mostly known where this is inlined: a page has no odd bytes. */
		__asm__ volatile("rep movsb" : "+D"(d), "+S"(src), "+c"(n)::"memory");
	return dst;
}

void *memmove(void *dst, const void *src, size_t n)
{
	if ((uintptr_t)dst - (uintptr_t)src >= n)
		return memcpy(dst, src, n);
	/* Overlapping with dst above src: from the last byte down. */
	for (char *d = (char *)dst + n, *s = (char *)src + n; n > 0; n--)
		*--d = *--s;
	return dst;
}

void *memset(void *dst, int c, size_t n)
{
	void *d = dst;
	size_t words = n / 4;
	uint32_t word = (uint8_t)c * 0x01010101u;

	n &= 3;
	__asm__ volatile("rep stosl" : "+D"(d), "+c"(words) : "a"(word) : "memory");
	__asm__ volatile("rep stosb" : "+D"(d), "+c"(n) : "a"(word) : "memory");
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *x = a, *y = b;

	for (; n > 0; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

void *memchr(const void *s, int c, size_t n)
{
	for (const uint8_t *p = s; n > 0; n--, p++)
		if (*p == (uint8_t)c)
			return (void *)p;
	return NULL;
}

size_t strlen(const char *s)
{
	const char *p = s;

	while (*p)
		p++;
	return (size_t)(p - s);
}

size_t strnlen(const char *s, size_t max)
{
	const char *end = memchr(s, 0, max);

	return end ? (size_t)(end - s) : max;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (uint8_t)*a - (uint8_t)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n > 0 && *a && *a == *b; n--)
		a++, b++;
	return n > 0 ? (uint8_t)*a - (uint8_t)*b : 0;
}

char *strchr(const char *s, int c)
{
	for (; *s != (char)c; s++)
		if (!*s)
			return NULL;
	return (char *)s;
}

char *strrchr(const char *s, int c)
{
	const char *last = NULL;

	for (;; s++) {
		if (*s == (char)c)
			last = s;
		if (!*s)
			return (char *)last;
	}
}

char *strstr(const char *hay, const char *needle)
{
	size_t len = strlen(needle);

	for (; *hay; hay++)
		if (strncmp(hay, needle, len) == 0)
			return (char *)hay;
	return len == 0 ? (char *)hay : NULL;
}

size_t strlcpy(char *dst, const char *src, size_t size)
{
	size_t len = strlen(src);

	if (size > 0) {
		size_t n = MIN(len, size - 1);

		memcpy(dst, src, n);
		dst[n] = '\0';
	}
	return len;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

static uint32_t suffix_shift(char c)
{
	switch (c | 0x20) {
	case 'k':
		return 10;
	case 'm':
		return 20;
	case 'g':
		return 30;
	}
	return 0;
}

bool parse_size(const char *s, uint64_t *value)
{
	bool hex = s[0] == '0' && (s[1] | 0x20) == 'x';
	int base = hex ? 16 : 10;
	uint64_t v = 0;
	uint32_t shift;

	s += hex ? 2 : 0;
	if (digit_value(*s) >= base)
		return false;
	for (; digit_value(*s) < base; s++) {
		if (v > (UINT64_MAX - (uint64_t)digit_value(*s)) / (uint64_t)base)
			return false;
		v = v * (uint64_t)base + (uint64_t)digit_value(*s);
	}
	shift = suffix_shift(*s);
	if (s[shift ? 1 : 0] != '\0' || v > UINT64_MAX >> shift)
		return false;
	*value = v << shift;
	return true;
}
