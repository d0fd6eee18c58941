/*
 * sigframe.c: the way into a signal handler and back (sigreturn(2)).
 *
 * A frame holds everything that a handler may change and the way back restores: registers, FPU, mask,
 * alternate stack. It lies in the user's memory, so what comes back may be anything: of the flags only
 * those count that a program could set itself, selectors become user's ones, and an FPU image is
 * cleaned. What cannot be loaded even so is a fault of the program at its first instruction.
 *
 * A handler returns to sa_restorer, which the C library gives; without one, to the vDSO, or, where there is
 * none, to code in the frame itself.
 */

#include "kernel/sigframe.h"

#include "arch/x86/uaccess.h"
#include "arch/x86/vdso/vdso.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/unistd.h"
#include "kernel/altstack.h"
#include "kernel/signal_internal.h"
#include "kernel/syscall.h"

_Static_assert(sizeof(struct fpu_frame) == SIGFRAME_UNUSED, "both are Linux's struct _fpstate");

/* popl %eax; movl $NR_sigreturn, %eax; int $0x80 */
static const uint8_t sigreturn_code[RETCODE_SIZE] = {0x58, 0xB8, NR_sigreturn, 0, 0, 0, 0xCD, 0x80};
/* movl $NR_rt_sigreturn, %eax; int $0x80 */
static const uint8_t rt_sigreturn_code[RETCODE_SIZE] = {0xB8, NR_rt_sigreturn, 0, 0, 0, 0xCD, 0x80};

/* ---- into the handler ---- */

struct place {
	uint32_t frame, fpu; /* User addresses. */
};

/* Find room for size bytes and the FPU below the stack pointer the handler is to have. 0 or -EFAULT. */
static int place_frame(const struct trapframe *tf, const struct sigaction_k *act, uint32_t size,
		       struct place *out)
{
	const struct task *t = task_current();
	uint32_t sp = tf->esp;
	bool on_altstack = altstack_holds(t, sp);

	if (act->flags & SA_ONSTACK && altstack_usable(t, sp)) {
		sp = t->altstack_sp + t->altstack_size;
		on_altstack = true;
	}
	out->fpu =
		ALIGN_DOWN(sp - sizeof(struct fpu_state), 64) - offsetof(struct fpu_frame, fxsave);
	/* On entry of a function esp + 4 is a multiple of 16 (i386 psABI 2.2.2). */
	out->frame = ALIGN_DOWN(out->fpu - size + 4, 16) - 4;
	if (on_altstack && out->frame - t->altstack_sp >= t->altstack_size)
		return -EFAULT; /* It is too small; what lies below is not ours to overwrite. */
	return 0;
}

static void fill_sigcontext(struct sigcontext *sc, const struct trapframe *tf, uint32_t fpu,
			    uint64_t mask)
{
	const struct task *t = task_current();

	sc->gs = tf->gs & 0xFFFF;
	sc->fs = tf->fs & 0xFFFF;
	sc->es = tf->es & 0xFFFF;
	sc->ds = tf->ds & 0xFFFF;
	sc->edi = tf->edi;
	sc->esi = tf->esi;
	sc->ebp = tf->ebp;
	sc->esp = tf->esp;
	sc->ebx = tf->ebx;
	sc->edx = tf->edx;
	sc->ecx = tf->ecx;
	sc->eax = tf->eax;
	sc->trapno = t->fault.trapno;
	sc->err = t->fault.error;
	sc->eip = tf->eip;
	sc->cs = tf->cs & 0xFFFF;
	sc->eflags = tf->eflags;
	sc->esp_at_signal = tf->esp;
	sc->ss = tf->ss & 0xFFFF;
	sc->fpstate = fpu;
	sc->oldmask = (uint32_t)mask;
	sc->cr2 = t->fault.cr2;
}

static void enter_handler(struct trapframe *tf, const struct sigaction_k *act, uint32_t frame,
			  uint32_t sig, uint32_t info, uint32_t uc)
{
	tf->esp = frame;
	tf->eip = act->handler;
	tf->eax = sig;
	tf->edx = info;
	tf->ecx = uc;
	tf->ds = tf->es = tf->ss = SEL_USER_DATA;
	tf->cs = SEL_USER_CODE;
	tf->eflags &= ~(EFLAGS_TF | EFLAGS_DF | EFLAGS_RF);
	fpu_reset();
}

/* in_vdso: from __kernel_vsyscall; retcode: the code in the frame. */
static uint32_t return_address(const struct sigaction_k *act, uint32_t in_vdso, uint32_t retcode)
{
	uint32_t vsyscall = thread_current()->aspace->image.vsyscall;

	if (act->flags & SA_RESTORER)
		return act->restorer;
	return vsyscall ? vsyscall + in_vdso : retcode;
}

