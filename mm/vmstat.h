/* vmstat.h: counters of events, shown in /proc/vmstat. Cheap: one atomic add. */
#pragma once

#include "kernel/lib/atomic.h"

enum vm_event {
	VM_PSWPIN,	/* Pages read from swap, */
	VM_PSWPOUT,	/* and written there. */
	VM_PGALLOC_DMA, /* By zone, in the order of enum zone. */
	VM_PGALLOC_NORMAL,
	VM_PGFREE,
	VM_PGFAULT,	    /* All faults. */
	VM_PGMAJFAULT,	    /* Faults that read a file. */
	VM_FAULT_ZERO,	    /* The shared zero frame was mapped. */
	VM_FAULT_ANON,	    /* A fresh anonymous page. */
	VM_FAULT_FILE,	    /* A cached page was mapped. */
	VM_FAULT_PROMOTE,   /* A private copy of a cached page. */
	VM_FAULT_COW_COPY,  /* A shared anonymous page was copied. */
	VM_FAULT_COW_REUSE, /* The last owner just got it writable. */
	VM_FAULT_DIRTY,	    /* First write to a shared page. */
	VM_FAULT_SWAP,	    /* A page that was in swap, or on its way there. */
	VM_FAULT_UNPARK,    /* A page that was hidden, to notice this touch. */
	VM_FAULT_SPURIOUS,  /* Somebody else fixed it. */
	VM_FAULT_STACK,	    /* The stack grew. */
	VM_TABLE_SHARE,	    /* Page tables shared by fork. */
	VM_TABLE_OWN,	    /* Tables that became writable again: the last sharer. */
	VM_TABLE_COPY,	    /* Tables copied because others share them. */
	VM_FRAME_COPY,	    /* Page contents copied. */
	VM_PAGE_READ,	    /* Pages read into a cache. */
	VM_ZSWPIN,	    /* The compressed pool: pages that came out, */
	VM_ZSWPOUT,	    /* pages that went in, */
	VM_ZSWPWB,	    /* pages that went on to the disk, */
	VM_ZSAME_FILLED,    /* those that were one word over and over, */
	VM_ZREJECTED,	    /* and those that did not compress. */
	VM_OOM_KILL,
	VM_PAGEOUTRUN,	  /* Pageout began to free frames. */
	VM_SWAPINRUN,	  /* Swapin began to read pages. */
	VM_ALLOCSTALL,	  /* Somebody had to wait for a frame. */
	VM_PGSCAN,	  /* Victims that policies named to pageout, */
	VM_PGSTEAL,	  /* and those of them that could go. */
	VM_PGSCAN_DIRECT, /* The same for who evicts on his own account. */
	VM_PGSTEAL_DIRECT,
	VM_BALANCE_RUN,	 /* The balance-set manager looked at the working sets, */
	VM_BALANCE_TRIM, /* and took so many frames from them. */
	VM_SWAPPED_OUT,	 /* Idle processes that lost all their frames. */
	VM_KSTACK_OUT,	 /* Kernel stacks that left memory, */
	VM_KSTACK_IN,	 /* and came back. */
	VM_EVENT_COUNT,
};

extern uint32_t vm_events[VM_EVENT_COUNT];
extern const char *const vm_event_names[VM_EVENT_COUNT];

static inline void vm_count_add(enum vm_event e, uint32_t n)
{
	atomic_add(&vm_events[e], n);
}

static inline void vm_count(enum vm_event e)
{
	vm_count_add(e, 1);
}
