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

int32_t sys_process_vm_readv(uint32_t pid, uint32_t local, uint32_t local_count, uint32_t remote,
			     uint32_t remote_count, uint32_t flags);
int32_t sys_process_vm_writev(uint32_t pid, uint32_t local, uint32_t local_count, uint32_t remote,
			      uint32_t remote_count, uint32_t flags);
