/* vmtrace.c: see vmtrace.h. The ring is kept in pages, so that it needs no large piece of memory. */

#include "mm/vmtrace.h"

#include "arch/x86/clock.h"
#include "kernel/abi/errno.h"
#include "mm/kmalloc.h"
#include "mm/pmm.h"

#define PER_PAGE (PAGE_SIZE / sizeof(struct vmtrace_event))

struct ring {
	struct vmtrace_event **pages;
	uint32_t size; /* Events; 0: no ring. */
	uint32_t next; /* Where the next one goes. */
	uint64_t end;  /* Events there were. */
};

static struct spinlock lock = SPINLOCK_INIT("vmtrace", RANK_LEAF);
static struct ring ring; /* lock. */
static void (*listener)(const struct vmtrace_event *e);

bool vmtrace_on;

const char *const vmtrace_kind_names[VMTRACE_KIND_COUNT] = {
	[VMTRACE_NONE] = "-",	       [VMTRACE_START] = "start",   [VMTRACE_FAULT] = "fault",
	[VMTRACE_MMAP] = "mmap",       [VMTRACE_MUNMAP] = "munmap", [VMTRACE_MPROTECT] = "mprotect",
	[VMTRACE_MREMAP] = "mremap",   [VMTRACE_FORK] = "fork",	    [VMTRACE_EXEC] = "exec",
	[VMTRACE_EXIT] = "exit",       [VMTRACE_TABLE] = "table",   [VMTRACE_MAP] = "map",
	[VMTRACE_UNMAP] = "unmap",     [VMTRACE_RIGHTS] = "rights", [VMTRACE_MOVE] = "move",
	[VMTRACE_EVICT] = "evict",     [VMTRACE_COPY] = "copy",	    [VMTRACE_SWAPIN] = "swapin",
	[VMTRACE_SWAPOUT] = "swapout",
};

static struct vmtrace_event start_event(uint32_t lost)
{
	return (struct vmtrace_event){
		.kind = VMTRACE_START, .where = (uint32_t)(clock_tsc_hz() / 1000), .arg = lost};
}

/* ---- the ring ---- */

static void ring_destroy(struct ring *r)
{
	for (uint32_t i = 0; i < DIV_ROUND_UP(r->size, PER_PAGE); i++)
		kfree(r->pages[i]);
	kfree(r->pages);
}

/* 0 or -ENOMEM. */
static int ring_create(struct ring *r, uint32_t events)
{
	uint32_t pages = DIV_ROUND_UP(events, PER_PAGE);

	*r = (struct ring){.size = events};
	if (events == 0)
		return 0;
	r->pages = kzalloc(pages * sizeof(*r->pages));
	if (!r->pages)
		return -ENOMEM;
	for (uint32_t i = 0; i < pages; i++) {
		r->pages[i] = kmalloc(PAGE_SIZE);
		if (!r->pages[i]) {
			ring_destroy(r);
			return -ENOMEM;
		}
	}
	return 0;
}

static struct vmtrace_event *ring_at(uint32_t i)
{
	return &ring.pages[i / PER_PAGE][i % PER_PAGE];
}

static void update_on_locked(void)
{
	atomic_store(&vmtrace_on, ring.size > 0 || listener);
}

int vmtrace_resize(uint32_t events)
{
	struct vmtrace_event start = start_event(0);
	struct ring fresh, old;
	int err = events > VMTRACE_EVENTS_MAX ? -EINVAL : ring_create(&fresh, events);

	if (err)
		return err;
	spin_lock(&lock);
	old = ring;
	ring = fresh;
	update_on_locked();
	spin_unlock(&lock);
	ring_destroy(&old);
	vmtrace_add(&start);
	return 0;
}

uint32_t vmtrace_size(void)
{
	return atomic_load(&ring.size);
}

bool vmtrace_get(uint64_t *number, struct vmtrace_event *out)
{
	uint64_t first;
	bool found;

	spin_lock(&lock);
	first = ring.end - MIN(ring.end, (uint64_t)ring.size);
	found = *number < ring.end;
	if (*number < first) {
		*out = start_event((uint32_t)(first - *number));
		*number = first - 1;
	} else if (found) {
		uint32_t back = (uint32_t)(ring.end - *number);

		*out = *ring_at(ring.next >= back ? ring.next - back
						  : ring.next + ring.size - back);
	}
	spin_unlock(&lock);
	return found;
}

/* ---- events ---- */

void vmtrace_listen(void (*tell)(const struct vmtrace_event *e))
{
	spin_lock(&lock);
	atomic_store(&listener, tell);
	update_on_locked();
	spin_unlock(&lock);
}

void vmtrace_add(struct vmtrace_event *e)
{
	e->ns = clock_now();
	e->tid = thread_current()->id;
	e->free = frame_free_count();
	spin_lock(&lock);
	if (ring.size > 0) {
		*ring_at(ring.next) = *e;
		ring.next = ring.next + 1 < ring.size ? ring.next + 1 : 0;
		ring.end++;
	}
	spin_unlock(&lock);
}

void vmtrace_add_fault(struct vmtrace_event *e)
{
	void (*tell)(const struct vmtrace_event *e) = atomic_load(&listener);

	vmtrace_add(e);
	if (tell)
		tell(e);
}

void vmtrace_add_plain(enum vmtrace_kind kind, const struct aspace *as, uint32_t where,
		       uint32_t before, uint32_t after, uint32_t arg)
{
	struct vmtrace_event e = {
		.kind = (uint8_t)kind,
		.space = as ? (uint32_t)as->id : 0,
		.where = where,
		.before = before,
		.after = after,
		.arg = arg,
	};

	vmtrace_add(&e);
}
