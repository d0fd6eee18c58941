/*
 * cpu.c: what this CPU can do, and its control registers.
 *
 * The kernel needs what boot.S checks and uses the rest where it is there: PSE and PGE for its own
 * map, FXSR and SSE for programs, SMEP and SMAP against its own mistakes.
 */

#include "arch/x86/cpu.h"

#include "arch/x86/asm.h"
#include "arch/x86/context.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/printf.h"
#include "kernel/lib/string.h"

/* CPUID leaf 1 and 7 (Intel SDM vol. 2, CPUID). */
#define CPUID1_EDX_PSE (1u << 3)
#define CPUID1_EDX_SEP (1u << 11)
#define CPUID1_EDX_PGE (1u << 13)
#define CPUID1_EDX_CLFSH (1u << 19)
#define CPUID1_EDX_FXSR (1u << 24)
#define CPUID1_EDX_SSE (1u << 25)
#define CPUID1_ECX_RDRAND (1u << 30)
#define CPUID7_EBX_SMEP (1u << 7)
#define CPUID7_EBX_SMAP (1u << 20)
#define CPUID_EXTENDED 0x80000000u
#define CPUID_BRAND 0x80000002u /* Three leaves of 16 characters. */

/* Control registers (SDM vol. 3, 2.5). */
#define CR0_MP (1u << 1) /* WAIT obeys TS, which is never set. */
#define CR0_EM (1u << 2) /* No FPU: clear. */
#define CR0_TS (1u << 3)
#define CR0_NE (1u << 5)  /* x87 errors are exception 16, not an interrupt. */
#define CR0_WP (1u << 16) /* Read-only pages bind the kernel too: copy-on-write relies on it. */
#define CR0_AM (1u << 18) /* Programs may ask for alignment checks. */
#define CR0_NW (1u << 29)
#define CR0_CD (1u << 30)
#define CR4_PSE (1u << 4)
#define CR4_PGE (1u << 7)
#define CR4_OSFXSR (1u << 9)
#define CR4_OSXMMEXCPT (1u << 10)
#define CR4_SMEP (1u << 20)
#define CR4_SMAP (1u << 21)

struct cpu_features cpu_features;
struct cpu cpu_boot;

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

static struct cpuid cpuid(uint32_t leaf)
{
	struct cpuid r;

	__asm__ volatile("cpuid"
			 : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
			 : "a"(leaf), "c"(0));
	return r;
}

/* Family and model have extension fields that count for some families only (SDM vol. 2, CPUID). */
static void detect_model(uint32_t signature)
{
	struct cpu_features *f = &cpu_features;

	f->stepping = signature & 0xF;
	f->model = signature >> 4 & 0xF;
	f->family = signature >> 8 & 0xF;
	if (f->family == 6 || f->family == 15)
		f->model |= (signature >> 16 & 0xF) << 4;
	if (f->family == 15)
		f->family += signature >> 20 & 0xFF;
}

static void detect_brand(void)
{
	struct cpuid part;
	char *brand = cpu_features.brand;

	if (cpuid(CPUID_EXTENDED).eax < CPUID_BRAND + 2) {
		snprintf(brand, sizeof(cpu_features.brand), "%02x/%02x", cpu_features.family,
			 cpu_features.model);
		return;
	}
	for (uint32_t i = 0; i < 3; i++) {
		part = cpuid(CPUID_BRAND + i);
		memcpy(brand + i * sizeof(part), &part, sizeof(part));
	}
}

static void detect(void)
{
	struct cpu_features *f = &cpu_features;
	struct cpuid id = cpuid(0);

	f->cpuid_level = id.eax;
	memcpy(f->vendor, &id.ebx, 4);
	memcpy(f->vendor + 4, &id.edx, 4);
	memcpy(f->vendor + 8, &id.ecx, 4);

	id = cpuid(1);
	detect_model(id.eax);
	f->cpuid1_edx = id.edx;
	f->cache_line = id.edx & CPUID1_EDX_CLFSH ? (id.ebx >> 8 & 0xFF) * 8 : 0;
	f->pse = id.edx & CPUID1_EDX_PSE;
	f->pge = id.edx & CPUID1_EDX_PGE;
	f->fxsr = id.edx & CPUID1_EDX_FXSR;
	f->sse = f->fxsr && id.edx & CPUID1_EDX_SSE;
	f->rdrand = id.ecx & CPUID1_ECX_RDRAND;
	/* The Pentium Pro reports SYSENTER without having it (SDM vol. 2, SYSENTER). */
	f->sep = id.edx & CPUID1_EDX_SEP && !(f->family == 6 && f->model < 3 && f->stepping < 3);
	if (f->cpuid_level >= 7) {
		id = cpuid(7);
		f->smep = id.ebx & CPUID7_EBX_SMEP;
		f->smap = id.ebx & CPUID7_EBX_SMAP;
	}
	detect_brand();
}

/* CR4 exists only where one of its features does. */
static void set_control_registers(void)
{
	const struct cpu_features *f = &cpu_features;
	uint32_t cr0, cr4 = 0;

	__asm__ volatile("mov %%cr0, %0" : "=r"(cr0));
	cr0 &= ~(CR0_EM | CR0_TS | CR0_NW | CR0_CD);
	cr0 |= CR0_MP | CR0_NE | CR0_WP | CR0_AM;
	__asm__ volatile("mov %0, %%cr0" ::"r"(cr0) : "memory");

	cr4 |= f->pse ? CR4_PSE : 0;
	cr4 |= f->pge ? CR4_PGE : 0;
	cr4 |= f->fxsr ? CR4_OSFXSR : 0;
	cr4 |= f->sse ? CR4_OSXMMEXCPT : 0;
	cr4 |= f->smep ? CR4_SMEP : 0;
	cr4 |= f->smap ? CR4_SMAP : 0;
	if (cr4 != 0)
		__asm__ volatile("mov %0, %%cr4" ::"r"(cr4) : "memory");
}

/* One entry of the table that ALTERNATIVE() in asm.h makes. */
struct alternative {
	uint8_t *insn;
	uint32_t last_byte;
};

extern const struct alternative alternatives_start[], alternatives_end[];

/* Write STAC (0F 01 CB) and CLAC (0F 01 CA) over their stand-ins. */
static void enable_smap_instructions(void)
{
	for (const struct alternative *a = alternatives_start; a < alternatives_end; a++) {
		a->insn[0] = 0x0F;
		a->insn[1] = 0x01;
		a->insn[2] = (uint8_t)a->last_byte;
	}
	cpuid(0); /* Serialises: what was fetched before is thrown away. */
}

void cpu_init(void)
{
	detect();
	if (cpu_features.smap)
		enable_smap_instructions();
	set_control_registers();
	fpu_init();
	this_cpu()->pgdir = cr3_read();
}

void cpu_halt(void)
{
	for (;;)
		__asm__ volatile("cli; hlt");
}
