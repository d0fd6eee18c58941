/*
 * idt.c: which code each vector enters.
 *
 * Everything enters with interrupts off but the system call, which has no reason to. A vector
 * without a gate, and one a program must not call, is a general protection fault of whoever tries.
 */

#include "arch/x86/idt.h"

#include "arch/x86/layout.h"
#include "arch/x86/pic.h"
#include "kernel/lib/types.h"

/* Gate descriptors (Intel SDM vol. 3, 6.11): bits 32 to 47 of the descriptor. */
#define GATE_TASK 0x8500u      /* Present, DPL 0. */
#define GATE_INTERRUPT 0x8E00u /* Clears IF. */
#define GATE_USER 0x6000u      /* DPL 3. */

#define VECTORS (IRQ_VECTOR + IRQ_COUNT) /* That entry.S has stubs for. */

extern const uint32_t trap_vectors[VECTORS];
void syscall_entry(void);

static uint64_t idt[VECTOR_SYSCALL + 1] __attribute__((aligned(8)));

static uint64_t gate(uint32_t selector, uint32_t offset, uint32_t type)
{
	return (uint64_t)(offset & 0xFFFF0000u) << 32 | (uint64_t)type << 32 | selector << 16 |
	       (offset & 0xFFFF);
}

void idt_init(void)
{
	struct {
		uint16_t limit;
		uint32_t base;
	} __attribute__((packed)) idtr = {sizeof(idt) - 1, (uint32_t)idt};

	for (uint32_t v = 0; v < VECTORS; v++)
		idt[v] = gate(SEL_KERNEL_CODE, trap_vectors[v], GATE_INTERRUPT);
	idt[VECTOR_BP] = gate(SEL_KERNEL_CODE, trap_vectors[VECTOR_BP], GATE_INTERRUPT | GATE_USER);
	idt[VECTOR_OF] = gate(SEL_KERNEL_CODE, trap_vectors[VECTOR_OF], GATE_INTERRUPT | GATE_USER);
	idt[VECTOR_DF] = gate(SEL_DF_TSS, 0, GATE_TASK);
	idt[VECTOR_SYSCALL] =
		gate(SEL_KERNEL_CODE, (uint32_t)syscall_entry, GATE_INTERRUPT | GATE_USER);
	__asm__ volatile("lidt %0" ::"m"(idtr));
}
