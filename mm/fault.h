/* fault.h: the one path by which a user page becomes present. */
#pragma once

#include "kernel/lib/types.h"

enum vm_access {
	ACCESS_READ,
	ACCESS_WRITE,
	ACCESS_EXEC,
};

/* Pages that a fault reads from a file, 1 to BACKING_CLUSTER_MAX: /proc/sys/vm/fault_cluster. */
extern uint32_t vm_fault_cluster;

/*
 * Make the page at va of the current thread's aspace present for the access that the CPU's error code (PF_* of
 * pte.h) tells. sp is the user's stack pointer, for stack growth (features E51). May sleep.
 *
 *	0		try the instruction again
 *	-EFAULT		nothing is mapped there			SIGSEGV, SEGV_MAPERR
 *	-EACCES		mapped, but not for this access		SIGSEGV, SEGV_ACCERR
 *	-ENXIO, -EIO	past the end of the file, or unreadable	SIGBUS, BUS_ADRERR
 *	-ENOSPC, ...	no room for what is to be written	the same
 *	-EINTR		the process is being killed: go and die
 */
int vm_fault(uint32_t va, uint32_t error, uint32_t sp);
