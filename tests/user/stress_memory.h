/*
 * stress_memory.h: regions of memory that are mapped, written, protected, unmapped in parts and read
 * again; the break; the stack; bad pointers.
 *
 * A region knows the rights and the mark of each of its pages. All calls of the kernel that take a
 * pointer are expected to follow the same rights.
 */
#pragma once

#include "brk.h"
#include "stress.h"

#include <setjmp.h>

#define REGIONS 10
#define REGION_PAGES 32
#define COMMON_PAGES 64 /* Of the file that all processes map and nobody writes. */
#define HEAP_PAGES 48
#define STACK_STEP 2048
#define PROT_GONE 0x80 /* No longer ours: something else may be there. */

struct region {
	char *at; /* NULL: this slot is free. */
	uint32_t pages;
	bool shared; /* With children of fork. */
	uint8_t prot[REGION_PAGES];
	uint32_t mark[REGION_PAGES];
};

static struct region regions[REGIONS];
static int common_fd = -1;
static char *heap_start; /* Page aligned; NULL: the break was not moved yet. */
static uint32_t heap_pages, heap_mark[HEAP_PAGES];

static inline uint32_t common_mark(uint32_t page)
{
	return mix(me.seed, page) | 1;
}

/* ---- faults on purpose ---- */

static sigjmp_buf fault_out;
static void *volatile fault_at; /* Where a fault is expected; NULL: nowhere. */

static inline void fault_caught(int sig, siginfo_t *info, void *context)
{
	const ucontext_t *user = context;

	if (fault_at && info->si_addr == fault_at)
		siglongjmp(fault_out, 1);
	dprintf(2, "stress_mix: signal %d, code %d, at %p, eip %x; expected at %p\n", sig,
		info->si_code, info->si_addr, user->uc_mcontext.gregs[REG_EIP], (void *)fault_at);
	stress_failed(__LINE__, "signal", "There was a fault that nothing explains.");
}

/* Touch an address that must not be touched so. */
static inline void fault_expect(char *p, bool write)
{
	fault_at = p;
	if (sigsetjmp(fault_out, 1) == 0) {
		if (write)
			*(volatile char *)p = 1;
		else
			(void)*(volatile char *)p;
		EXPECT(false, "A page without the right was touched and nothing happened.");
	}
	fault_at = NULL;
}

/* ---- regions ---- */

static inline struct region *region_any(void)
{
	struct region *r = &regions[chance_below(REGIONS)];

	return r->at ? r : NULL;
}

static inline void region_page_expect(const struct region *r, uint32_t i)
{
	if (r->prot[i] & PROT_READ && r->prot[i] != PROT_GONE)
		page_expect(r->at + i * PAGE, r->mark[i], r->shared ? "shared region" : "region");
}

static inline void region_unmap(struct region *r, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++) {
		if (r->prot[i] == PROT_GONE)
			continue;
		EXPECT(munmap(r->at + i * PAGE, PAGE) == 0, "A page can be unmapped.");
		r->prot[i] = PROT_GONE;
	}
}

static inline void region_remove(struct region *r)
{
	bool whole = true;

	for (uint32_t i = 0; i < r->pages; i++) {
		region_page_expect(r, i);
		whole = whole && r->prot[i] != PROT_GONE;
	}
	if (whole)
		EXPECT(munmap(r->at, r->pages * PAGE) == 0, "A region can be unmapped.");
	else
		region_unmap(r, 0, r->pages);
	r->at = NULL;
}

/* Near a line between two page tables, or wherever the kernel likes. */
static inline void *region_hint(void)
{
	uintptr_t line = 0x20000000u + chance_below(64) * TABLE_SPAN;

	return chance_one_in(2) ? NULL : (void *)(line - chance_below(REGION_PAGES) * PAGE);
}

static inline void memory_map(void)
{
	struct region *r = &regions[chance_below(REGIONS)];
	uint32_t kind = chance_below(4), offset = chance_below(COMMON_PAGES - REGION_PAGES);
	int flags = kind == 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_PRIVATE | MAP_ANONYMOUS;

	if (r->at)
		region_remove(r);
	r->pages = 1 + chance_below(REGION_PAGES);
	r->shared = kind == 0;
	if (kind == 1)
		r->at = mmap(region_hint(), r->pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE,
			     common_fd, (off_t)(offset * PAGE));
	else
		r->at = mmap(region_hint(), r->pages * PAGE, PROT_READ | PROT_WRITE, flags, -1, 0);
	EXPECT(r->at != MAP_FAILED, "There is room for another region.");
	for (uint32_t i = 0; i < r->pages; i++) {
		r->prot[i] = PROT_READ | PROT_WRITE;
		r->mark[i] = kind == 1 ? common_mark(offset + i) : 0;
	}
}

