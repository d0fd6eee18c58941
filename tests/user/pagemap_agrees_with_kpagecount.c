/*
 * pagemap names the frames of present pages; kpagecount says of each frame in how many places it is
 * mapped, and kpageflags what it is.
 *
 * rows: A49 D34
 * lab: cow
 */
#include "procfs.h"

#define KPF_MMAP (1u << 11)
#define KPF_ANON (1u << 12)
#define KPF_ZERO_PAGE (1u << 24)

static char *p, *shared;

/* The page is there, in this many spaces. */
static void expect(const char *page, uint64_t count, bool anon)
{
	uint64_t word = pagemap_at(page), flags = page_word("/proc/kpageflags", PM_FRAME(word));

	CHECK(word & PM_PRESENT && PM_FRAME(word) != 0);
	CHECK(!(word & PM_FILE) == anon && !(word & PM_EXCLUSIVE) == (count > 1));
	CHECK(page_word("/proc/kpagecount", PM_FRAME(word)) == count);
	CHECK(!(flags & KPF_ANON) == !anon && flags & KPF_MMAP);
}

static void child(void *frame)
{
	touch_read(shared, PAGE); /* Linux leaves the child's table of shared memory empty. */
	expect(p, 2, true);
	expect(shared, 2, false);
	p[0] = 2;
	expect(p, 1, true);
	CHECK(PM_FRAME(pagemap_at(p)) != *(uint64_t *)frame);
	CHECK(PM_FRAME(pagemap_at(shared)) != 0);
}

int main(void)
{
	uint64_t frame;

	p = map_anon(4 * PAGE);
	shared = map_shared(4 * PAGE);
	p[0] = shared[0] = 1;
	touch_read(p + PAGE, PAGE);
	frame = PM_FRAME(pagemap_at(p));
	expect(p, 1, true);
	expect(shared, 1, false);
	CHECK(page_word("/proc/kpageflags", PM_FRAME(pagemap_at(p + PAGE))) & KPF_ZERO_PAGE);
	CHECK((pagemap_at(p + PAGE) & (PM_FILE | PM_EXCLUSIVE)) == 0);
	CHECK((pagemap_at(p + 2 * PAGE) & (PM_PRESENT | PM_FILE | PM_EXCLUSIVE)) == 0);
	CHECK(child_run(child, &frame) == 0);
	CHECK(PM_FRAME(pagemap_at(p)) == frame);
	expect(p, 1, true);
	return 0;
}
