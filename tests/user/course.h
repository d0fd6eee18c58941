/* course.h: what tests of the source systems' own calls share. */
#pragma once

#include "check.h"
#include "user/course/course.h"

/* A shell runs this command, which succeeds and prints just this. */
static inline void check_output(const char *command, const char *expected)
{
	char text[4096];
	FILE *pipe = popen(command, "r");
	size_t n;

	CHECK(pipe);
	n = fread(text, 1, sizeof(text) - 1, pipe);
	text[n] = '\0';
	CHECK(pclose(pipe) == 0);
	if (strcmp(text, expected) != 0)
		dprintf(2, "%s printed:\n%s", command, text);
	CHECK(strcmp(text, expected) == 0);
}
