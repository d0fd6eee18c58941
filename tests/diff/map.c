/* map.c: what is mapped where, and how. */
#include "tests/diff/diff.h"

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif
#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

static const uint32_t prots[] = {PROT_READ | PROT_WRITE,
				 PROT_READ | PROT_WRITE,
				 PROT_READ | PROT_WRITE,
				 PROT_READ | PROT_WRITE,
				 PROT_READ | PROT_WRITE,
				 PROT_READ | PROT_WRITE,
				 PROT_READ,
				 PROT_READ,
				 PROT_NONE,
				 PROT_WRITE,
				 PROT_READ | PROT_EXEC,
				 PROT_READ | PROT_WRITE | PROT_EXEC};

/* The kernel chose this place: name it, or give it back when there are too many. */
static void settle_float(uint32_t va, uint32_t pages, struct page like)
{
	struct space *s = va % PAGE == 0 && !space_of(va) ? float_add(va, pages) : NULL;

	if (!s) {
		say(" = somewhere\n");
		syscall(SYS_munmap, va, pages * PAGE);
		return;
	}
	model_map(s, 0, pages, like);
	say(" = %s\n", address_name(va));
}

/* ---- mmap ---- */

static uint32_t map_flags(bool file, bool shared, uint32_t how)
{
	static const uint32_t places[] = {MAP_FIXED, MAP_FIXED_NOREPLACE, 0, 0};
	uint32_t flags = places[how] | (shared ? MAP_SHARED : MAP_PRIVATE);

	if (percent(2))
		flags ^= shared ? MAP_SHARED ^ MAP_SHARED_VALIDATE : MAP_PRIVATE;
	flags |= file ? 0 : MAP_ANONYMOUS;
	flags |= percent(10) ? MAP_POPULATE : 0;
	flags |= percent(5) ? MAP_NORESERVE : 0;
	flags |= percent(3) && !is_left_out("mlock") ? MAP_LOCKED : 0;
	flags |= percent(3) ? MAP_NONBLOCK : 0;
	flags |= percent(3) ? MAP_STACK : 0;
	if (how == 0 && percent(8))
		flags |= MAP_GROWSDOWN;
	return flags;
}

static uint32_t map_length(uint32_t pages)
{
	if (percent(2))
		return 0;
	if (percent(1))
		return percent(50) ? 0xe0000000u : 0xffffffffu;
	return pages * PAGE - (percent(25) ? below(PAGE) : 0);
}

/* At a fixed place, at one that must be free, at one that is only a hint, or anywhere. */
static void act_mmap(void)
{
	uint32_t how = percent(45) ? 0 : percent(25) ? 1 : percent(55) ? 2 : 3;
	bool file = percent(55), shared = percent(50);
	uint32_t flags = map_flags(file, shared, how), prot = PICK(prots);
	uint32_t first = below(SPACE_PAGES - 12), pages = 1 + below(10), len = map_length(pages);
	uint32_t va = how == 3 ? 0 : spaces[ARENA].base + first * PAGE + (percent(3) ? 16 : 0);
	uint32_t pgoff = percent(50) ? 0 : percent(4) ? 0x80000 : below(8);
	int fd = file ? fd_file() : -1;
	struct page like = {.kind = SHARED, .prot = (uint8_t)prot, .pgoff = pgoff};
	uint32_t result;

	like.file = file ? backing_of(fd) : 0;
	if (file)
		like.kind = shared ? FILE_SHARED : FILE_PRIVATE;
	else if (!shared)
		like.kind = flags & MAP_GROWSDOWN ? GROWS : PRIVATE;
	if (file && fd >= 0 && fd < FD_LIMIT && fd_kinds[fd] == FD_PIPE)
		prot &= ~(uint32_t)
				PROT_EXEC; /* Nothing may be executed where pipes live, or it may. */
	if (file && shared && like.file == 0 && fd >= 0 && fd < FD_LIMIT && fd_kinds[fd] == FD_FILE)
		return;
	result = (uint32_t)CALL(SYS_mmap2, va, len, prot, flags, fd, pgoff);
	say("mmap(%s, %u, %u, %#x, %d, %u)", va ? address_name(va) : "0", len, prot, flags, fd,
	    pgoff);
	pages = UP(len) / PAGE;
	if (is_error((long)result)) {
		say_result((long)result);
	} else if (space_of(result) == &spaces[ARENA]) {
		say(" = %s\n", address_name(result));
		model_map(&spaces[ARENA], (result - spaces[ARENA].base) / PAGE, pages, like);
	} else {
		settle_float(result, pages, like);
	}
}

/* ---- munmap, mprotect, brk ---- */

static void act_munmap(void)
{
	struct range r = percent(70) ? range_mapped(6) : range_any(8), bad = range_spoilt(r);
	long result;

	if (r.s == &spaces[HEAP])
		return;
	if (percent(1))
		bad.len = 0xfffff000u;
	say("munmap(%s, %u)", address_name(bad.va), bad.len);
	result = CALL(SYS_munmap, bad.va, bad.len);
	say_result(result);
	if (result == 0)
		model_unmap(r.s, r.first, r.count);
}

static void act_mprotect(void)
{
	struct range r = percent(80) ? range_mapped(6) : range_any(8), bad = range_spoilt(r);
	uint32_t prot = PICK(prots), extra = percent(4) ? PROT_GROWSDOWN : percent(1) ? 0x100 : 0;
	long result;

	say("mprotect(%s, %u, %#x)", address_name(bad.va), bad.len, prot | extra);
	result = CALL(SYS_mprotect, bad.va, bad.len, prot | extra);
	say_result(result);
	model_cut(&r);
	for (uint32_t i = r.first; result == 0 && bad.len && i < r.first + r.count; i++)
		r.s->page[i].prot = (uint8_t)prot;
}

