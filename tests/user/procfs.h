/* procfs.h: numbers out of the files of /proc. */
#pragma once

#include "check.h"

#define PM_PRESENT (1ull << 63)
#define PM_FILE (1ull << 61)
#define PM_EXCLUSIVE (1ull << 56)
#define PM_FRAME(word) ((word) & ((1ull << 55) - 1))

/* The whole of a file; it stays until the next call. */
static inline char *proc_text(const char *path)
{
	static char text[1 << 20];
	int fd = open(path, O_RDONLY);
	ssize_t part, len = 0;

	CHECK(fd >= 0);
	while ((part = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += part;
	CHECK(part == 0 && len < (ssize_t)sizeof(text) - 1);
	text[len] = '\0';
	close(fd);
	return text;
}

/* The sum of the numbers behind label at the beginnings of lines; -1: there is no such line. */
static inline long text_sum(const char *text, const char *label)
{
	size_t len = strlen(label);
	long sum = -1;

	for (const char *at = text; at; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (strncmp(at, label, len) == 0 && (at[len] == ':' || at[len] == ' '))
			sum += strtol(at + len + 1, NULL, 10) + (sum < 0);
	}
	return sum;
}

static inline long proc_sum(const char *path, const char *label)
{
	return text_sum(proc_text(path), label);
}

/* The part of smaps about the area that holds address: up to its last line. */
static inline char *smaps_area(const void *address)
{
	char *at = proc_text("/proc/self/smaps"), *end;
	unsigned long from, to;

	for (; at && *at; at = end ? end + 1 : NULL) {
		end = strstr(at, "VmFlags:");
		end = end ? strchr(end, '\n') : NULL;
		if (end)
			*end = '\0';
		CHECK(sscanf(at, "%lx-%lx", &from, &to) == 2);
		if (from <= (uintptr_t)address && (uintptr_t)address < to)
			return at;
	}
	CHECK(!"no area holds the address");
	return NULL;
}

/* A word of a file that has 64 bits for each page or frame. */
static inline uint64_t page_word(const char *path, uint64_t n)
{
	uint64_t word = 0;
	int fd = open(path, O_RDONLY);

	CHECK(fd >= 0 && pread64(fd, &word, sizeof(word), (off64_t)n * 8) == sizeof(word));
	close(fd);
	return word;
}

static inline uint64_t pagemap_at(const void *address)
{
	return page_word("/proc/self/pagemap", (uintptr_t)address / PAGE);
}
