/*
 * syscall.c: the door of system calls: from the number to the function.
 *
 * A number without a function gives -ENOSYS, and one line in the log the first time.
 */

#include "kernel/syscall.h"

#include "kernel/abi/course.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/restart.h"
#include "kernel/abi/sched.h"
#include "kernel/abi/signal.h"
#include "kernel/abi/time.h"
#include "kernel/abi/unistd.h"
#include "kernel/lib/atomic.h"
#include "kernel/lib/bitmap.h"
#include "kernel/lib/log.h"
#include "kernel/proc.h"

struct syscall {
	uint8_t words;
	union {
		int32_t (*call0)(WORDS0);
		int32_t (*call1)(WORDS1);
		int32_t (*call2)(WORDS2);
		int32_t (*call3)(WORDS3);
		int32_t (*call4)(WORDS4);
		int32_t (*call5)(WORDS5);
		int32_t (*call6)(WORDS6);
	};
};

#define ARGS2 a, b
#define ARGS4 a, b, c, d
#define ARGS5 a, b, c, d, e
#define ARGS6 a, b, c, d, e, f

#define CALL(number, n, name)
#define FORM(number, n, name, function, ...)                                                       \
	static int32_t form_##name(WORDS##n)                                                       \
	{                                                                                          \
		return sys_##function(__VA_ARGS__);                                                \
	}
#define TIMED(number, number64, n, name)                                                           \
	FORM(number, n, name##_old, name, ARGS##n, false)                                          \
	FORM(number64, n, name##_time64, name, ARGS##n, true)
#include "kernel/syscalls.def"
#undef CALL
#undef FORM
#undef TIMED

#define ENTRY(number, n, function) [number] = {.words = n, .call##n = function},
#define CALL(number, n, name) ENTRY(number, n, sys_##name)
#define FORM(number, n, name, function, ...) ENTRY(number, n, form_##name)
#define TIMED(number, number64, n, name)                                                           \
	ENTRY(number, n, form_##name##_old) ENTRY(number64, n, form_##name##_time64)

static const struct syscall table[NR_SYSCALLS] = {
#include "kernel/syscalls.def"
};

/* A call that Linux can be built without too, and that C libraries only try: glibc does so with rseq
 * at the start of every program. That is no news for the log. */
int32_t sys_left_out(void)
{
	return -ENOSYS;
}

static uint32_t reported[BITMAP_WORDS(NR_SYSCALLS)]; /* Atomic: numbers already in the log. */

static int32_t unknown(uint32_t number)
{
	const struct proc *p = proc_current();
	uint32_t bit = 1u << number % 32;

	if (!(__atomic_fetch_or(&reported[number / 32], bit, __ATOMIC_SEQ_CST) & bit))
		log("syscall: %s[%d] called number %u, which there is not\n", p->comm, p->pid,
		    number);
	return -ENOSYS;
}

static int32_t call(const struct syscall *s, const struct trapframe *tf)
{
	switch (s->words) {
	case 0:
		return s->call0();
	case 1:
		return s->call1(tf->ebx);
	case 2:
		return s->call2(tf->ebx, tf->ecx);
	case 3:
		return s->call3(tf->ebx, tf->ecx, tf->edx);
	case 4:
		return s->call4(tf->ebx, tf->ecx, tf->edx, tf->esi);
	case 5:
		return s->call5(tf->ebx, tf->ecx, tf->edx, tf->esi, tf->edi);
	default:
		return s->call6(tf->ebx, tf->ecx, tf->edx, tf->esi, tf->edi, tf->ebp);
	}
}

/* An interrupted call is finished on the way to user mode, even if another task has taken the
 * signal that interrupted it. */
static void finish_interrupted(int32_t result)
{
	if (result <= -ERESTARTSYS && result >= -ERESTART_RESTARTBLOCK)
		atomic_store(&thread_current()->signal_pending, true);
}

/* Compiled into both doors: together with what else goes, that is 30 of a call's 150 instructions less. */
__attribute__((always_inline)) bool syscall_dispatch(struct trapframe *tf)
{
	const struct syscall *s = &table[tf->orig_eax];
	int32_t result;

	if (unlikely(tf->orig_eax >= NR_SYSCALLS)) {
		tf->eax = (uint32_t)-ENOSYS;
		return false;
	}
	result = likely(s->call0) ? call(s, tf) : unknown(tf->orig_eax);
	if (unlikely((int32_t)tf->orig_eax < 0))
		return false;
	tf->eax = (uint32_t)result;
	finish_interrupted(result);
	return true;
}
