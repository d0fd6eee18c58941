/* pages.h: what vmtop shows: one of three pages, of one sample. */
#pragma once

#include "user/vmtop/screen.h"

enum page { PROCESSES, FRAMES, SPACE };

struct view {
	enum page page;
	int pid;	   /* The process that is chosen. */
	unsigned int top;  /* Lines that are scrolled away. */
	unsigned int zoom; /* Frames to a cell of FRAMES; 0: as many as let all be seen. */
};

void page_draw(struct screen *s, const struct sample *now, struct view *view);
