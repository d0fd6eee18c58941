/* pic.h: the two 8259 interrupt controllers, remapped to vectors 32 to 47. */
#pragma once

#include "kernel/lib/types.h"

#define IRQ_VECTOR 32
#define IRQ_COUNT 16

void pic_init(void); /* All lines masked. */
void pic_unmask(uint32_t irq);
void pic_mask(uint32_t irq);

/* Acknowledge; false when the interrupt was spurious and must be ignored. */
bool pic_ack(uint32_t irq);
