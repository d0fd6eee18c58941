/* rlimit.h: a process's limits (getrlimit(2)); the numbers are in kernel/abi/resource.h. */
#pragma once

#include "kernel/proc.h"

/* What the first process starts with. */
void rlimit_init(struct proc *p);

void rlimit_fork(struct proc *child, const struct proc *parent);

/* The address space's own copies (stack, brk, total) of p's limits, for as. */
void rlimit_apply(const struct proc *p, struct aspace *as);
