/* irq.c: interrupt lines and their handlers. Lines may be shared; each handler says if it was its
 * own. */

#include "kernel/sync/irq.h"

#include "arch/x86/pic.h"
#include "kernel/abi/errno.h"
#include "kernel/sync/lock.h"

#define SHARERS_MAX 4

struct line {
	uint32_t sharers;
	uint64_t count;
	struct {
		irq_handler fn;
		void *arg;
		const char *name;
	} handler[SHARERS_MAX];
};

static struct spinlock irq_lock = SPINLOCK_INIT("irq lines", RANK_LEAF); /* Guards registration. */
static struct line lines[IRQ_COUNT];

int irq_register(uint32_t irq, const char *name, irq_handler fn, void *arg)
{
	struct line *line;
	uint32_t flags;
	int err = -EBUSY;

	if (irq >= IRQ_COUNT)
		return -EINVAL;
	line = &lines[irq];
	flags = spin_lock_irq(&irq_lock);
	if (line->sharers < SHARERS_MAX) {
		line->handler[line->sharers].fn = fn;
		line->handler[line->sharers].arg = arg;
		line->handler[line->sharers].name = name;
		line->sharers++; /* Last: a handler that runs now sees a whole entry. */
		err = 0;
	}
	spin_unlock_irq(&irq_lock, flags);
	if (!err)
		pic_unmask(irq);
	return err;
}

void irq_dispatch(uint32_t irq)
{
	struct line *line = &lines[irq];

	this_cpu()->irq_depth++;
	line->count++;
	for (uint32_t i = 0; i < line->sharers; i++)
		line->handler[i].fn(line->handler[i].arg);
	this_cpu()->irq_depth--;
}

bool in_irq(void)
{
	return this_cpu()->irq_depth > 0;
}

uint64_t irq_count(uint32_t irq)
{
	return lines[irq].count;
}

const char *irq_name(uint32_t irq)
{
	return lines[irq].sharers > 0 ? lines[irq].handler[0].name : NULL;
}
