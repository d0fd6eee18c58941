/*
 * gdt.c: segments, which paging makes almost superfluous, and task state.
 *
 * All segments but TLS are flat. Selectors programs can see have Linux's numbers. There are two
 * TSS: the CPU's own, of which only the kernel stack for entries from user mode matters, and that
 * of the double fault. A kernel stack that overflows hits its guard page; the page fault cannot be
 * pushed on that stack, and so becomes a double fault. A task gate gives that one a stack of its
 * own, and the CPU leaves the registers of the moment in the first TSS, so the panic can show them.
 *
 * One instance of each, for this CPU; a second CPU has its own set.
 */

#include "arch/x86/context.h"
#include "arch/x86/cpu.h"
#include "arch/x86/tss.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"

/* Segment descriptors (Intel SDM vol. 3, 3.4.5): base 0, limit 4 GiB, 32 bit, present, accessed. */
#define DESC_FLAT 0x00CF81000000FFFFull
#define DESC_CODE 0x00001A0000000000ull /* Code, readable. */
#define DESC_DATA 0x0000120000000000ull /* Data, writable. */
#define DESC_USER 0x0000600000000000ull /* DPL 3. */
#define DESC_TSS 0x0000890000000000ull	/* 32-bit TSS, available, present; byte granular (7.2.2). */

#define DESC_LIMIT 0x0000F10000000000ull /* Data, read-only, DPL 3: for its limit only. */

#define GDT_ENTRIES (SEL_CPU_NUMBER / 8 + 1)
#define DF_STACK_SIZE 4096
#define SYSENTER_STACK_SIZE 1024

static uint64_t gdt[GDT_ENTRIES] __attribute__((aligned(8))) = {
	[SEL_KERNEL_CODE / 8] = DESC_FLAT | DESC_CODE,
	[SEL_KERNEL_DATA / 8] = DESC_FLAT | DESC_DATA,
	[SEL_USER_CODE / 8] = DESC_FLAT | DESC_CODE | DESC_USER,
	[SEL_USER_DATA / 8] = DESC_FLAT | DESC_DATA | DESC_USER,
};

/*
 * sysenter loads esp with the address of the TSS and finds the thread's stack in it. A debug trap or an
 * NMI in between has the room before it.
 */
static struct {
	uint8_t sysenter_stack[SYSENTER_STACK_SIZE];
	struct tss tss;
} entry_area __attribute__((aligned(16)));

static struct tss *const tss = &entry_area.tss;

static struct tss df_tss;
static uint8_t df_stack[DF_STACK_SIZE] __attribute__((aligned(16)));

static uint64_t tss_descriptor(const struct tss *t)
{
	uint32_t base = (uint32_t)t;

	return DESC_TSS | (sizeof(*t) - 1) | (uint64_t)(base & 0xFFFFFF) << 16 |
	       (uint64_t)(base >> 24) << 56;
}

void gdt_init(void)
{
	struct {
		uint16_t limit;
		uint32_t base;
	} __attribute__((packed)) gdtr = {sizeof(gdt) - 1, (uint32_t)gdt};

	tss->ss0 = SEL_KERNEL_DATA;
	tss->iomap_base = sizeof(*tss); /* Behind the limit: users own no port. */

	df_tss.cr3 = cr3_read();
	df_tss.eip = (uint32_t)double_fault_entry;
	df_tss.esp = (uint32_t)(df_stack + sizeof(df_stack));
	df_tss.cs = SEL_KERNEL_CODE;
	df_tss.ss = df_tss.ds = df_tss.es = SEL_KERNEL_DATA;
	df_tss.iomap_base = sizeof(df_tss);

	gdt[SEL_TSS / 8] = tss_descriptor(tss);
	gdt[SEL_DF_TSS / 8] = tss_descriptor(&df_tss);
	gdt[SEL_CPU_NUMBER / 8] = DESC_LIMIT | this_cpu()->id;

	__asm__ volatile("lgdt %0\n\t"
			 "ljmp %1, $1f\n"
			 "1:\n\t"
			 "movl %2, %%ds\n\t"
			 "movl %2, %%es\n\t"
			 "movl %2, %%ss\n\t"
			 "movl %3, %%fs\n\t"
			 "movl %3, %%gs\n\t"
			 "ltr %w4" ::"m"(gdtr),
			 "i"(SEL_KERNEL_CODE), "r"(SEL_KERNEL_DATA), "r"(0), "r"(SEL_TSS)
			 : "memory");
}

/* Model-specific registers (Intel SDM vol. 2, SYSENTER). */
#define MSR_SYSENTER_CS 0x174
#define MSR_SYSENTER_ESP 0x175
#define MSR_SYSENTER_EIP 0x176

_Static_assert(SEL_KERNEL_DATA == SEL_KERNEL_CODE + 8, "sysenter finds it there");
_Static_assert(SEL_USER_CODE == SEL_KERNEL_CODE + 16 + 3, "sysexit finds it there");
_Static_assert(SEL_USER_DATA == SEL_KERNEL_CODE + 24 + 3, "sysexit finds it there");

extern const uint8_t sysenter_entry[];

static void wrmsr(uint32_t msr, uint32_t value)
{
	__asm__ volatile("wrmsr" ::"c"(msr), "a"(value), "d"(0));
}

bool sysenter_init(void)
{
	if (!cpu_features.sep)
		return false;
	wrmsr(MSR_SYSENTER_CS, SEL_KERNEL_CODE);
	wrmsr(MSR_SYSENTER_ESP, (uint32_t)tss);
	wrmsr(MSR_SYSENTER_EIP, (uint32_t)sysenter_entry);
	return true;
}

void tss_set_stack(uint32_t esp0)
{
	tss->esp0 = esp0;
}

void tss_set_fault_pgdir(uint32_t pgdir)
{
	df_tss.cr3 = pgdir;
}

const struct tss *tss_interrupted(void)
{
	return tss;
}

/* On the hot path of a context switch, so three plain copies. */
void tls_load(const struct context *ctx)
{
	for (uint32_t i = 0; i < SEL_TLS_COUNT; i++)
		gdt[SEL_TLS_FIRST + i] = ctx->tls[i];
}
