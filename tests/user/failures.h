/*
 * failures.h: for programs in which each allocation of the kernel's fails in its turn, by /proc/sys/debug/fail: who
 * met the failure is in there afterwards, function by function.
 */
#pragma once

#include "check.h"

#define CHAIN_MAX 1024

static int fail_file = -1;

/* The write may itself be what fails. */
static inline void fail_set(const char *text)
{
	size_t len = strlen(text);

	if (fail_file < 0)
		fail_file = open("/proc/sys/debug/fail", O_RDWR);
	CHECK(fail_file >= 0);
	while (write(fail_file, text, len) != (ssize_t)len)
		CHECK(errno == ENOMEM);
}

static inline void fail_nth(const char *point, unsigned n)
{
	char text[32];

	snprintf(text, sizeof(text), "%s:%u", point, n);
	fail_set(text);
}

/* Let none fail any more; who met the one that did, as a line of names. False: nobody. */
static inline bool fail_end(const char *point, char *chain)
{
	static char text[4 * CHAIN_MAX];
	const char *line;
	size_t len = strlen(point);

	fail_set("off");
	memset(text, 0, sizeof(text));
	while (pread(fail_file, text, sizeof(text) - 1, 0) <= 0)
		CHECK(errno == ENOMEM); /* There is none as yet. */
	for (line = text; strncmp(line, point, len) != 0; line++)
		line = strchr(line, '\n');
	snprintf(chain, CHAIN_MAX, "%.*s", (int)strcspn(line, "\n"), line);
	return strchr(chain + len + 1, ' ') != NULL;
}
