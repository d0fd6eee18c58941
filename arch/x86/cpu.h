/*
 * cpu.h: this CPU: its features, its flags, its control registers, and the per-CPU data.
 *
 * Everything per CPU is reached through this_cpu(). There is one CPU today; a second one changes
 * this_cpu() and nothing that uses it.
 */
#pragma once

#include "arch/x86/eflags.h"
#include "arch/x86/layout.h"
#include "kernel/lib/types.h"

/* What CPUID reported and the kernel uses. Set once by cpu_init(). */
struct cpu_features {
	bool pse, pge, fxsr, sse, sep, smep, smap, rdrand;
	uint32_t cpuid1_edx; /* AT_HWCAP. */
	uint32_t family, model, stepping;
	uint32_t cpuid_level; /* The highest leaf. */
	uint32_t cache_line;  /* Bytes that CLFLUSH flushes; 0: there is no such instruction. */
	char vendor[13];
	char brand[49];
};

extern struct cpu_features cpu_features;

struct thread;

struct cpu {
	struct thread *current; /* Running here. */
	struct thread *idle;	/* Runs when nothing else can. */
	uint32_t pgdir;		/* Physical address of the page directory in CR3. */
	uint32_t irq_depth;	/* Interrupt handlers running on this CPU. */
	bool irq_from_user;	/* The interrupt being handled came from user mode. */
	bool need_resched; /* Set by the tick and by wake-ups; read on the way out of a trap. */
	uint32_t id;
};

extern struct cpu cpu_boot;

static inline struct cpu *this_cpu(void)
{
	return &cpu_boot;
}

/* The stack the kernel boots on, with a guard page below: becomes the idle thread's. */
extern uint8_t boot_stack[KSTACK_SIZE], boot_stack_top[];

/* Fill in cpu_features, set up the control registers, the FPU and SMAP. First of all, while the
 * boot map still lets kernel text be written; boot.S has refused CPUs older than the i686. */
void cpu_init(void);

/* Build GDT, TSS and the double-fault TSS for this CPU and load them. */
void gdt_init(void);

/* Let programs enter the kernel by sysenter; false when this CPU has none. Until then it faults. */
bool sysenter_init(void);

/* The stack the CPU switches to on entry from user mode: top of the current thread's. */
void tss_set_stack(uint32_t esp0);

/* ---- instructions ---- */

static inline void irq_enable(void)
{
	__asm__ volatile("sti" ::: "memory");
}

static inline void irq_disable(void)
{
	__asm__ volatile("cli" ::: "memory");
}

static inline uint32_t eflags_read(void)
{
	uint32_t flags;

	__asm__ volatile("pushf; pop %0" : "=r"(flags)::"memory");
	return flags;
}

static inline bool irqs_enabled(void)
{
	return eflags_read() & EFLAGS_IF;
}

/* Disable interrupts; returns the flags irq_restore() takes. */
static inline uint32_t irq_save(void)
{
	uint32_t flags = eflags_read();

	irq_disable();
	return flags;
}

static inline void irq_restore(uint32_t flags)
{
	if (flags & EFLAGS_IF)
		irq_enable();
}

/* Enable interrupts and sleep until one comes, with no gap between the two. */
static inline void cpu_idle(void)
{
	__asm__ volatile("sti; hlt" ::: "memory");
}

static inline void cpu_relax(void)
{
	__asm__ volatile("pause" ::: "memory");
}

static inline uint64_t rdtsc(void)
{
	uint64_t t;

	__asm__ volatile("rdtsc" : "=A"(t));
	return t;
}

static inline uint32_t cr2_read(void)
{
	uint32_t v;

	__asm__ volatile("mov %%cr2, %0" : "=r"(v));
	return v;
}

static inline uint32_t cr3_read(void)
{
	uint32_t v;

	__asm__ volatile("mov %%cr3, %0" : "=r"(v));
	return v;
}

/* Stop for good with interrupts off. */
void cpu_halt(void) __noreturn;
