/*
 * Thousands of random MAP_FIXED, munmap and mprotect over one range leave each page as a model of
 * it says.
 *
 * rows: A17 A21 A23
 */
#include "probe.h"

#define PAGES 96

static char *base;
static struct page {
	int prot; /* -1: nothing is mapped. */
	char value;
} model[PAGES];

static void change(unsigned first, unsigned count, int what)
{
	static const int prots[] = {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE};
	int prot = prots[rand() % 3], want = 0;
	char *p = base + first * PAGE;
	unsigned i;

	if (what == 0) {
		CHECK(munmap(p, count * PAGE) == 0);
		for (i = first; i < first + count; i++)
			model[i] = (struct page){-1, 0};
	} else if (what == 1) {
		CHECK(mmap(p, count * PAGE, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
		      p);
		for (i = first; i < first + count; i++)
			model[i] = (struct page){prot, 0};
	} else {
		for (i = first; i < first + count && model[i].prot >= 0; i++)
			model[i].prot = prot; /* Up to the first hole, as Linux does. */
		want = i < first + count ? -1 : 0;
		CHECK(mprotect(p, count * PAGE, prot) == want && (want == 0 || errno == ENOMEM));
	}
}

static void compare(unsigned i)
{
	bool mapped = model[i].prot >= 0;
	int code = mapped ? SEGV_ACCERR : SEGV_MAPERR;
	char *p = base + i * PAGE;

	if (mapped && model[i].prot & PROT_READ)
		CHECK(*p == model[i].value);
	else
		CHECK(probe_is_segv(probe_read(p), code, p));
	if (mapped && model[i].prot & PROT_WRITE)
		*p = model[i].value = (char)rand();
	else
		CHECK(probe_is_segv(probe_write(p), code, p));
}

int main(void)
{
	base = map_anon(PAGES * PAGE);
	CHECK(munmap(base, PAGES * PAGE) == 0);
	memset(model, -1, sizeof(model));
	srand(4711);
	for (int round = 0; round < 2000; round++) {
		unsigned first = rand() % PAGES, count = 1 + rand() % (PAGES - first);

		change(first, count, rand() % 3);
		for (unsigned i = rand() % 4; i < PAGES; i += 4)
			compare(i);
	}
	return 0;
}