/* A child must not write what its parent goes on using, nor believe that it stays. */
static inline void regions_forget_shared(void)
{
	for (struct region *r = regions; r < regions + REGIONS; r++) {
		if (!r->at || !r->shared)
			continue;
		region_unmap(r, 0, r->pages);
		r->at = NULL;
	}
}

static inline void memory_write(void)
{
	struct region *r = region_any();

	if (!r)
		return;
	for (uint32_t i = chance_below(r->pages); i < r->pages; i += 1 + chance_below(3)) {
		if (r->prot[i] == PROT_GONE || !(r->prot[i] & PROT_WRITE))
			continue;
		r->mark[i] = chance_one_in(8) ? 0 : chance();
		page_fill(r->at + i * PAGE, r->mark[i]);
	}
}

static inline void memory_check(void)
{
	struct region *r = region_any();

	for (uint32_t i = 0; r && i < r->pages; i++)
		region_page_expect(r, i);
}

static inline void memory_check_all(void)
{
	for (struct region *r = regions; r < regions + REGIONS; r++)
		for (uint32_t i = 0; r->at && i < r->pages; i++)
			region_page_expect(r, i);
	for (uint32_t i = 0; i < heap_pages; i++)
		page_expect(heap_start + i * PAGE, heap_mark[i], "heap");
}

/* Part of a region: false when it has a hole there. */
static inline bool region_part(const struct region *r, uint32_t *from, uint32_t *to)
{
	*from = chance_below(r->pages);
	*to = *from + 1 + chance_below(r->pages - *from);
	for (uint32_t i = *from; i < *to; i++)
		if (r->prot[i] == PROT_GONE)
			return false;
	return true;
}

static inline void memory_protect(void)
{
	static const uint8_t rights[] = {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE,
					 PROT_READ | PROT_WRITE};
	struct region *r = region_any();
	uint8_t prot = rights[chance_below(4)];
	uint32_t from, to;

	if (!r || !region_part(r, &from, &to))
		return;
	EXPECT(mprotect(r->at + from * PAGE, (to - from) * PAGE, prot) == 0,
	       "Rights of a region can be changed.");
	memset(r->prot + from, prot, to - from);
	if (prot != (PROT_READ | PROT_WRITE))
		fault_expect(r->at + from * PAGE + chance_below(PAGE), prot == PROT_READ);
}

static inline void memory_unmap_part(void)
{
	struct region *r = region_any();
	uint32_t from, to;

	if (!r || !region_part(r, &from, &to))
		return;
	EXPECT(munmap(r->at + from * PAGE, (to - from) * PAGE) == 0,
	       "Part of a region can be unmapped.");
	memset(r->prot + from, PROT_GONE, to - from);
	fault_expect(r->at + from * PAGE + chance_below((to - from) * PAGE), chance_one_in(2));
}

