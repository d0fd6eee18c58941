/* pipe_ring.c: see pipe_ring.h. */
#include "fs/pipe_ring.h"

#include "kernel/abi/errno.h"
#include "mm/kmap.h"
#include "mm/pageout.h"

/* Nothing can take pages from a pipe but who reads it, so that all pipes together get a quarter of memory. */
#define SHARE 4

static uint32_t pages; /* Atomic: of all pipes. */

static struct frame *page_alloc(void)
{
	struct frame *f = NULL;

	if (atomic_add_return(&pages, 1) <= frame_total_count() / SHARE)
		f = frame_alloc_wait(0);
	if (f)
		frame_set(f, FRAME_KERNEL);
	else
		atomic_dec(&pages);
	return f;
}

static void page_free(struct frame *f)
{
	frame_clear(f, FRAME_KERNEL);
	frame_put(f);
	atomic_dec(&pages);
}

int ring_init(struct pipe_ring *r)
{
	r->spare = page_alloc();
	return r->spare ? 0 : -ENOMEM;
}

void ring_destroy(struct pipe_ring *r)
{
	for (uint32_t i = 0; i < RING_PAGES; i++)
		if (r->pages[i])
			page_free(r->pages[i]);
	if (r->spare)
		page_free(r->spare);
}

/* Where byte number at lies: its page, its offset there, and how many of n bytes from it on too. */
static struct frame **page_at(struct pipe_ring *r, uint32_t at)
{
	return &r->pages[(at + r->shift) / PAGE_SIZE % RING_PAGES];
}

static uint32_t offset_at(const struct pipe_ring *r, uint32_t at)
{
	return (at + r->shift) % PAGE_SIZE;
}

static uint32_t run_length(const struct pipe_ring *r, uint32_t at, uint32_t n)
{
	return MIN(n, PAGE_SIZE - offset_at(r, at));
}

/* A fresh page, or the one that was set aside; NULL. */
static struct frame *page_take(struct pipe_ring *r)
{
	struct frame *f = page_alloc();

	if (!f) {
		f = r->spare;
		r->spare = NULL;
	}
	return f;
}

static void page_give(struct pipe_ring *r, struct frame *f)
{
	if (r->spare)
		page_free(f);
	else
		r->spare = f;
}

uint32_t ring_prepare(struct pipe_ring *r, uint32_t n)
{
	uint32_t ready = 0;

	if (r->head == r->tail) /* Go on at the start of a page, so that one page is enough. */
		r->shift += run_length(r, r->head, PAGE_SIZE) % PAGE_SIZE;
	while (ready < n) {
		struct frame **page = page_at(r, r->head + ready);

		if (!*page)
			*page = page_take(r);
		if (!*page)
			break;
		ready += run_length(r, r->head + ready, n - ready);
	}
	return ready;
}

/*
 * What stays of done bytes when the user's memory ends before the n that were to come: whole pages of the
 * write, after the odd bytes that fitted behind older ones, as Linux has it; of a write that fits one page,
 * all or nothing.
 */
static uint32_t keep_whole(const struct pipe_ring *r, uint32_t n, uint32_t done)
{
	uint32_t joins = n % PAGE_SIZE;

	if (ring_used(r) == 0 || offset_at(r, r->head) + joins > PAGE_SIZE)
		joins = 0;
	return done < joins ? 0 : joins + ALIGN_DOWN(done - joins, PAGE_SIZE);
}

ssize_t ring_fill(struct pipe_ring *r, struct uio *u, uint32_t n)
{
	uint32_t done = 0;

	while (done < n) {
		uint32_t run = run_length(r, r->head + done, n - done), moved;
		struct frame *page = *page_at(r, r->head + done);
		uint8_t *va = kmap(page);

		moved = uio_copy_in(u, va + offset_at(r, r->head + done), run);
		kunmap(page, va);
		done += moved;
		if (moved < run) {
			done = keep_whole(r, n, done);
			break;
		}
	}
	atomic_store(&r->head, r->head + done);
	return done > 0 ? (ssize_t)done : -EFAULT;
}

/* Give back the page that holds last_byte, the last one read, once nothing of it is left to read. In
 * a nearly full ring the newest bytes may lie in the same page. */
static void release_drained(struct pipe_ring *r, uint32_t last_byte)
{
	struct frame **page = page_at(r, last_byte);

	if (r->tail != r->head &&
	    (offset_at(r, r->tail) != 0 || ring_used(r) > RING_CAPACITY - PAGE_SIZE))
		return;
	page_give(r, *page);
	*page = NULL;
}

ssize_t ring_drain(struct pipe_ring *r, struct uio *u, uint32_t n)
{
	ssize_t done = 0;

	while (n > 0) {
		uint32_t run = run_length(r, r->tail, n), moved;
		struct frame *page = *page_at(r, r->tail);
		uint8_t *va = kmap(page);

		moved = uio_copy_out(u, va + offset_at(r, r->tail), run);
		kunmap(page, va);
		if (moved > 0) {
			uint32_t last = r->tail + moved - 1;

			atomic_store(&r->tail, r->tail + moved);
			release_drained(r, last);
		}
		done += (ssize_t)moved;
		n -= moved;
		if (moved < run)
			break;
	}
	return done > 0 ? done : -EFAULT;
}
