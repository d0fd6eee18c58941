/* space.c: the model of our memory, and ranges to try calls on. */
#include "tests/diff/diff.h"

/* 48 pages below a line between page tables, and 48 above. */
#define ARENA_BASE (0x30400000u - SPACE_PAGES / 2 * PAGE)
#define HEAP_PAGES 32

struct space spaces[SPACES];
static uint16_t last_tag;

uint16_t tag_new(void)
{
	return ++last_tag;
}

/* The break may stand in the middle of a page that is not part of the heap's area. */
void spaces_init(void)
{
	uint32_t brk = (uint32_t)syscall(SYS_brk, 0);

	memset(spaces, 0, sizeof(spaces));
	last_tag = 0;
	spaces[ARENA].base = ARENA_BASE;
	spaces[ARENA].pages = SPACE_PAGES;
	spaces[HEAP].base = UP(brk);
	spaces[HEAP].pages = HEAP_PAGES;
}

struct space *space_of(uint32_t va)
{
	for (struct space *s = spaces; s < spaces + SPACES; s++)
		if (va >= s->base && va < s->base + s->pages * PAGE)
			return s;
	return NULL;
}

/* ---- following what was done ---- */

void model_map(struct space *s, uint32_t first, uint32_t count, struct page like)
{
	like.tag = tag_new();
	for (uint32_t i = first; i < first + count && i < s->pages; i++, like.pgoff++)
		s->page[i] = like;
}

void model_unmap(struct space *s, uint32_t first, uint32_t count)
{
	model_map(s, first, count, (struct page){.kind = FREE});
	if (s < &spaces[FLOATS])
		return;
	for (uint32_t i = 0; i < s->pages; i++)
		if (s->page[i].kind != FREE)
			return;
	s->pages = 0;
}

/* The pages of r may now be areas of their own. */
void model_cut(const struct range *r)
{
	uint16_t old = 0, tag = 0;

	for (uint32_t i = r->first; i < r->first + r->count; i++) {
		if (tag == 0 || r->s->page[i].tag != old)
			tag = tag_new();
		old = r->s->page[i].tag;
		r->s->page[i].tag = tag;
	}
}

uint32_t bytes_defined(uint32_t va, uint32_t n)
{
	for (uint32_t done = 0; done < n; done += PAGE - (va + done) % PAGE) {
		struct space *s = space_of(va + done);
		struct page *p = s ? &s->page[(va + done - s->base) / PAGE] : NULL;
		int64_t left;

		if (!p || p->kind != FILE_SHARED)
			continue;
		left = backing_size(p->file) - (int64_t)p->pgoff * PAGE - (va + done) % PAGE;
		if (left <= -(int64_t)((va + done) % PAGE) || left >= n - done ||
		    left >= PAGE - (va + done) % PAGE)
			continue;
		return left > 0 ? done + (uint32_t)left : done;
	}
	return n;
}

struct space *float_add(uint32_t va, uint32_t pages)
{
	if (pages > SPACE_PAGES)
		return NULL;
	for (struct space *s = &spaces[FLOATS]; s < spaces + SPACES; s++)
		if (s->pages == 0) {
			s->base = va;
			s->pages = pages;
			return s;
		}
	return NULL;
}

/* ---- choosing ---- */

static struct space *space_any(void)
{
	struct space *s = &spaces[ARENA];

	if (percent(30))
		s = &spaces[HEAP + below(SPACES - HEAP)];
	return s->pages ? s : &spaces[ARENA];
}

static struct range range_make(struct space *s, uint32_t first, uint32_t count)
{
	if (count > s->pages - first)
		count = s->pages - first;
	return (struct range){.s = s,
			      .first = first,
			      .count = count,
			      .va = s->base + first * PAGE,
			      .len = count * PAGE};
}

struct range range_any(uint32_t max_pages)
{
	struct space *s = space_any();
	uint32_t first = below(s->pages);

	return range_make(s, first, 1 + below(max_pages));
}

/* A mapped page of s, if one is met soon. */
static uint32_t page_mapped(const struct space *s)
{
	uint32_t first = below(s->pages);

	for (uint32_t i = 0; i < s->pages; i++)
		if (s->page[(first + i) % s->pages].kind != FREE)
			return (first + i) % s->pages;
	return first;
}

struct range range_mapped(uint32_t max_pages)
{
	struct space *s = space_any();
	struct range r = range_make(s, page_mapped(s), 1 + below(max_pages));
	uint32_t count = 1;

	while (count < r.count && s->page[r.first + count].kind != FREE)
		count++;
	return percent(85) ? range_make(s, r.first, count) : r;
}

struct range range_of_one_area(uint32_t max_pages)
{
	struct space *s = space_any();
	uint32_t first = page_mapped(s), count = 1;

	while (first + count < s->pages && count < max_pages &&
	       s->page[first + count].tag == s->page[first].tag)
		count++;
	return range_make(s, first, percent(60) ? count : 1 + below(count));
}

struct range range_spoilt(struct range r)
{
	if (percent(12))
		r.len -= below(PAGE);
	if (percent(2))
		r.len = 0;
	if (percent(3))
		r.va += 1 + below(PAGE - 1);
	return r;
}

uint32_t buffer_any(uint32_t n, int prot)
{
	static const uint32_t bad[] = {0, 16, 0x10001000, 0x20000ffe};

	if (percent(2))
		return PICK(bad);
	for (uint32_t tries = percent(85) ? 30 : 0; tries > 0; tries--) {
		struct space *s = space_any();
		uint32_t off = page_mapped(s) * PAGE + (percent(40) ? 0 : below(PAGE)),
			 i = off / PAGE;

		while (i < s->pages && i * PAGE < off + n && (s->page[i].prot & prot) == prot)
			i++;
		if (i * PAGE >= off + n)
			return s->base + off;
	}
	return spaces[ARENA].base + below(SPACE_PAGES * PAGE - 4);
}
