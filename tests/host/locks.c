/* locks.c: spinlocks for pure code on the host, where there is one thread. */

#include "kernel/sync/lock.h"

struct cpu cpu_boot;

void spin_lock(struct spinlock *l)
{
	l->locked++;
}

void spin_unlock(struct spinlock *l)
{
	l->locked--;
}

uint32_t spin_lock_irq(struct spinlock *l)
{
	l->locked++;
	return 0;
}

void spin_unlock_irq(struct spinlock *l, uint32_t flags)
{
	(void)flags;
	l->locked--;
}
