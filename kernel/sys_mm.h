/* sys_mm.h: the memory calls; see sys_proc.h for how to read this. */
#pragma once

#include "kernel/lib/types.h"

int32_t sys_mmap(uint32_t args);
int32_t sys_mmap2(uint32_t addr, uint32_t len, uint32_t prot, uint32_t flags, uint32_t fd,
		  uint32_t pgoff);
int32_t sys_munmap(uint32_t addr, uint32_t len);
int32_t sys_mprotect(uint32_t addr, uint32_t len, uint32_t prot);
int32_t sys_brk(uint32_t brk);
int32_t sys_madvise(uint32_t addr, uint32_t len, uint32_t advice);
int32_t sys_msync(uint32_t addr, uint32_t len, uint32_t flags);
