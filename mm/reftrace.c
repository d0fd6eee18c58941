/* reftrace.c: see reftrace.h. */

#include "mm/reftrace.h"

#include "arch/x86/io.h"
#include "kernel/abi/errno.h"
#include "mm/kmalloc.h"
#include "mm/rmap.h"

/* Where QEMU's isa-debugcon is; it answers with its own number. */
#define CONSOLE_PORT 0xE9

struct reftrace {
	struct frame *shown[REFTRACE_SHOWN]; /* Recorded last, the latest first. */
	uint32_t references;
	uint32_t missed; /* Pages that could not be parked when they should have been. */
};

static void emit(uint32_t what, uint32_t a, uint32_t b)
{
	const uint32_t record[3] = {what, a, b};
	const uint8_t *byte = (const uint8_t *)record;

	for (uint32_t i = 0; i < sizeof(record); i++)
		outb(CONSOLE_PORT, byte[i]);
}

static void emit_frame(enum reftrace_kind kind, const struct frame *f)
{
	emit(kind | frame_pfn(f) << 12, (uint32_t)f->backing, f->backing ? f->index : 0);
}

int reftrace_create(uint32_t limit, struct reftrace **out)
{
	if (inb(CONSOLE_PORT) != CONSOLE_PORT)
		return -ENODEV;
	*out = kzalloc(sizeof(**out));
	if (!*out)
		return -ENOMEM;
	emit(REFTRACE_START, limit, REFTRACE_SHOWN);
	return 0;
}

void reftrace_destroy(struct reftrace *t, uint32_t faults)
{
	emit(REFTRACE_END, faults, t->missed);
	kfree(t);
}

/* f is nobody's to be shown any more. */
static void shown_remove(struct reftrace *t, const struct frame *f)
{
	uint32_t i = 0;

	while (i < REFTRACE_SHOWN && t->shown[i] != f)
		i++;
	for (; i < REFTRACE_SHOWN; i++)
		t->shown[i] = i + 1 < REFTRACE_SHOWN ? t->shown[i + 1] : NULL;
}

/* f is shown from now on; what was recorded longest ago makes room. */
static void shown_add(struct reftrace *t, struct frame *f)
{
	struct frame *oldest;

	shown_remove(t, f);
	oldest = t->shown[REFTRACE_SHOWN - 1];
	for (uint32_t i = REFTRACE_SHOWN - 1; i > 0; i--)
		t->shown[i] = t->shown[i - 1];
	t->shown[0] = f;
	if (oldest && rmap_try_age(oldest, RMAP_PARK) < 0)
		t->missed++;
}

void reftrace_in(struct reftrace *t, const struct frame *f)
{
	(void)t;
	emit_frame(REFTRACE_IN, f);
}

void reftrace_evicted(struct reftrace *t, const struct frame *f)
{
	emit_frame(REFTRACE_EVICTED, f);
	shown_remove(t, f);
}

void reftrace_removed(struct reftrace *t, const struct frame *f)
{
	emit_frame(REFTRACE_REMOVED, f);
	shown_remove(t, f);
}

void reftrace_restored(struct reftrace *t, const struct frame *f)
{
	(void)t;
	emit_frame(REFTRACE_RESTORE, f);
}

void reftrace_forget(struct reftrace *t, const struct backing *b, uint32_t index)
{
	(void)t;
	emit(REFTRACE_FORGET, (uint32_t)b, index);
}

bool reftrace_touched(struct reftrace *t, struct frame *f, uint32_t va, enum vm_access access,
		      uint32_t space)
{
	emit(REFTRACE_REFERENCE | (uint32_t)access << 4 | frame_pfn(f) << 12, va, space);
	shown_add(t, f);
	if (++t->references % REFTRACE_PERIOD != 0)
		return false;
	emit(REFTRACE_TICK, 0, 0);
	return true;
}

bool reftrace_young(struct reftrace *t, struct frame *f)
{
	int young = rmap_try_age(f, RMAP_AGE | RMAP_PARK);

	if (young < 0)
		t->missed++;
	return young;
}
