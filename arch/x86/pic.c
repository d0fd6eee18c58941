/*
 * pic.c: the two cascaded 8259A (Intel 8259A data sheet, 231468).
 *
 * Lines 0 to 7 are the master's, 8 to 15 the slave's, which hangs on the master's line 2.
 */

#include "arch/x86/pic.h"

#include "arch/x86/cpu.h"
#include "arch/x86/io.h"

#define MASTER 0x20
#define SLAVE 0xA0
#define DATA 1 /* Offset of the mask register. */

#define ICW1_INIT_ICW4 0x11 /* Initialise, cascaded, edge triggered, ICW4 follows. */
#define ICW4_8086 0x01
#define OCW2_EOI 0x20
#define OCW3_READ_ISR 0x0B
#define CASCADE_LINE 2
#define LINES 8

static uint16_t masked = (uint16_t) ~(1u << CASCADE_LINE); /* Interrupts off, bit n for line n. */

static void write_masks(void)
{
	outb(MASTER + DATA, (uint8_t)masked);
	outb(SLAVE + DATA, (uint8_t)(masked >> LINES));
}

void pic_init(void)
{
	outb(MASTER, ICW1_INIT_ICW4);
	outb(SLAVE, ICW1_INIT_ICW4);
	outb(MASTER + DATA, IRQ_VECTOR);
	outb(SLAVE + DATA, IRQ_VECTOR + LINES);
	outb(MASTER + DATA, 1u << CASCADE_LINE);
	outb(SLAVE + DATA, CASCADE_LINE);
	outb(MASTER + DATA, ICW4_8086);
	outb(SLAVE + DATA, ICW4_8086);
	write_masks();
}

void pic_unmask(uint32_t irq)
{
	uint32_t flags = irq_save();

	masked &= (uint16_t) ~(1u << irq);
	write_masks();
	irq_restore(flags);
}

void pic_mask(uint32_t irq)
{
	uint32_t flags = irq_save();

	masked |= (uint16_t)(1u << irq);
	write_masks();
	irq_restore(flags);
}

/*
 * A line that falls again before the CPU asks is delivered as the chip's line 7 without its bit in
 * the in-service register. Such an interrupt takes no end-of-interrupt, except on the master when
 * it came through the cascade.
 */
bool pic_ack(uint32_t irq)
{
	uint16_t chip = irq < LINES ? MASTER : SLAVE;

	if (irq % LINES == LINES - 1) {
		outb(chip, OCW3_READ_ISR);
		if (!(inb(chip) & 1u << (LINES - 1))) {
			if (chip == SLAVE)
				outb(MASTER, OCW2_EOI);
			return false;
		}
	}
	if (chip == SLAVE)
		outb(SLAVE, OCW2_EOI);
	outb(MASTER, OCW2_EOI);
	return true;
}
