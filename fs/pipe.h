/*
 * pipe.h: pipes and FIFOs: a ring of bytes between writers and readers.
 */
#pragma once

#include "fs/file.h"
#include "fs/pipe_ring.h"

#define PIPE_CAPACITY RING_CAPACITY
#define PIPE_BUF 4096u /* Writes of at most so many bytes are never mixed with others'. */

/* A new pipe: two open files with one reference each. flags: O_NONBLOCK. 0 or -ENOMEM. May
 * sleep. */
int pipe_create(uint32_t flags, struct file **read_end, struct file **write_end);

/* f becomes an end of its inode's pipe, which is made if it is the first. 0 or -ENOMEM. */
int pipe_attach(struct file *f);

/* True when f is a pipe or FIFO. */
bool file_is_pipe(const struct file *f);

/* The file_ops of S_IFIFO inodes. */
extern const struct file_ops pipe_file_ops;

/* Make the instance that pipes live in. Once, at boot: panics when out of memory. */
void pipe_init(void);
