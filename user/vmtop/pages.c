/* pages.c: see pages.h. */

#include "user/vmtop/pages.h"

#define LEGEND_WIDTH 19u
#define MAP_ROWS_MIN 3u /* Below the processes. */

/* ---- the head of all pages ---- */

static void draw_legend(struct screen *s, const size_t *counts, unsigned int from, unsigned int to)
{
	for (unsigned int state = from; state < to; state++) {
		unsigned int start = s->column;

		screen_cell(s, state);
		screen_print(s, " %s %zu", looks[state].name, counts[state]);
		screen_print(s, "%*s", (int)(start + LEGEND_WIDTH) - (int)s->column, "");
		if (s->column + LEGEND_WIDTH > s->columns || state + 1 == to)
			screen_line(s);
	}
}

static void draw_head(struct screen *s, const struct sample *now)
{
	const size_t per_mib = (1 << 20) / PAGE;

	s->wanted = BOLD;
	screen_print(s, "vmtop");
	s->wanted = PLAIN;
	screen_print(s, " %zu frames (%zu MiB)  swap %zu of %zu MiB", now->frame_count,
		     now->frame_count / per_mib,
		     (size_t)(now->swap_total - now->swap_free) / per_mib,
		     (size_t)now->swap_total / per_mib);
	screen_print(s, "  faults %.0f/s  swap in %.0f/s out %.0f/s", now->faults_rate,
		     now->swapins_rate, now->swapouts_rate);
	screen_line(s);
}

/* ---- maps of frames ---- */

/* What most of the frames are. */
static enum state state_of_most(const uint8_t *frames, size_t count)
{
	size_t counts[CELLS] = {0}, most = 0;

	for (size_t i = 0; i < count; i++)
		counts[frames[i]]++;
	for (size_t state = 0; state < CELLS; state++)
		most = counts[state] > counts[most] ? state : most;
	return (enum state)most;
}

/* The largest power of two that leaves room for a label before so many cells. */
static size_t cells_in_row(const struct screen *s, size_t label)
{
	size_t cells = 16;

	while (2 * cells + label <= s->columns)
		cells *= 2;
	return cells;
}

/* One at least, however small the terminal. */
static unsigned int rows_below_title(const struct screen *s)
{
	unsigned int left = screen_rows_left(s);

	return left > 2 ? left - 1 : 1;
}

/* Frames to a cell so that all have room in rows; a power of two. */
static unsigned int zoom_to_fit(size_t frames, size_t row, unsigned int rows)
{
	unsigned int zoom = 1;

	while (frames > (size_t)rows * row * zoom)
		zoom *= 2;
	return zoom;
}

static void draw_map(struct screen *s, const struct sample *now, unsigned int zoom, size_t row)
{
	for (size_t at = 0; at < now->frame_count && screen_rows_left(s) > 0; at += row * zoom) {
		screen_print(s, "%06zx ", at);
		for (size_t i = at; i < at + row * zoom && i < now->frame_count; i += zoom) {
			size_t left = now->frame_count - i;

			screen_cell(s, state_of_most(now->frames + i, left < zoom ? left : zoom));
		}
		screen_line(s);
	}
}

static void draw_map_title(struct screen *s, unsigned int zoom)
{
	s->wanted = REVERSE;
	screen_print(s, " FRAME, and a cell for %u from there on", zoom);
	screen_print(s, "%s", zoom > 1 ? ": what most of them are" : "");
	screen_line(s);
}

static void page_frames(struct screen *s, const struct sample *now, struct view *view)
{
	size_t row = cells_in_row(s, sizeof("fffff0"));

	if (view->zoom == 0)
		view->zoom = zoom_to_fit(now->frame_count, row, rows_below_title(s));
	draw_map_title(s, view->zoom);
	s->skip = view->top;
	draw_map(s, now, view->zoom, row);
}

/* ---- processes ---- */

static void draw_process(struct screen *s, const struct process *p, bool chosen)
{
	s->wanted = chosen ? REVERSE : PLAIN;
	screen_print(s, "%5d %8lu %6lu %6lu %7lu %8lu %6.0f %6lu %5.0f %c %s", p->pid, p->resident,
		     p->shared, p->pss, p->swapped, p->faults, p->faults_rate, p->major,
		     p->major_rate, p->state, p->name);
	screen_line(s);
}

/* Scroll so that the chosen one is among the rows. */
static void scroll_to(struct view *view, size_t chosen, unsigned int rows)
{
	if (chosen < view->top)
		view->top = (unsigned int)chosen;
	if (chosen >= view->top + rows)
		view->top = (unsigned int)chosen - rows + 1;
}

