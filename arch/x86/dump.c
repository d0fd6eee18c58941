/* dump.c: registers, addresses and backtraces in words, for panics. */

#include "arch/x86/dump.h"

#include <stdarg.h>

#include "arch/x86/cpu.h"
#include "arch/x86/mmu.h"
#include "arch/x86/multiboot.h"
#include "arch/x86/trap.h"
#include "arch/x86/tss.h"
#include "arch/x86/vectors.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/ksyms.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"
#include "kernel/proc.h"
#include "kernel/sync/lock.h"
#include "mm/fail.h"

#define BACKTRACE_MAX 40
#define MESSAGE_MAX 256

extern uint8_t kernel_rodata[], kernel_data[];
extern uint8_t boot_stack_guard[PAGE_SIZE];

/* The frame a trap_panic() is about; NULL for a panic() from plain code. */
static const struct trapframe *panic_frame;

/* ---- addresses ---- */

struct range {
	uint32_t start, end;
};

static bool range_holds(struct range r, uint32_t va)
{
	return va >= r.start && va < r.end;
}

static bool in_kstack_guard(uint32_t va)
{
	return range_holds((struct range){KSTACK_BASE, KSTACK_END}, va) &&
	       va % KSTACK_SLOT < KSTACK_SLOT - KSTACK_SIZE;
}

static bool in_boot_stack_guard(uint32_t va)
{
	uint32_t guard = (uint32_t)boot_stack_guard;

	return range_holds((struct range){guard, guard + PAGE_SIZE}, va);
}

bool dump_is_stack_overflow(uint32_t esp)
{
	return in_kstack_guard(esp - 1) || in_boot_stack_guard(esp - 1);
}

const char *dump_region(uint32_t va)
{
	const struct {
		struct range range;
		const char *words;
	} regions[] = {
		{{0, USER_MIN}, "the null page"},
		{{USER_MIN, USER_END}, "user memory"},
		{{(uint32_t)kernel_start, (uint32_t)kernel_rodata}, "kernel text"},
		{{(uint32_t)kernel_rodata, (uint32_t)kernel_data}, "kernel constants"},
		{{(uint32_t)kernel_data, (uint32_t)kernel_end}, "kernel data"},
		{{KERNEL_BASE, DIRECT_END}, "direct map"},
		{{KSTACK_BASE, KSTACK_END}, "kernel stacks"},
		{{KMAP_BASE, DEVMAP_BASE}, "kmap window"},
		{{DEVMAP_BASE, DEVMAP_END}, "device registers"},
	};

	if (in_kstack_guard(va) || in_boot_stack_guard(va))
		return "guard page of a kernel stack";
	for (uint32_t i = 0; i < ARRAY_SIZE(regions); i++)
		if (range_holds(regions[i].range, va))
			return regions[i].words;
	return "unused address space";
}

/* ---- registers ---- */

void dump_registers(const struct trapframe *tf)
{
	log("eax %08x  ebx %08x  ecx %08x  edx %08x\n", tf->eax, tf->ebx, tf->ecx, tf->edx);
	log("esi %08x  edi %08x  ebp %08x  esp %08x\n", tf->esi, tf->edi, tf->ebp, tf->esp);
	log("eip %08x  eflags %08x  cr2 %08x  cr3 %08x\n", tf->eip, tf->eflags, cr2_read(),
	    this_cpu()->pgdir);
	log("cs %04x  ss %04x  ds %04x  es %04x  fs %04x  gs %04x\n", tf->cs & 0xFFFF,
	    tf->ss & 0xFFFF, tf->ds & 0xFFFF, tf->es & 0xFFFF, tf->fs & 0xFFFF, tf->gs & 0xFFFF);
}

/* ---- backtraces ---- */

/* The kernel stack that holds sp; empty when none does. */
static struct range stack_of(uint32_t sp)
{
	struct range boot = {(uint32_t)boot_stack, (uint32_t)boot_stack_top};
	uint32_t slot = ALIGN_DOWN(sp, KSTACK_SLOT);

	if (range_holds(boot, sp))
		return boot;
	if (range_holds((struct range){KSTACK_BASE, KSTACK_END}, sp) && !in_kstack_guard(sp) &&
	    mmu_lookup_kernel(sp) & PTE_P)
		return (struct range){slot + KSTACK_SLOT - KSTACK_SIZE, slot + KSTACK_SLOT};
	return (struct range){0, 0};
}

static void dump_function(uint32_t eip)
{
	uint32_t offset;
	const char *name = ksym_lookup(eip, &offset);

	if (name)
		log("  %08x %s+0x%x\n", eip, name, offset);
	else
		log("  %08x\n", eip);
}

/* What a function's prologue leaves on the stack. */
struct frame_record {
	uint32_t ebp; /* The caller's record. */
	uint32_t eip; /* Where it goes on. */
};

/* Where those go on who called the function whose record is at ebp, innermost first. How many. */
static uint32_t callers(uint32_t ebp, uint32_t *eip, uint32_t max)
{
	struct range stack = stack_of(ebp);
	uint32_t before = 0, n = 0;

	while (n < max && ebp > before) {
		const struct frame_record *record = (const struct frame_record *)ebp;

		if (!range_holds(stack, ebp) || ebp % sizeof(uint32_t) != 0 ||
		    stack.end - ebp < sizeof(*record) || record->eip == 0)
			break;
		eip[n++] = record->eip;
		before = ebp;
		ebp = record->ebp;
	}
	return n;
}

void dump_backtrace(uint32_t eip, uint32_t ebp)
{
	uint32_t chain[BACKTRACE_MAX], n = callers(ebp, chain, BACKTRACE_MAX);

	log("backtrace:\n");
	if (eip != 0)
		dump_function(eip);
	for (uint32_t i = 0; i < n; i++)
		dump_function(chain[i]);
}

/* ---- panics ---- */

static void describe_panic(void)
{
	const struct thread *t = thread_current();

	if (t->is_user)
		log("in task %d (%s)\n", container_of(t, struct task, thread)->tid, t->name);
	else
		log("in kernel thread %s\n", t->name);
	if (panic_frame) {
		dump_registers(panic_frame);
		dump_backtrace(panic_frame->eip, panic_frame->ebp);
	} else {
		dump_backtrace(0, (uint32_t)__builtin_frame_address(0));
	}
	if (t)
		lock_dump_held();
}

void trap_panic(const struct trapframe *tf, const char *fmt, ...)
{
	static struct trapframe frame;
	static char message[MESSAGE_MAX];
	va_list ap;

	irq_disable();
	if (!trapframe_from_user(tf) && tf->vector != VECTOR_DF) {
		/* From the kernel the CPU pushes no esp: its stack simply goes on behind eflags. */
		memcpy(&frame, tf, offsetof(struct trapframe, esp));
		frame.esp = (uint32_t)&tf->esp;
		frame.ss = SEL_KERNEL_DATA;
	} else {
		frame = *tf;
	}
	panic_frame = &frame;
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	panic("%s", message);
}

void dump_init(void)
{
	static const struct panic_ops ops = {.describe = describe_panic};

	panic_set_ops(&ops);
	fail_callers = callers;
}
