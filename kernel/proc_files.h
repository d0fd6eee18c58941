/* proc_files.h: what the files of /proc say. */
#pragma once

/* Register all of them. After vfs_init, before the first process. */
void proc_files_init(void);

/* Its parts: files of the system, of memory, of its events, of disks, settings below /proc/sys, folders of
 * processes. */
void proc_system_files_init(void);
void proc_memory_files_init(void);
void proc_trace_files_init(void);
void proc_disk_files_init(void);
void proc_sys_files_init(void);
void proc_pid_files_init(void);
