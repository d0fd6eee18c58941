/* string.h: memory and string functions with their C standard meaning (C11 7.24), and
 * a few more. */
#pragma once

#include "kernel/lib/types.h"

void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *hay, const char *needle);

/* Copy at most size-1 bytes and always terminate. Returns strlen(src): >= size means cut off. */
size_t strlcpy(char *dst, const char *src, size_t size);

/*
 * Parse an unsigned number, base 10 or 0x…, with an optional suffix K, M or G (powers of 1024).
 * True and *value when all of s was a number that fits 64 bits; else false, *value untouched.
 */
bool parse_size(const char *s, uint64_t *value);
