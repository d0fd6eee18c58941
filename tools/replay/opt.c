/*
 * opt.c: Belady's MIN.
 *
 * The pages in memory stand in a heap by their next use, farthest first. A page's next use changes
 * only when it is used, and then to a later one, so that it only ever moves up.
 */

#include "tools/replay/opt.h"

#include <stdlib.h>
#include <string.h>

#define NEVER SIZE_MAX

struct page {
	size_t next_use; /* Place in the trace. */
	uint32_t place;	 /* In heap; 0: not in memory. */
	bool modified;
};

struct opt {
	const struct trace *trace;
	size_t *next_use;  /* Of each reference in the trace: the next one to its page. */
	struct page *page; /* By number. */
	uint32_t *heap;	   /* [1, count]: page numbers. */
	uint32_t count;
};

void opt_destroy(struct opt *opt)
{
	if (opt) {
		free(opt->next_use);
		free(opt->page);
		free(opt->heap);
	}
	free(opt);
}

/* Backwards through the trace, with each page's next use in page[]. */
static void find_next_uses(struct opt *opt)
{
	for (uint32_t p = 0; p <= opt->trace->pages; p++)
		opt->page[p].next_use = NEVER;
	for (size_t i = opt->trace->count; i-- > 0;) {
		struct trace_record r = opt->trace->records[i];

		if (trace_kind(r) <= TRACE_WRITE) {
			opt->next_use[i] = opt->page[r.page].next_use;
			opt->page[r.page].next_use = i;
		}
	}
}

struct opt *opt_create(const struct trace *trace)
{
	struct opt *opt = calloc(1, sizeof(*opt));

	if (!opt)
		return NULL;
	opt->trace = trace;
	opt->next_use = calloc(trace->count + 1, sizeof(*opt->next_use));
	opt->page = calloc((size_t)trace->pages + 1, sizeof(*opt->page));
	opt->heap = calloc((size_t)trace->pages + 2, sizeof(*opt->heap));
	if (!opt->next_use || !opt->page || !opt->heap) {
		opt_destroy(opt);
		return NULL;
	}
	find_next_uses(opt);
	return opt;
}

static void put_at(struct opt *opt, uint32_t place, uint32_t page)
{
	opt->heap[place] = page;
	opt->page[page].place = place;
}

static size_t use_at(const struct opt *opt, uint32_t place)
{
	return opt->page[opt->heap[place]].next_use;
}

static void move_up(struct opt *opt, uint32_t page)
{
	uint32_t place = opt->page[page].place;

	for (; place > 1 && use_at(opt, place / 2) < opt->page[page].next_use; place /= 2)
		put_at(opt, place, opt->heap[place / 2]);
	put_at(opt, place, page);
}

static void move_down(struct opt *opt, uint32_t page)
{
	uint32_t place = opt->page[page].place;

	for (uint32_t child; (child = 2 * place) <= opt->count; place = child) {
		if (child < opt->count && use_at(opt, child + 1) > use_at(opt, child))
			child++;
		if (use_at(opt, child) <= opt->page[page].next_use)
			break;
		put_at(opt, place, opt->heap[child]);
	}
	put_at(opt, place, page);
}

static void heap_add(struct opt *opt, uint32_t page)
{
	put_at(opt, ++opt->count, page);
	move_up(opt, page);
}

static void heap_remove(struct opt *opt, uint32_t page)
{
	uint32_t place = opt->page[page].place, last = opt->heap[opt->count--];

	opt->page[page].place = 0;
	if (last == page)
		return;
	put_at(opt, place, last);
	move_up(opt, last);
	move_down(opt, last);
}

static void reference(struct opt *opt, uint32_t page, uint32_t frames, struct counts *counts,
		      void (*evict)(uint32_t page))
{
	if (opt->page[page].place) {
		move_up(opt, page);
		return;
	}
	counts->faults++;
	if (opt->count == frames) {
		uint32_t victim = opt->heap[1];

		counts->evictions++;
		counts->writes += opt->page[victim].modified;
		opt->page[victim].modified = false;
		heap_remove(opt, victim);
		if (evict)
			evict(victim);
	}
	heap_add(opt, page);
}

struct counts opt_run(struct opt *opt, uint32_t frames, void (*evict)(uint32_t page))
{
	struct counts counts = {0};

	memset(opt->page, 0, ((size_t)opt->trace->pages + 1) * sizeof(*opt->page));
	opt->count = 0;
	for (size_t i = 0; i < opt->trace->count; i++) {
		struct trace_record r = opt->trace->records[i];
		struct page *p = &opt->page[r.page];

		if (trace_kind(r) <= TRACE_WRITE) {
			p->next_use = opt->next_use[i];
			reference(opt, r.page, frames, &counts, evict);
			p->modified |= trace_kind(r) == TRACE_WRITE;
		} else if (trace_kind(r) == TRACE_FREE && p->place) {
			heap_remove(opt, r.page);
			p->modified = false;
		}
	}
	return counts;
}
