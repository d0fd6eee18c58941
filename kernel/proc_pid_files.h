/* proc_pid_files.h: the larger files of /proc/PID, for its table. who->proc is referenced throughout. */
#pragma once

#include "fs/procfs.h"
#include "mm/aspace.h"

/* proc_pid_status.c */
int proc_show_status(struct text *t, const struct procfs_who *who);
int proc_show_stat(struct text *t, const struct procfs_who *who);
int proc_show_statm(struct text *t, const struct procfs_who *who);
int proc_show_wchan(struct text *t, const struct procfs_who *who);

/* proc_pid_maps.c */
/* " in NAME (RIGHTS)" of the area of as that holds va; nothing when there is none. May sleep. */
void proc_append_area(struct text *t, struct aspace *as, uint32_t va);

int proc_step_maps(struct text *t, const struct procfs_who *who, uint32_t *cursor);
int proc_step_smaps(struct text *t, const struct procfs_who *who, uint32_t *cursor);
int proc_show_smaps_rollup(struct text *t, const struct procfs_who *who);

/* proc_pid_memory.c */
ssize_t proc_read_pagemap(const struct procfs_who *who, struct uio *u, loff_t *pos);
ssize_t proc_read_mem(const struct procfs_who *who, struct uio *u, loff_t *pos);
ssize_t proc_write_mem(const struct procfs_who *who, struct uio *u, loff_t *pos);
int proc_store_clear_refs(const struct procfs_who *who, const char *text);

/* proc_working_set.c */
int proc_show_working_set(struct text *t, const struct procfs_who *who);
int proc_store_working_set(const struct procfs_who *who, const char *text);

/* The open of files about a process's memory: its own user's and root's. Notes which memory that is. */
int proc_open_memory(struct procfs_who *who);

/* The address space with a reference: the one noted at open if one was. NULL when the process has it
 * no more. */
struct aspace *proc_who_aspace(const struct procfs_who *who);

/* Another's memory begins [start, ...): append what can be had of it up to end. */
void proc_append_memory(struct text *t, struct aspace *as, uint32_t start, uint32_t end);