/* New pages in the place of old ones. */
static inline void memory_replace(void)
{
	struct region *r = region_any();
	uint32_t from, to;
	char *at;

	if (!r || !region_part(r, &from, &to) || r->shared)
		return;
	at = r->at + from * PAGE;
	EXPECT(mmap(at, (to - from) * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == at,
	       "Part of a region can be replaced.");
	for (uint32_t i = from; i < to; i++) {
		r->prot[i] = PROT_READ | PROT_WRITE;
		r->mark[i] = 0;
	}
}

static inline void memory_remove(void)
{
	struct region *r = region_any();

	if (r)
		region_remove(r);
}

/* ---- the kernel as the one who touches ---- */

/* read(2) writes the pages, if it may. */
static inline void memory_read_into(void)
{
	struct region *r = region_any();
	uint32_t page = chance_below(COMMON_PAGES), i = r ? chance_below(r->pages) : 0;
	ssize_t got;

	if (!r || r->prot[i] == PROT_GONE)
		return;
	errno = 0;
	got = pread(common_fd, r->at + i * PAGE, PAGE, (off_t)(page * PAGE));
	if (!(r->prot[i] & PROT_WRITE)) {
		EXPECT(got == -1 && errno == EFAULT, "read() wrote what must not be written.");
		return;
	}
	EXPECT(got == PAGE, "read() fills a page.");
	r->mark[i] = common_mark(page);
	region_page_expect(r, i);
}

/* write(2) reads them. */
static inline void memory_write_from(void)
{
	static uint32_t seen[WORDS];
	struct region *r = region_any();
	uint32_t i = r ? chance_below(r->pages) : 0;
	int ends[2];
	ssize_t put;

	if (!r || r->prot[i] == PROT_GONE)
		return;
	EXPECT(pipe(ends) == 0, "There is room for a pipe.");
	errno = 0;
	put = write(ends[1], r->at + i * PAGE, PAGE);
	if (r->prot[i] & PROT_READ) {
		EXPECT(put == PAGE, "write() takes a page into an empty pipe.");
		EXPECT(read(ends[0], seen, PAGE) == PAGE, "It comes out again.");
		page_expect(seen, r->mark[i], "page through a pipe");
	} else {
		EXPECT(put == -1 && errno == EFAULT, "write() read what must not be read.");
	}
	close(ends[0]);
	close(ends[1]);
}

static inline void bad_pointer_try(char *bad)
{
	int ends[2];

	EXPECT(pipe(ends) == 0, "There is room for a pipe.");
	CHECK_ERRNO(write(ends[1], bad, 1 + chance_below(3 * PAGE)), EFAULT);
	EXPECT(write(ends[1], "x", 1) == 1, "The pipe still works.");
	CHECK_ERRNO(read(ends[0], bad, 1), EFAULT);
	CHECK_ERRNO(open(bad, O_RDONLY), EFAULT);
	CHECK_ERRNO(pread(common_fd, bad, PAGE, 0), EFAULT);
	CHECK_ERRNO(syscall(SYS_pipe, bad), EFAULT);
	CHECK_ERRNO(syscall(SYS_nanosleep, bad, NULL), EFAULT);
	CHECK_ERRNO(syscall(SYS_uname, bad), EFAULT);
	CHECK_ERRNO(syscall(SYS_rt_sigpending, bad, 8), EFAULT);
	close(ends[0]);
	close(ends[1]);
}

static inline void bad_pointers(void)
{
	char *pages = map_anon(2 * PAGE);

	EXPECT(mprotect(pages + PAGE, PAGE, PROT_NONE) == 0, "A guard page can be made.");
	bad_pointer_try(NULL);
	bad_pointer_try(pages + PAGE);
	bad_pointer_try((char *)0xfffff000u);
	EXPECT(munmap(pages + PAGE, PAGE) == 0, "A guard page can be unmapped.");
	bad_pointer_try(pages + PAGE);
	/* A struct that crosses into nothing, and a string that ends before it. */
	CHECK_ERRNO(syscall(SYS_nanosleep, pages + PAGE - 4, NULL), EFAULT);
	memcpy(pages + PAGE - 6, "/nope", 6);
	CHECK_ERRNO(open(pages + PAGE - 6, O_RDONLY), ENOENT);
	EXPECT(munmap(pages, PAGE) == 0, "A page can be unmapped.");
}

/* ---- the break and the stack ---- */

static inline void heap_move(void)
{
	uint32_t wanted = chance_below(HEAP_PAGES);

	if (!heap_start) {
		uintptr_t now = (uintptr_t)brk_set(NULL);

		heap_start = (char *)((now + PAGE - 1) & ~(PAGE - 1));
	}
	EXPECT(brk_set(heap_start + wanted * PAGE) == heap_start + wanted * PAGE,
	       "The break can be moved.");
	for (; heap_pages < wanted; heap_pages++)
		heap_mark[heap_pages] = 0;
	heap_pages = wanted;
	for (uint32_t i = 0; i < heap_pages; i++) {
		page_expect(heap_start + i * PAGE, heap_mark[i], "heap");
		if (chance_one_in(3))
			page_fill(heap_start + i * PAGE, heap_mark[i] = chance());
	}
}

static inline void stack_descend(uint32_t steps, uint32_t mark)
{
	uint32_t here[STACK_STEP / sizeof(uint32_t)];

	for (uint32_t i = 0; i < sizeof(here) / sizeof(*here); i++)
		here[i] = mark_word(mark, i);
	__asm__ volatile("" : : "r"(here) : "memory");
	if (steps > 0)
		stack_descend(steps - 1, mark + 1);
	page_expect_part(here, sizeof(here), mark, "stack");
}

static inline void stack_deep(void)
{
	stack_descend(chance_below(160), chance());
}
