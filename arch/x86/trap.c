/*
 * trap.c: what an exception or an interrupt means.
 *
 * An exception of a program becomes a signal, by the table below. One of the kernel's own is either
 * foreseen (the exception table) or a panic. Page faults are fault.c's.
 *
 * Interrupts are off on entry. They go on for exceptions of programs, and stay off for interrupt
 * handlers; whoever was interrupted may be preempted afterwards.
 */

#include "arch/x86/trap.h"

#include "arch/x86/asm.h"
#include "arch/x86/clock.h"
#include "arch/x86/context.h"
#include "arch/x86/cpu.h"
#include "arch/x86/dump.h"
#include "arch/x86/extable.h"
#include "arch/x86/idt.h"
#include "arch/x86/layout.h"
#include "arch/x86/pic.h"
#include "arch/x86/tss.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/atomic.h"
#include "kernel/signal.h"
#include "kernel/sync/irq.h"
#include "kernel/sync/thread.h"

_Static_assert(offsetof(struct trapframe, ebx) == TF_EBX, "entry.S");
_Static_assert(offsetof(struct trapframe, eip) == TF_EIP, "entry.S");
_Static_assert(offsetof(struct trapframe, cs) == TF_CS, "entry.S");
_Static_assert(offsetof(struct trapframe, eflags) == TF_EFLAGS, "entry.S");
_Static_assert(offsetof(struct tss, esp0) == TSS_ESP0, "entry.S");

#define DR6_SINGLE_STEP (1u << 14)

/* What Linux sends for each exception of a program (its arch/x86 traps do the same), and whether
 * si_addr is the instruction. signal 0: a program cannot cause it, so the kernel or the machine is
 * broken. */
struct exception {
	const char *words;
	uint8_t signal;
	uint8_t code;
	bool at_eip;
};

static const struct exception exceptions[] = {
	[VECTOR_DE] = {"division by zero or overflow", SIGFPE, FPE_INTDIV, true},
	[VECTOR_DB] = {"debug trap", SIGTRAP, TRAP_BRKPT, true},
	[VECTOR_NMI] = {"non-maskable interrupt", 0, 0, false},
	[VECTOR_BP] = {"breakpoint", SIGTRAP, SI_KERNEL, false},
	[VECTOR_OF] = {"INTO overflow", SIGSEGV, SI_KERNEL, false},
	[VECTOR_BR] = {"BOUND range exceeded", SIGSEGV, SI_KERNEL, false},
	[VECTOR_UD] = {"invalid opcode", SIGILL, ILL_ILLOPN, true},
	[VECTOR_NM] = {"FPU not available", 0, 0, false},
	[VECTOR_DF] = {"double fault", 0, 0, false},
	[VECTOR_TS] = {"invalid TSS", SIGSEGV, SI_KERNEL, false},
	[VECTOR_NP] = {"segment not present", SIGBUS, SI_KERNEL, false},
	[VECTOR_SS] = {"stack segment fault", SIGBUS, SI_KERNEL, false},
	[VECTOR_GP] = {"general protection fault", SIGSEGV, SI_KERNEL, false},
	[VECTOR_PF] = {"page fault", 0, 0, false},
	[VECTOR_MF] = {"x87 floating-point error", SIGFPE, 0, true},
	[VECTOR_AC] = {"alignment check", SIGBUS, BUS_ADRALN, false},
	[VECTOR_MC] = {"machine check", 0, 0, false},
	[VECTOR_XF] = {"SSE floating-point error", SIGFPE, 0, true},
};

const char *trap_words(uint32_t vector)
{
	if (vector < ARRAY_SIZE(exceptions) && exceptions[vector].words)
		return exceptions[vector].words;
	return "reserved exception";
}

/* ---- exceptions ---- */

/* si_code of a floating-point error: the first that applies, in the FPU's order of priority. */
static int fpu_code(uint32_t raised)
{
	static const struct {
		uint32_t exception;
		int code;
	} codes[] = {
		{FPU_INVALID, FPE_FLTINV},   {FPU_DIVIDE, FPE_FLTDIV},
		{FPU_OVERFLOW, FPE_FLTOVF},  {FPU_UNDERFLOW | FPU_DENORMAL, FPE_FLTUND},
		{FPU_PRECISION, FPE_FLTRES},
	};

	for (uint32_t i = 0; i < ARRAY_SIZE(codes); i++)
		if (raised & codes[i].exception)
			return codes[i].code;
	return SI_KERNEL;
}

/* Why the debug exception came; the status is sticky, so it is cleared for the next one. */
static int debug_code(void)
{
	uint32_t dr6;

	__asm__ volatile("mov %%dr6, %0" : "=r"(dr6));
	__asm__ volatile("mov %0, %%dr6" ::"r"(0));
	return dr6 & DR6_SINGLE_STEP ? TRAP_TRACE : TRAP_BRKPT;
}

