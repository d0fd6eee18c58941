/*
 * vdso.h: the shared object that every program finds in its memory: calls without the kernel (time),
 * the fast way into it, and the way back from signal handlers. Its code is in arch/x86/vdso.
 *
 * One copy serves all: its pages are a backing of their own, which never leaves memory.
 */
#pragma once

#include "arch/x86/vdso/data.h"
#include "arch/x86/vdso/vdso.h"
#include "mm/aspace.h"

/* What programs read, and the kernel's own home of the wall clock. Before vdso_init() nobody sees it. */
extern struct vdso_data *vdso_data;

/* Once, after clock_init() and in a thread: make the pages. The option vdso=0 leaves programs without, and
 * then they call by int $0x80. */
void vdso_init(void);

/* Map it into the new space and set vdso and vsyscall of as->image. 0 or -ENOMEM. */
int vdso_map(struct aspace *as);

/* "[vvar]", "[vdso]", or NULL for an area that is neither. */
const char *vdso_area_name(const struct vma *v);
