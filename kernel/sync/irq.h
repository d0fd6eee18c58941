/* irq.h: who handles which interrupt line. arch calls irq_dispatch(), one of its doors upwards. */
#pragma once

#include "kernel/lib/types.h"

/* A handler runs with interrupts off, must not sleep, and says whether the interrupt was its own:
 * lines may be shared. */
typedef bool (*irq_handler)(void *arg);

/* Add a handler and unmask the line. 0; -EBUSY when the line has no room; -EINVAL for
 * no such line. */
int irq_register(uint32_t irq, const char *name, irq_handler fn, void *arg);

void irq_dispatch(uint32_t irq);

/* True while an interrupt handler runs on this CPU. */
bool in_irq(void);

uint64_t irq_count(uint32_t irq);
const char *irq_name(uint32_t irq); /* NULL: nobody. */
