/* memfd.h: files in memory that no name leads to (memfd_create(2)). */
#pragma once

#include "fs/vfs.h"

#define MEMFD_NAME_MAX 249u /* Bytes of a name without the NUL. */

/* A new empty file, open for reading and writing, shown as "/memfd:NAME (deleted)". 0, -ENOMEM, -ENOSPC. May
 * sleep. */
int memfd_create(const char *name, struct file **out);

/* Make the instance they live in. Once, at boot: panics when out of memory. */
void memfd_init(void);