static void draw_processes_title(struct screen *s)
{
	s->wanted = REVERSE;
	screen_print(s, "  PID RESIDENT SHARED    PSS SWAPPED   FAULTS    +/s");
	screen_print(s, "  MAJOR   +/s S NAME");
	screen_line(s);
}

static void page_processes(struct screen *s, const struct sample *now, struct view *view)
{
	struct process *chosen = sample_find(now, view->pid);
	size_t row = cells_in_row(s, sizeof("fffff0")), count = now->process_count;
	unsigned int half = rows_below_title(s) / 2, zoom;
	unsigned int rows = count < half ? (unsigned int)count : half;

	draw_processes_title(s);
	scroll_to(view, chosen ? (size_t)(chosen - now->processes) : 0, rows);
	for (size_t i = view->top; i < count && i < view->top + rows; i++)
		draw_process(s, &now->processes[i], !s->batch && &now->processes[i] == chosen);
	if (s->batch || screen_rows_left(s) < MAP_ROWS_MIN)
		return;
	zoom = zoom_to_fit(now->frame_count, row, rows_below_title(s));
	draw_map_title(s, zoom);
	draw_map(s, now, zoom, row);
}

/* ---- an address space ---- */

struct space {
	struct screen *screen;
	struct cells cells;
	size_t row;
	size_t counts[CELLS]; /* Of what its pages show. */
	bool draw;	      /* Or only count. */
};

static bool all_empty(const uint8_t *states, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (states[i] != EMPTY)
			return false;
	return true;
}

/* Rows in which nothing is are told as a number, however many. */
static void draw_empty(struct space *sp, uint64_t pages)
{
	if (pages == 0)
		return;
	screen_print(sp->screen, "%8s %llu empty", "", (unsigned long long)pages);
	screen_line(sp->screen);
}

static void draw_row(struct space *sp, uint64_t address, const uint8_t *states, size_t count)
{
	screen_print(sp->screen, "%8llx ", (unsigned long long)address);
	for (size_t i = 0; i < count; i++)
		screen_cell(sp->screen, states[i]);
	screen_line(sp->screen);
}

static void space_area(void *arg, const struct area *a)
{
	struct space *sp = arg;
	uint64_t pages = (a->end - a->start) / PAGE, empty = 0;
	uint8_t states[sp->row];

	if (sp->draw) {
		sp->screen->wanted = BOLD;
		screen_print(sp->screen, "%08llx-%08llx %s %llu pages %s",
			     (unsigned long long)a->start, (unsigned long long)a->end, a->rights,
			     (unsigned long long)pages, a->name);
		screen_line(sp->screen);
	}
	for (uint64_t at = 0; at < pages; at += sp->row) {
		size_t n = pages - at < sp->row ? (size_t)(pages - at) : sp->row;

		cells_get(&sp->cells, a->start + at * PAGE, n, states);
		for (size_t i = 0; i < n; i++)
			sp->counts[states[i]]++;
		if (!sp->draw)
			continue;
		if (all_empty(states, n)) {
			empty += n;
			continue;
		}
		draw_empty(sp, empty);
		empty = 0;
		draw_row(sp, a->start + at * PAGE, states, n);
	}
	if (sp->draw)
		draw_empty(sp, empty);
}

static void page_space(struct screen *s, const struct sample *now, struct view *view)
{
	const struct process *p = sample_find(now, view->pid);
	struct space sp = {.screen = s, .row = cells_in_row(s, sizeof("fffff000"))};

	if (!p || !cells_open(&sp.cells, now, p->pid)) {
		screen_print(s, "There is no process %d.", view->pid);
		screen_line(s);
		return;
	}
	area_each(p->pid, space_area, &sp);
	draw_legend(s, sp.counts, PINNED, CELLS);
	s->wanted = REVERSE;
	screen_print(s, " process %d, %s: its areas, and a cell for each page", p->pid, p->name);
	screen_line(s);
	sp.draw = true;
	s->skip = view->top;
	area_each(p->pid, space_area, &sp);
	cells_close(&sp.cells);
}

void page_draw(struct screen *s, const struct sample *now, struct view *view)
{
	static void (*const pages[])(struct screen *, const struct sample *, struct view *) = {
		[PROCESSES] = page_processes,
		[FRAMES] = page_frames,
		[SPACE] = page_space,
	};

	screen_begin(s);
	draw_head(s, now);
	if (view->page != SPACE)
		draw_legend(s, now->counts, 0, STATES);
	pages[view->page](s, now, view);
	if (s->skip > 0) /* Behind the end. */
		view->top -= view->top <= s->skip ? view->top : s->skip + 1;
	s->skip = 0;
	screen_end(s);
}
