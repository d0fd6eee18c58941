/*
 * vmtrace.h: what happens to memory, event by event: a ring that programs read as /proc/vmtrace.
 *
 * While tracing is on, every change of a user page table is an event: of an entry, named by its slot as in
 * rmap.h, because a table may be shared; and of a directory's entry, named by space and address. So whoever has
 * all events has the page tables (tools/vmtrace.py). Only the accessed and dirty bits are not told, which the CPU
 * sets on its own. The other events say why: faults, system calls, copies, swap.
 *
 *	vmtrace_resize(65536);			on
 *	vmtrace(VMTRACE_COPY, as, va, from, to, 0);
 *	while (vmtrace_get(&number, &event))	events, the oldest first
 *		...
 *	vmtrace_resize(0);			off
 *
 * An event that nobody has read is overwritten when the ring is full; the reader is told how many were.
 * Locks: the ring's own, RANK_LEAF. Off, an event costs the test of vmtrace_on.
 */
#pragma once

#include "kernel/lib/assert.h"
#include "mm/aspace.h"
#include "mm/rmap.h"

/* tools/vmtrace.py reads these names. In brackets: what where, before, after and arg are. */
enum vmtrace_kind {
	VMTRACE_NONE,	  /* Not an event. */
	VMTRACE_START,	  /* The first, or those up to here are gone. [TSC kHz, 0, 0, how many] */
	VMTRACE_FAULT,	  /* And the fields for it. [address, entry, entry, TSC ticks] */
	VMTRACE_MMAP,	  /* An area came. [start, 0, VM_* flags, length] */
	VMTRACE_MUNMAP,	  /* [start, 0, 0, length] */
	VMTRACE_MPROTECT, /* [start, VM_* flags, VM_* flags, length] */
	VMTRACE_MREMAP,	  /* [start, length, new start, new length] */
	VMTRACE_FORK,	  /* [the child's tid, 1 if it is a thread of this process, 0, its space] */
	VMTRACE_EXEC,	  /* space is the new one. [the 16 bytes of the program's name] */
	VMTRACE_EXIT,	  /* [0, 0, 0, wait status] */
	VMTRACE_TABLE,	  /* A directory's entry. [address, PDE, PDE, 0] */
	VMTRACE_MAP,	  /* An entry got a page. [slot, entry, entry, 0], as all up to EVICT. */
	VMTRACE_UNMAP,	  /* It lost its page. */
	VMTRACE_RIGHTS,	  /* Its page stays, but not what may be done with it. */
	VMTRACE_MOVE,	  /* It went elsewhere, or came from there. */
	VMTRACE_EVICT,	  /* Its page went, to swap or to its file. */
	VMTRACE_COPY,	  /* A page was copied. [address, from, to: physical addresses, 0] */
	VMTRACE_SWAPIN,	  /* [swap entry, 0, physical address, 0] */
	VMTRACE_SWAPOUT,  /* [swap entry, physical address, 0, 0] */
	VMTRACE_KIND_COUNT
};

/* What came with a fault: event.with. */
#define VMTRACE_TABLE_NEW 0x01u	   /* The table had to be made, */
#define VMTRACE_TABLE_TAKEN 0x02u  /* was shared by fork and is ours alone again, */
#define VMTRACE_TABLE_COPIED 0x04u /* or had to be copied, because others still share it. */
#define VMTRACE_READ 0x08u	   /* Pages were read. */
#define VMTRACE_STACK 0x10u	   /* The stack grew. */
#define VMTRACE_WAITED 0x20u	   /* There was no memory; the fault has waited for some. */

/* As /proc/vmtrace.bin gives it, little endian. */
struct vmtrace_event {
	uint8_t kind; /* enum vmtrace_kind */
	uint8_t how;  /* FAULT: the enum vm_event that says what was done; 0: nothing, try again. */
	uint8_t with; /* FAULT: VMTRACE_*. */
	uint8_t error;	/* FAULT: the CPU's error code. */
	int32_t result; /* FAULT: as vm_fault(). */
	uint64_t ns;	/* Since boot. */
	int32_t tid;	/* Of who did it; 0: the kernel. */
	uint32_t space; /* aspace.id; 0: none. */
	uint32_t where, before, after, arg;
	uint32_t free; /* Free frames. */
} __attribute__((packed, aligned(4)));
_Static_assert(sizeof(struct vmtrace_event) == 44, "tools/vmtrace.py knows the size");

#define VMTRACE_EVENTS_MAX (4u << 20)

extern bool vmtrace_on; /* Somebody wants events. */
extern const char *const vmtrace_kind_names[VMTRACE_KIND_COUNT];

/* Let the ring have room for so many events, 0: none, and be empty. 0; -EINVAL: too many; -ENOMEM. */
int vmtrace_resize(uint32_t events);
uint32_t vmtrace_size(void);

/* Event *number of those since the ring was made. When it is gone, a VMTRACE_START that counts it and all others
 * that are, and *number is the last of these. False: there is none yet. */
bool vmtrace_get(uint64_t *number, struct vmtrace_event *out);

/* Have every fault told at its end, in its thread and without locks of mm; NULL: no more. Turns events on. */
void vmtrace_listen(void (*tell)(const struct vmtrace_event *e));

/* Add e, whose kind, space and what depends on the kind are filled in. */
void vmtrace_add(struct vmtrace_event *e);

/* The same, and the listener is told. */
void vmtrace_add_fault(struct vmtrace_event *e);

void vmtrace_add_plain(enum vmtrace_kind kind, const struct aspace *as, uint32_t where,
		       uint32_t before, uint32_t after, uint32_t arg);

static inline void vmtrace(enum vmtrace_kind kind, const struct aspace *as, uint32_t where,
			   uint32_t before, uint32_t after, uint32_t arg)
{
	if (unlikely(vmtrace_on))
		vmtrace_add_plain(kind, as, where, before, after, arg);
}

/* The entry, whose table is locked, is about to become now. */
static inline void vmtrace_entry(enum vmtrace_kind kind, const pte_t *pte, pte_t now)
{
	if (unlikely(vmtrace_on) && *pte != now)
		vmtrace_add_plain(kind, NULL, rmap_slot(pte), *pte, now, 0);
}
