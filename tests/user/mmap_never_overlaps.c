/*
 * A thousand random mmaps and munmaps never overlap and leave alone what they do not name: compared
 * with a model of one byte per page.
 *
 * rows: A17
 */
#include "check.h"

#define PAGES 512u
#define SLOTS 64u

static struct slot {
	char *start;
	unsigned pages;
	char mark;
} slots[SLOTS];

static void slot_map(struct slot *s, char mark)
{
	s->pages = 1 + rand() % 24;
	s->start = map_anon(s->pages * PAGE);
	s->mark = mark;
	for (unsigned i = 0; i < SLOTS; i++)
		CHECK(&slots[i] == s || !slots[i].start ||
		      s->start + s->pages * PAGE <= slots[i].start ||
		      slots[i].start + slots[i].pages * PAGE <= s->start);
	CHECK(pages_hold(s->start, s->pages * PAGE, 0));
	touch_write(s->start, s->pages * PAGE, mark);
}

/* Unmap from one end, so that what is left is still one piece. */
static void slot_shrink(struct slot *s)
{
	unsigned cut = 1 + rand() % s->pages;
	bool head = rand() % 2;

	CHECK(munmap(s->start + (head ? 0 : s->pages - cut) * PAGE, cut * PAGE) == 0);
	s->start += head ? cut * PAGE : 0;
	s->pages -= cut;
	if (s->pages == 0)
		s->start = NULL;
}

int main(void)
{
	srand(17);
	for (int round = 0; round < 1000; round++) {
		struct slot *s = &slots[rand() % SLOTS];

		if (s->start)
			slot_shrink(s);
		else
			slot_map(s, (char)(1 + round % 100));
		for (unsigned i = 0; i < SLOTS; i++)
			CHECK(pages_hold(slots[i].start, slots[i].pages * PAGE, slots[i].mark));
	}
	return 0;
}
