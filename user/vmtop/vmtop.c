/*
 * vmtop.c: memory at work, live: every process, every frame, every page of an address space.
 *
 * It only reads /proc: what a process has, kpageflags, kpagecount and pagemap. So it runs on Linux as well.
 */

#include "user/vmtop/feed.h"
#include "user/vmtop/pages.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#define CTRL_C 3

static const char usage[] =
	"usage: vmtop [-b] [-n TIMES] [-d SECONDS] [-f | -j | -p PID]\n"
	"\n"
	"Show all processes and what the frames of memory are used for.\n"
	"\n"
	"  -f          begin with the map of all frames\n"
	"  -j          print the frames as lines of JSON, for programs\n"
	"  -p PID      begin with the pages of a process, one cell for each\n"
	"  -d SECONDS  look again after this long (1)\n"
	"  -n TIMES    look so often, then end\n"
	"  -b          print to a file or a pipe: no keys, no colours, all lines\n"
	"\n"
	"keys: p processes, f frames, a or enter the address space of the chosen process\n"
	"      up down, or k j   choose a process, scroll; page up and down, or b space\n"
	"      + -               fewer or more frames to a cell\n"
	"      r look again now, q or ^C leave\n";

struct options {
	double delay;
	unsigned long times; /* 0: for ever. */
	bool feed;
};

/* ---- keys ---- */

static void choose(struct view *view, const struct sample *now, int step)
{
	struct process *p = sample_find(now, view->pid);
	long i = p ? p - now->processes + step : 0, last = (long)now->process_count - 1;

	view->pid = now->processes[i < 0 ? 0 : i > last ? last : i].pid;
}

static void move(struct view *view, const struct sample *now, int lines)
{
	if (view->page == PROCESSES)
		choose(view, now, lines);
	else
		view->top = lines < 0 && view->top < (unsigned int)-lines
				    ? 0
				    : view->top + (unsigned int)lines;
}

static void show(struct view *view, enum page page)
{
	view->page = page;
	view->top = 0;
}

static void zoom(struct view *view, bool in)
{
	if (in ? view->zoom > 1 : view->zoom < 1u << 16)
		view->zoom = in ? view->zoom / 2 : view->zoom * 2;
	view->top = 0;
}

/* Do what the key says; false: leave. */
static bool key_obey(int key, struct view *view, const struct sample *now, int page_lines)
{
	switch (key) {
	case 'q':
	case CTRL_C:
	case KEY_END:
		return false;
	case 'p':
		show(view, PROCESSES);
		break;
	case 'f':
		show(view, FRAMES);
		break;
	case 'a':
	case '\r':
	case '\n':
		show(view, SPACE);
		break;
	case KEY_UP:
	case 'k':
		move(view, now, -1);
		break;
	case KEY_DOWN:
	case 'j':
		move(view, now, 1);
		break;
	case KEY_PAGE_UP:
	case 'b':
		move(view, now, -page_lines);
		break;
	case KEY_PAGE_DOWN:
	case ' ':
		move(view, now, page_lines);
		break;
	case '+':
	case '-':
		zoom(view, key == '+');
		break;
	}
	return true;
}

/* ---- the loop ---- */

/* Draw, and again after each key, until it is time to look again; false: leave, as after the last time. */
static bool stay(struct screen *s, const struct sample *now, struct view *view, double delay,
		 bool last)
{
	int key;

	do {
		page_draw(s, now, view);
		if (s->batch && last)
			return false;
		key = screen_key(s, delay);
		if (!key_obey(key, view, now, (int)s->rows / 2))
			return false;
	} while (key != KEY_NONE && key != 'r');
	return !last;
}

static void run(struct screen *s, struct view *view, const struct options *o)
{
	struct sample now, before;

	sample_take(&now, NULL);
	if (view->pid == 0)
		view->pid = now.processes[0].pid;
	for (unsigned long left = o->times; stay(s, &now, view, o->delay, left == 1);
	     left -= left > 0) {
		before = now;
		sample_take(&now, &before);
		sample_free(&before);
	}
	sample_free(&now);
}

static double number(const char *text, double low)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end || value < low || value > 1e6) {
		fprintf(stderr, "vmtop: %s is not a number that makes sense here\n", text);
		exit(2);
	}
	return value;
}

static void options_read(int argc, char **argv, struct options *o, struct screen *s,
			 struct view *view)
{
	static const struct option names[] = {{"help", no_argument, NULL, 'h'}, {0}};
	int option;

	while ((option = getopt_long(argc, argv, "bd:fhjn:p:", names, NULL)) != -1)
		switch (option) {
		case 'b':
			s->batch = true;
			break;
		case 'd':
			o->delay = number(optarg, 0.05);
			break;
		case 'f':
			view->page = FRAMES;
			break;
		case 'j':
			o->feed = true;
			break;
		case 'n':
			o->times = (unsigned long)number(optarg, 1);
			break;
		case 'p':
			view->page = SPACE;
			view->pid = (int)number(optarg, 1);
			break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		default:
			fputs(usage, stderr);
			exit(2);
		}
	if (optind < argc) {
		fputs(usage, stderr);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	struct screen screen = {0};
	struct view view = {.page = PROCESSES};
	struct options options = {.delay = 1};

	options_read(argc, argv, &options, &screen, &view);
	if (options.feed)
		feed_run(options.delay);
	screen_open(&screen);
	run(&screen, &view, &options);
	screen_close(&screen);
	return 0;
}
