/*
 * vmtop's page of an address space has a cell for each page, and the cell says what became of the page.
 * quire-only
 * swap: 16M
 * lab: cow
 */
#include "swap.h"

#include <signal.h>

#define PAGES 16

/* The cells of the pages from p on. */
static void cells_read(const char *p, size_t pages, char *cells)
{
	char command[64], line[256], letters[128];
	unsigned long at;
	FILE *pipe;

	snprintf(command, sizeof(command), "/bin/vmtop -b -n 1 -p %d", getpid());
	pipe = popen(command, "r");
	CHECK(pipe);
	while (fgets(line, sizeof(line), pipe)) {
		size_t i;

		if (sscanf(line, " %lx %127[^\n]", &at, letters) != 2 || strchr(letters, ' '))
			continue; /* The line of an area, or of nothing. */
		i = (at - (uintptr_t)p) / PAGE;
		if (at >= (uintptr_t)p && i + strlen(letters) <= pages)
			memcpy(cells + i, letters, strlen(letters));
	}
	CHECK(pclose(pipe) == 0);
}

int main(void)
{
	char cells[PAGES + 1] = "---------------?", file[2] = "?", *p = map_anon(PAGES * PAGE);
	const char *exe =
		mmap(NULL, PAGE, PROT_READ, MAP_SHARED, open("/proc/self/exe", O_RDONLY), 0);
	pid_t child;

	for (int i = 0; i < 12; i++)
		p[i * PAGE] = 1;
	CHECK(madvise(p + 4 * PAGE, 4 * PAGE, MADV_PAGEOUT) == 0 && IN_SWAP(p + 4 * PAGE));
	touch_read(p + 6 * PAGE, 2 * PAGE);
	touch_read((char *)exe, PAGE);
	child = fork();
	if (child == 0)
		pause();
	for (int i = 0; i < 4; i++)
		p[i * PAGE] = 2;
	CHECK(mlock(p + 10 * PAGE, 2 * PAGE) == 0);
	touch_read(p + 12 * PAGE, PAGE);
	cells_read(p, PAGES, cells);
	cells_read(exe, 1, file);
	CHECK(kill(child, SIGKILL) == 0 && wait(NULL) == child);
	if (strcmp(cells, "aaaaSSsscc!!z---") != 0 || file[0] != 'f') {
		fprintf(stderr, "cells %s, file %s\n", cells, file);
		return 1;
	}
	return 0;
}
