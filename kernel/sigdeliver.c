/*
 * sigdeliver.c: what a task does about its signals on the way to user mode.
 *
 *	signal_deliver	end if the process ends; stand still while it is stopped
 *	  next_locked	take signals until one means something to the task itself:
 *	  deliver_to	  a handler: frame, mask
 *	  die		  no handler: the process ends
 *	  finish_call	an interrupted system call: again, or -EINTR
 *
 * The caller comes back until signal_pending is off, so each call does one thing. Signals are taken
 * under proc_lock, because a stop that was taken but has not begun could miss its SIGCONT.
 */

#include "kernel/signal.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/resource.h"
#include "kernel/abi/ucontext.h"
#include "kernel/abi/unistd.h"
#include "kernel/abi/wait.h"
#include "kernel/itimer.h"
#include "kernel/lib/cmdline.h"
#include "kernel/lib/log.h"
#include "kernel/lib/printf.h"
#include "kernel/sigframe.h"
#include "kernel/signal_internal.h"

#define INT_SIZE 2u /* Of int $0x80, which is executed again. */

/* ---- faults ---- */

void signal_raise_fault(int sig, int code, uint32_t addr, uint32_t trapno, uint32_t error)
{
	const struct siginfo info = {.signo = sig, .code = code, .addr = addr};
	struct task *t = task_current();

	t->fault.trapno = trapno;
	t->fault.error = error;
	if (trapno == TRAPNO_PAGE_FAULT)
		t->fault.cr2 = addr;
	signal_force(sig, &info);
}

static const char *fault_words(int sig)
{
	switch (sig) {
	case SIGSEGV:
		return "SIGSEGV";
	case SIGBUS:
		return "SIGBUS";
	case SIGILL:
		return "SIGILL";
	case SIGFPE:
		return "SIGFPE";
	case SIGTRAP:
		return "SIGTRAP";
	default:
		return "SIGSYS";
	}
}

/* One line about a program that its own fault ends: for init always, else when asked for. */
static void report_fault(const struct task *t, const struct trapframe *tf,
			 const struct siginfo *info)
{
	const struct task_fault *f = &t->fault;
	char detail[80];

	if (!siginfo_is_fault(info) ||
	    (t->proc != proc_init && !cmdline_has("print-fatal-signals")))
		return;
	if (f->trapno == TRAPNO_PAGE_FAULT && info->code != SI_KERNEL)
		snprintf(detail, sizeof(detail), "%s 0x%08x, %s",
			 f->error & TRAPERR_WRITE   ? "writing"
			 : f->error & TRAPERR_FETCH ? "executing"
						    : "reading",
			 info->addr,
			 f->error & TRAPERR_PRESENT ? "which it may not" : "where nothing is");
	else
		snprintf(detail, sizeof(detail), "exception %u, code %d", f->trapno, info->code);
	log("%s[%d]: %s at eip 0x%08x, esp 0x%08x: %s\n", t->proc->comm, t->tid,
	    fault_words(info->signo), tf->eip, tf->esp, detail);
}

/* ---- without a handler ---- */

static void __noreturn die(struct task *t, const struct trapframe *tf, const struct siginfo *info)
{
	int sig = info->signo, status = sig;

	report_fault(t, tf, info);
	/* No core is written, but whoever asks for one by its limit learns that this was the case for it. */
	if (SIGNALS_CORE & SIGBIT(sig) && t->proc->limits[RLIMIT_CORE].cur != 0)
		status |= WCOREFLAG;
	proc_exit_group(status);
}

/*
 * Take signals until one has a handler or kills: its number; 0 when there is none, or when one of them
 * has begun a stop. proc_lock held.
 */
static int next_locked(struct task *t, struct siginfo *info, struct sigaction_k *act)
{
	struct proc *p = t->proc;
	int sig;

	while ((sig = signal_take(t, ~t->blocked, info, act)) != 0) {
		if (act->handler > SIG_IGN)
			return sig;
		if (act->handler == SIG_IGN || SIGNALS_IGNORED & SIGBIT(sig))
			continue;
		if (p == proc_init && !siginfo_is_fault(info))
			continue;
		if (!(SIGNALS_STOP & SIGBIT(sig)))
			return sig;
		stop_begin_locked(p, sig);
		if (p->state == PROC_STOPPED)
			return 0;
	}
	return 0;
}

/* ---- with one ---- */

/* The stack cannot take the frame. */
static void force_segv(int failed)
{
	const struct siginfo info = {.signo = SIGSEGV, .code = SI_KERNEL};
	struct proc *p = proc_current();
	uint32_t flags;

	if (failed == SIGSEGV) {
		flags = spin_lock_irq(&p->sig_lock);
		p->actions[SIGSEGV - 1].handler = SIG_DFL;
		spin_unlock_irq(&p->sig_lock, flags);
	}
	signal_force(SIGSEGV, &info);
}

static void deliver_to(struct task *t, struct trapframe *tf, const struct siginfo *info,
		       const struct sigaction_k *act)
{
	uint64_t mask = t->restore_blocked ? t->saved_blocked : t->blocked, blocked;

	if (sigframe_push(tf, info, act, mask)) {
		force_segv(info->signo);
		return;
	}
	t->restore_blocked = false;
	blocked = t->blocked | act->mask;
	if (!(act->flags & SA_NODEFER))
		blocked |= SIGBIT(info->signo);
	signal_set_blocked(blocked);
}

/* ---- interrupted system calls ---- */

static void restart(struct trapframe *tf, uint32_t number)
{
	tf->eax = number;
	tf->eip -= INT_SIZE;
}

/* The call's result decides together with the action that is about to run, NULL for none. */
static void finish_call(struct trapframe *tf, const struct sigaction_k *act)
{
	bool again;

	if ((int32_t)tf->orig_eax < 0)
		return;
	switch (-(int32_t)tf->eax) {
	case ERESTARTSYS:
		again = !act || act->flags & SA_RESTART;
		break;
	case ERESTARTNOINTR:
		again = true;
		break;
	case ERESTARTNOHAND:
	case ERESTART_RESTARTBLOCK:
		again = !act;
		break;
	default:
		return;
	}
	if (!again)
		tf->eax = (uint32_t)-EINTR;
	else if (-(int32_t)tf->eax == ERESTART_RESTARTBLOCK)
		restart(tf, NR_restart_syscall);
	else
		restart(tf, tf->orig_eax);
	tf->orig_eax = UINT32_MAX;
}

/* Nothing to handle: what a call such as sigsuspend changed for its time is put back. */
static void finish_quietly(struct task *t, struct trapframe *tf)
{
	finish_call(tf, NULL);
	if (t->restore_blocked)
		signal_end_temporary(false);
	else
		signal_recalc();
}

/* ---- the way to user mode ---- */

void signal_deliver(struct trapframe *tf)
{
	struct task *t = task_current();
	struct sigaction_k act;
	struct siginfo info;
	int sig;

	itimer_send_expired(t->proc);
	do {
		if (task_should_end(t))
			task_exit(t->proc->exit_code);
		spin_lock(&proc_lock);
		sig = next_locked(t, &info, &act);
		spin_unlock(&proc_lock);
	} while (sig == 0 && stop_wait(t));

	if (sig == 0) {
		finish_quietly(t, tf);
		return;
	}
	if (act.handler <= SIG_IGN)
		die(t, tf, &info);
	finish_call(tf, &act);
	deliver_to(t, tf, &info, &act);
}