static int push_plain(struct trapframe *tf, int sig, const struct sigaction_k *act, uint64_t mask)
{
	struct {
		uint32_t pretcode;
		int32_t sig;
		struct sigcontext sc;
	} head;
	struct {
		uint32_t extramask;
		uint8_t retcode[RETCODE_SIZE];
	} tail;
	struct place at;
	uint32_t tail_va;

	if (place_frame(tf, act, sizeof(struct sigframe), &at))
		return -EFAULT;
	tail_va = at.frame + offsetof(struct sigframe, extramask);
	head.pretcode =
		return_address(act, VDSO_SIGRETURN, at.frame + offsetof(struct sigframe, retcode));
	head.sig = sig;
	fill_sigcontext(&head.sc, tf, at.fpu, mask);
	tail.extramask = (uint32_t)(mask >> 32);
	__builtin_memcpy(tail.retcode, sigreturn_code, RETCODE_SIZE);
	if (copy_to_user((void __user *)at.frame, &head, sizeof(head)) ||
	    copy_to_user((void __user *)tail_va, &tail, sizeof(tail)) || fpu_frame_push(at.fpu))
		return -EFAULT;
	enter_handler(tf, act, at.frame, (uint32_t)sig, 0, 0);
	return 0;
}

static int push_rt(struct trapframe *tf, const struct siginfo *info, const struct sigaction_k *act,
		   uint64_t mask)
{
	struct task *t = task_current();
	struct rt_sigframe frame = {.sig = info->signo, .info.info = *info};
	struct place at;

	if (place_frame(tf, act, sizeof(frame), &at))
		return -EFAULT;
	frame.pretcode = return_address(act, VDSO_RT_SIGRETURN,
					at.frame + offsetof(struct rt_sigframe, retcode));
	frame.info_user = at.frame + offsetof(struct rt_sigframe, info);
	frame.uc_user = at.frame + offsetof(struct rt_sigframe, uc);
	frame.uc.stack = (struct sigstack){t->altstack_sp, t->altstack_flags, t->altstack_size};
	frame.uc.sigmask = mask;
	fill_sigcontext(&frame.uc.mcontext, tf, at.fpu, mask);
	__builtin_memcpy(frame.retcode, rt_sigreturn_code, RETCODE_SIZE);
	if (copy_to_user((void __user *)at.frame, &frame, sizeof(frame)) || fpu_frame_push(at.fpu))
		return -EFAULT;
	enter_handler(tf, act, at.frame, (uint32_t)info->signo, frame.info_user, frame.uc_user);
	if (t->altstack_flags & SS_AUTODISARM) {
		t->altstack_sp = t->altstack_size = 0;
		t->altstack_flags = SS_DISABLE;
	}
	return 0;
}

int sigframe_push(struct trapframe *tf, const struct siginfo *info, const struct sigaction_k *act,
		  uint64_t mask)
{
	if (act->flags & SA_SIGINFO)
		return push_rt(tf, info, act, mask);
	return push_plain(tf, info->signo, act, mask);
}

/* ---- back ---- */

/* The null selectors stay; the rest can only be a user's. Whether it exists, its loading shows. */
static uint32_t user_selector(uint32_t sel)
{
	sel &= 0xFFFF;
	return sel > 3 ? sel | 3 : sel;
}

static int pop_sigcontext(struct trapframe *tf, const struct sigcontext *sc)
{
	if (sc->fpstate == 0)
		fpu_reset();
	else if (fpu_frame_pop(sc->fpstate))
		return -EFAULT;
	tf->gs = user_selector(sc->gs);
	tf->fs = user_selector(sc->fs);
	tf->es = user_selector(sc->es);
	tf->ds = user_selector(sc->ds);
	tf->edi = sc->edi;
	tf->esi = sc->esi;
	tf->ebp = sc->ebp;
	tf->esp = sc->esp;
	tf->ebx = sc->ebx;
	tf->edx = sc->edx;
	tf->ecx = sc->ecx;
	tf->eax = sc->eax;
	tf->eip = sc->eip;
	trapframe_set_user(tf, sc->cs, sc->ss, sc->eflags);
	/* What is returned to is no system call, and nothing waits to be restarted. */
	tf->orig_eax = UINT32_MAX;
	task_current()->restart.deadline = 0;
	return 0;
}

/* There is nothing to return to. */
static int32_t bad_frame(void)
{
	const struct siginfo info = {.signo = SIGSEGV, .code = SI_KERNEL};

	signal_force(SIGSEGV, &info);
	return 0;
}

/* The code that calls it has popped pretcode and sig. */
int32_t sys_sigreturn(void)
{
	struct trapframe *tf = task_frame(task_current());
	uint32_t frame = tf->esp - offsetof(struct sigframe, sc), high;
	struct sigcontext sc;

	if (copy_from_user(&sc, (const void __user *)(frame + offsetof(struct sigframe, sc)),
			   sizeof(sc)) ||
	    get_user_u32(&high,
			 (const void __user *)(frame + offsetof(struct sigframe, extramask))))
		return bad_frame();
	signal_set_blocked((uint64_t)high << 32 | sc.oldmask);
	if (pop_sigcontext(tf, &sc))
		return bad_frame();
	return (int32_t)tf->eax;
}

/* The handler's return has popped pretcode. */
int32_t sys_rt_sigreturn(void)
{
	struct trapframe *tf = task_frame(task_current());
	uint32_t frame = tf->esp - offsetof(struct rt_sigframe, sig);
	struct ucontext uc;

	if (copy_from_user(&uc, (const void __user *)(frame + offsetof(struct rt_sigframe, uc)),
			   sizeof(uc)))
		return bad_frame();
	signal_set_blocked(uc.sigmask);
	if (pop_sigcontext(tf, &uc.mcontext))
		return bad_frame();
	altstack_restore(&uc.stack, tf->esp);
	return (int32_t)tf->eax;
}
