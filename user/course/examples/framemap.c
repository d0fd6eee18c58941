/*
 * framemap: a picture of all frames, a character for each: w and r are pages of this program that it may write and
 * those it may only read; # is in use by somebody else or the kernel; . is free.
 */
#include "user/course/course.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096u
#define KPF_FREE 10 /* /proc/kpageflags: "buddy". */
#define COLUMNS 128
#define FRAMES_MAX (1u << 20)

static char picture[FRAMES_MAX];

/* What is free and what is not: how many frames there are. */
static unsigned int draw_all(void)
{
	static uint64_t words[512];
	int fd = open("/proc/kpageflags", O_RDONLY);
	unsigned int frames = 0;
	ssize_t n;

	while (frames < FRAMES_MAX && (n = read(fd, words, sizeof(words))) > 0)
		for (unsigned int i = 0; i < n / sizeof(words[0]); i++)
			picture[frames++] = words[i] >> KPF_FREE & 1 ? '.' : '#';
	close(fd);
	return frames;
}

/* What this program has. */
static void draw_own(void)
{
	FILE *areas = fopen("/proc/self/maps", "r");
	uintptr_t start, end;

	while (areas && fscanf(areas, "%x-%x%*[^\n]", &start, &end) == 2)
		for (uintptr_t va = start; va < end; va += PAGE) {
			uint32_t pte = getpte((void *)va);

			if (pte & COURSE_PTE_P)
				picture[pte / PAGE] = pte & COURSE_PTE_W ? 'w' : 'r';
		}
	if (areas)
		fclose(areas);
}

int main(void)
{
	static volatile char data[16 * PAGE];
	unsigned int frames = draw_all(); /* Brings in the picture's own pages. */

	for (unsigned int i = 0; i < sizeof(data); i += PAGE)
		data[i] = 1;
	frames = draw_all();
	draw_own();
	for (unsigned int at = 0; at < frames; at += COLUMNS)
		printf("%.*s\n", COLUMNS, picture + at);
	return 0;
}
