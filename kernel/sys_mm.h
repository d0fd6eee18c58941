/* sys_mm.h: the memory calls; see sys_proc.h for how to read this. */
#pragma once

#include "kernel/lib/types.h"

int32_t sys_mmap(uint32_t args);
int32_t sys_mmap2(uint32_t addr, uint32_t len, uint32_t prot, uint32_t flags, uint32_t fd,
		  uint32_t pgoff);
int32_t sys_munmap(uint32_t addr, uint32_t len);
int32_t sys_mprotect(uint32_t addr, uint32_t len, uint32_t prot);
int32_t sys_brk(uint32_t brk);
int32_t sys_mremap(uint32_t addr, uint32_t old_len, uint32_t new_len, uint32_t flags, uint32_t dst);
int32_t sys_madvise(uint32_t addr, uint32_t len, uint32_t advice);
int32_t sys_mlock(uint32_t addr, uint32_t len);
int32_t sys_mlock2(uint32_t addr, uint32_t len, uint32_t flags);
int32_t sys_munlock(uint32_t addr, uint32_t len);
int32_t sys_mlockall(uint32_t flags);
int32_t sys_munlockall(void);
int32_t sys_mincore(uint32_t addr, uint32_t len, uint32_t vec);
int32_t sys_msync(uint32_t addr, uint32_t len, uint32_t flags);

/* sys_swap.c */
int32_t sys_swapon(uint32_t path, uint32_t flags);
int32_t sys_swapoff(uint32_t path);