static int signal_code(const struct trapframe *tf)
{
	switch (tf->vector) {
	case VECTOR_DB:
		return debug_code();
	case VECTOR_MF:
		return fpu_code(fpu_x87_exceptions());
	case VECTOR_XF:
		return fpu_code(fpu_sse_exceptions());
	default:
		return exceptions[tf->vector].code;
	}
}

static void user_exception(struct trapframe *tf)
{
	const struct exception *e;
	int code;

	if (tf->vector >= ARRAY_SIZE(exceptions) || exceptions[tf->vector].signal == 0)
		trap_panic(tf, "%s in user mode", trap_words(tf->vector));
	e = &exceptions[tf->vector];
	code = signal_code(tf);
	irq_enable();
	signal_raise_fault(e->signal, code, e->at_eip ? tf->eip : 0, tf->vector, tf->error);
}

bool trap_fixup(struct trapframe *tf)
{
	const struct extable_entry *e = extable_find(tf->eip);

	if (e)
		tf->eip = e->fixup;
	return e;
}

/* A program that steps through its instructions takes the trap flag into sysenter. */
static bool is_stepped_entry(uint32_t eip)
{
	return eip - (uint32_t)sysenter_entry < (uint32_t)(sysenter_entry_end - sysenter_entry);
}

static void kernel_exception(struct trapframe *tf)
{
	bool selector =
		tf->vector == VECTOR_NP || tf->vector == VECTOR_SS || tf->vector == VECTOR_GP;

	if (selector && trap_fixup(tf))
		return;
	if (tf->vector == VECTOR_DB && is_stepped_entry(tf->eip)) {
		(void)debug_code();
		return;
	}
	trap_panic(tf, "%s in the kernel (vector %u, error 0x%x)", trap_words(tf->vector),
		   tf->vector, tf->error);
}

/*
 * The double fault's task: the registers of the code it struck are in the other TSS. The usual
 * cause is a kernel stack that grew into its guard page.
 */
void double_fault_entry(void)
{
	const struct tss *t = tss_interrupted();
	const struct trapframe tf = {
		.ebx = t->ebx,
		.ecx = t->ecx,
		.edx = t->edx,
		.esi = t->esi,
		.edi = t->edi,
		.ebp = t->ebp,
		.eax = t->eax,
		.ds = t->ds,
		.es = t->es,
		.fs = t->fs,
		.gs = t->gs,
		.vector = VECTOR_DF,
		.eip = t->eip,
		.cs = t->cs,
		.eflags = t->eflags,
		.esp = t->esp,
		.ss = t->ss,
	};

	if (dump_is_stack_overflow(t->esp))
		trap_panic(&tf, "kernel stack overflow: 0x%08x is in its guard page", t->esp);
	trap_panic(&tf, "double fault in the kernel");
}

/* ---- interrupts ---- */

static void interrupt(struct trapframe *tf)
{
	uint32_t irq = tf->vector - IRQ_VECTOR;

	if (!pic_ack(irq))
		return;
	this_cpu()->irq_from_user = trapframe_from_user(tf);
	irq_dispatch(irq);
	if (!trapframe_from_user(tf))
		sched_preempt();
}

/* ---- entry and exit ---- */

/*
 * Virtual-8086 mode is out of a program's reach: IRET leaves EFLAGS.VM alone in user mode (Intel SDM
 * vol. 2, IRET). But QEMU's emulated CPUs let it through. Such a frame's cs is a real-mode address and
 * says nothing about privilege, so it is made one of our user mode, where the program goes on at a low
 * address and faults.
 */
static void leave_vm86(struct trapframe *tf)
{
	tf->eflags &= ~EFLAGS_VM;
	tf->cs = SEL_USER_CODE;
	tf->ss = tf->ds = tf->es = SEL_USER_DATA;
	tf->fs = tf->gs = 0;
}

void trap_dispatch(struct trapframe *tf)
{
	if (unlikely(tf->eflags & EFLAGS_VM))
		leave_vm86(tf);
	if (tf->vector >= IRQ_VECTOR)
		interrupt(tf);
	else if (tf->vector == VECTOR_PF)
		page_fault(tf);
	else if (trapframe_from_user(tf))
		user_exception(tf);
	else
		kernel_exception(tf);
}

bool trap_has_work(void)
{
	return this_cpu()->need_resched || atomic_load(&thread_current()->signal_pending);
}

static void leave_with_work(struct trapframe *tf)
{
	do {
		irq_enable();
		if (this_cpu()->need_resched)
			thread_yield();
		if (atomic_load(&thread_current()->signal_pending))
			signal_deliver(tf);
		irq_disable();
	} while (trap_has_work());
}

__from_entry void trap_leave(struct trapframe *tf)
{
	ASSERT(thread_current()->preempt_count == 0); /* Or a system call kept a spinlock. */
	irq_disable();
	if (unlikely(trap_has_work()))
		leave_with_work(tf);
}

void trap_init(void)
{
	idt_init();
	pic_init();
	dump_init();
	BUG_ON(irq_register(CLOCK_IRQ, "timer", clock_interrupt, NULL) != 0);
}
