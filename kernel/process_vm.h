/* process_vm.h: moving bytes between the current process and another one's memory. */
#pragma once

#include "mm/aspace.h"
#include "mm/uio.h"

/*
 * Move up to n bytes, a page at most, between as at va and u by way of buf, a page of the kernel. write: to
 * as. Bytes moved, short at memory of one side that cannot be had; -EIO: as's, -EFAULT: u's, and
 * nothing was moved. May sleep.
 */
ssize_t process_vm_move(struct aspace *as, uint32_t va, size_t n, struct uio *u, char *buf,
			bool write);
