/*
 * counters.h: Quire's own counters, for programs that are quire-only.
 *
 * The counters are the whole machine's; they say something about one program because nothing else
 * runs: whoever started it waits for it.
 */
#pragma once

#include "check.h"

#include <elf.h>
#include <sys/auxv.h>

/* Touch all of the program, so that running code for the first time is no fault later. */
static inline void image_settle(void)
{
	const Elf32_Phdr *segment = (const Elf32_Phdr *)getauxval(AT_PHDR);

	for (unsigned long n = getauxval(AT_PHNUM); n > 0; n--, segment++) {
		uintptr_t start = segment->p_vaddr & ~(PAGE - 1);

		if (segment->p_type == PT_LOAD)
			touch_read((char *)start, segment->p_vaddr + segment->p_memsz - start);
	}
}

/*
 * The number behind name in a file such as /proc/vmstat. The file is read twice: the first time
 * brings in, or copies after a fork, every page that reading needs, so that the value counts those
 * and a later value does not.
 */
static inline long counter(const char *path, const char *name)
{
	static char text[16384];
	const char *at = text;
	size_t len = strlen(name);

	image_settle();
	for (int round = 0; round < 2; round++) {
		int fd = open(path, O_RDONLY);
		ssize_t part, n = 0;

		CHECK(fd >= 0);
		while ((part = read(fd, text + n, sizeof(text) - 1 - n)) > 0)
			n += part;
		CHECK(part == 0 && n < (ssize_t)sizeof(text) - 1);
		text[n] = '\0';
		close(fd);
	}
	while (strncmp(at, name, len) != 0 || (at[len] != ' ' && at[len] != ':')) {
		at = strchr(at, '\n');
		CHECK(at);
		at++;
	}
	return strtol(at + len + 1, NULL, 10);
}

#define VMSTAT(name) counter("/proc/vmstat", #name)

static inline long frames_free_now(void)
{
	return counter("/proc/meminfo", "MemFree") / (PAGE / 1024);
}

/* The same once it rests: a dead process's last frames come back a little after it was waited for. */
static inline long frames_free(void)
{
	long before, now = frames_free_now();

	do {
		before = now;
		sleep_ms(20);
		now = frames_free_now();
	} while (now != before);
	return now;
}

/* Write a word to one of the kernel's switches, such as /proc/sys/vm/check. */
static inline void switch_set(const char *path, const char *word)
{
	int fd = open(path, O_WRONLY);

	CHECK(fd >= 0 && write(fd, word, strlen(word)) == (ssize_t)strlen(word));
	close(fd);
}

/* Let the kernel recount every reference from the roots. */
static inline void vm_check(void)
{
	switch_set("/proc/sys/vm/check", "1");
}
