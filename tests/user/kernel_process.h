/* kernel_process.h: the kernel's own processes, as ps sees them. */
#pragma once

#include "procfs.h"

#include <dirent.h>

/* The number of the one process of that name that has no memory, whose parent is the kernel. */
static inline int kernel_process(const char *name)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int found = 0;

	while ((entry = readdir(proc)) != NULL) {
		char path[64], comm[32];
		unsigned long size;
		int ppid;

		snprintf(path, sizeof(path), "/proc/%d/stat", atoi(entry->d_name));
		if (atoi(entry->d_name) > 0 &&
		    sscanf(proc_text(path),
			   "%*d (%31[^)]) %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*u "
			   "%*u %*d %*d %*u %*u %*u %lu",
			   comm, &ppid, &size) == 3 &&
		    strcmp(comm, name) == 0) {
			CHECK(found == 0 && ppid == 0 && size == 0);
			found = atoi(entry->d_name);
		}
	}
	closedir(proc);
	CHECK(found > 1);
	return found;
}

/* Does it sleep in that function of the kernel? */
static inline bool sleeps_in(int pid, const char *function)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/wchan", pid);
	return strcmp(proc_text(path), function) == 0;
}
