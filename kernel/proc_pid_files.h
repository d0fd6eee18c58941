/* proc_pid_files.h: the larger files of /proc/PID, for its table. */
#pragma once

#include "fs/procfs.h"
#include "mm/aspace.h"

int proc_show_maps(struct text *t, int32_t pid);
int proc_show_status(struct text *t, int32_t pid);
int proc_show_stat(struct text *t, int32_t pid);
int proc_show_statm(struct text *t, int32_t pid);

/* The address space of process pid with a reference, NULL when it has none. 0 or -ESRCH. */
int proc_pid_aspace(int32_t pid, struct aspace **out);

/* Pages of an address space by use. */
struct aspace_sizes {
	uint32_t total, data, stack, code, lib; /* Mapped. */
	uint32_t resident;
};
void aspace_sizes(struct aspace *as, struct aspace_sizes *out);
