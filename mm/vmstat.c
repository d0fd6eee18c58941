/* vmstat.c: the event counters and their names in /proc/vmstat. */

#include "mm/vmstat.h"

uint32_t vm_events[VM_EVENT_COUNT];

const char *const vm_event_names[VM_EVENT_COUNT] = {
	[VM_PSWPIN] = "pswpin",
	[VM_PSWPOUT] = "pswpout",
	[VM_PGALLOC_DMA] = "pgalloc_dma",
	[VM_PGALLOC_NORMAL] = "pgalloc_normal",
	[VM_PGFREE] = "pgfree",
	[VM_PGFAULT] = "pgfault",
	[VM_PGMAJFAULT] = "pgmajfault",
	[VM_FAULT_ZERO] = "fault_zero",
	[VM_FAULT_ANON] = "fault_anon",
	[VM_FAULT_FILE] = "fault_file",
	[VM_FAULT_PROMOTE] = "fault_promote",
	[VM_FAULT_COW_COPY] = "fault_cow_copy",
	[VM_FAULT_COW_REUSE] = "fault_cow_reuse",
	[VM_FAULT_DIRTY] = "fault_dirty",
	[VM_FAULT_SPURIOUS] = "fault_spurious",
	[VM_FAULT_STACK] = "fault_stack",
	[VM_TABLE_SHARE] = "table_share",
	[VM_TABLE_OWN] = "table_own",
	[VM_TABLE_COPY] = "table_copy",
	[VM_FRAME_COPY] = "frame_copy",
	[VM_PAGE_READ] = "page_read",
	[VM_ZSWPIN] = "zswpin",
	[VM_ZSWPOUT] = "zswpout",
	[VM_ZSWPWB] = "zswpwb",
	[VM_ZSAME_FILLED] = "zpool_same_filled",
	[VM_ZREJECTED] = "zpool_rejected",
	[VM_OOM_KILL] = "oom_kill",
	[VM_PAGEOUTRUN] = "pageoutrun",
	[VM_ALLOCSTALL] = "allocstall_normal",
	[VM_PGSCAN] = "pgscan_kswapd",
	[VM_PGSTEAL] = "pgsteal_kswapd",
	[VM_PGSCAN_DIRECT] = "pgscan_direct",
	[VM_PGSTEAL_DIRECT] = "pgsteal_direct",
	[VM_BALANCE_RUN] = "balance_run",
	[VM_BALANCE_TRIM] = "balance_trim",
	[VM_SWAPPED_OUT] = "processes_swapped_out",
};