static void act_brk(void)
{
	struct space *h = &spaces[HEAP];
	uint32_t want = h->base + below(h->pages * PAGE), got, pages;
	struct page like = {.kind = PRIVATE, .prot = PROT_READ | PROT_WRITE};

	if (percent(3))
		want = percent(50) ? 0 : 0xfffff000u;
	got = (uint32_t)syscall(SYS_brk, want);
	pages = (UP(got) - h->base) / PAGE;
	say("brk(%s) = %s\n", want ? address_name(want) : "0", address_name(got));
	for (uint32_t i = 0; i < h->pages; i++)
		if (i >= pages)
			h->page[i] = (struct page){.tag = tag_new()};
		else if (h->page[i].kind == FREE)
			model_map(h, i, 1, like);
}

/* ---- mremap ---- */

static bool grows(const struct range *r)
{
	for (uint32_t i = r->first; i < r->s->pages; i++)
		if (r->s->page[i].kind == GROWS)
			return true;
	return false;
}

/* The pages of r went to va and are new_pages now. */
static void model_move(const struct range *r, uint32_t va, uint32_t new_pages, bool stay)
{
	struct page was = r->s->page[r->first];
	struct space *to = space_of(va);

	if (!stay)
		model_unmap(r->s, r->first, r->count);
	else
		model_cut(r);
	if (to == &spaces[ARENA] || (to && va == r->va && to == r->s && to->pages)) {
		say(" = %s\n", address_name(va));
		model_map(to, (va - to->base) / PAGE, new_pages, was);
	} else {
		settle_float(va, new_pages, was);
	}
}

/* Moves in the heap would fight with brk, and areas that grow are not where the model thinks; a float may
 * have anything beyond its end, so it only shrinks in its place. */
static bool can_remap(const struct range *r, uint32_t new_pages, uint32_t flags)
{
	if (r->s == &spaces[HEAP] || grows(r))
		return false;
	return r->s == &spaces[ARENA] || flags & MREMAP_FIXED || new_pages <= r->count;
}

static void act_mremap(void)
{
	static const uint32_t all_flags[] = {0, 0, 1, 1, 1, 3, 3, 3, 3, 5, 7, 2, 4, 8};
	struct range r = range_of_one_area(8), bad = range_spoilt(r);
	uint32_t flags = PICK(all_flags), new_pages = 1 + below(10), result;
	uint32_t to = spaces[ARENA].base + below(SPACE_PAGES - 12) * PAGE + (percent(2) ? 8 : 0);
	bool stay = flags & MREMAP_DONTUNMAP;

	if (percent(30) || (stay && percent(80)))
		new_pages = r.count;
	if (percent(3))
		bad.len = 0;
	if (!can_remap(&r, new_pages, flags))
		return;
	if (stay) /* Linux unlocks all of the area that stays, even if only a part of it moves. */
		syscall(SYS_munlockall);
	bad.va = percent(3) ? bad.va : r.va;
	say("mremap(%s, %u, %u, %u, %s)", address_name(bad.va), bad.len, new_pages * PAGE, flags,
	    flags & MREMAP_FIXED ? address_name(to) : "0");
	result = (uint32_t)CALL(SYS_mremap, bad.va, bad.len, new_pages * PAGE, flags,
				flags & MREMAP_FIXED ? to : 0);
	if (is_error((long)result)) {
		say_result((long)result);
		model_cut(&r);
	} else {
		model_move(&r, result, new_pages, stay || bad.len == 0);
	}
}

/* ---- what changes nothing ---- */

static void act_msync(void)
{
	struct range r = range_spoilt(percent(80) ? range_mapped(6) : range_any(8));
	static const uint32_t all_flags[] = {
		MS_SYNC,       MS_SYNC, MS_ASYNC,	    MS_SYNC | MS_INVALIDATE,
		MS_INVALIDATE, 0,	MS_SYNC | MS_ASYNC, 8};
	uint32_t flags = PICK(all_flags);

	say("msync(%s, %u, %u)", address_name(r.va), r.len, flags);
	say_result(CALL(SYS_msync, r.va, r.len, flags));
}

/* Which pages are in memory is defined where nothing is ever written out, and where no fork may have left
 * out page tables that held only zeroes. */
static void act_mincore(void)
{
	static uint8_t vec[16];
	struct range r = range_spoilt(percent(70) ? range_mapped(12) : range_any(12));
	long result;

	memset(vec, 0x7e, sizeof(vec));
	result = CALL(SYS_mincore, r.va, r.len, vec);
	say("mincore(%s, %u)", address_name(r.va), r.len);
	for (uint32_t i = 0; result == 0 && pages_are_known() && !is_child &&
			     i < UP(r.len) / PAGE && i < sizeof(vec);
	     i++)
		say("%s%x", i ? "" : " ", vec[i]);
	say_result(result);
}

const struct operation map_operations[] = {
	{"mmap", 140, act_mmap},	{"munmap", 30, act_munmap},
	{"mprotect", 50, act_mprotect}, {"brk", 12, act_brk},
	{"mremap", 50, act_mremap},	{"msync", 15, act_msync},
	{"mincore", 15, act_mincore},	{NULL, 0, NULL},
};
