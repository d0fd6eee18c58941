/* oom.c: the way to the functions that the process layer registered. */

#include "mm/oom.h"

#include "kernel/lib/assert.h"
#include "kernel/sync/lock.h"
#include "mm/kmalloc.h"

static bool (*killer)(void);

void oom_set_killer(bool (*kill)(void))
{
	killer = kill;
}

bool oom_wait(void)
{
	might_sleep();
	kmalloc_shrink();
	if (!killer)
		panic("out of memory before there are processes");
	return killer();
}
