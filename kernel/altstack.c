/*
 * altstack.c: sigaltstack(2). A task's three fields are its own; size 0 means there is none.
 *
 * With SS_AUTODISARM a handler's frame takes the setting with it, so that the handler may switch to
 * other stacks; until it returns there is no alternate stack, and so nobody is on it.
 */

#include "kernel/altstack.h"

#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/syscall.h"

static bool within(const struct task *t, uint32_t sp)
{
	return sp > t->altstack_sp && sp - t->altstack_sp <= t->altstack_size;
}

bool altstack_holds(const struct task *t, uint32_t sp)
{
	return !(t->altstack_flags & SS_AUTODISARM) && within(t, sp);
}

bool altstack_usable(const struct task *t, uint32_t sp)
{
	return t->altstack_size != 0 && !altstack_holds(t, sp);
}

/* sp: the stack pointer of the caller. 0, -EPERM, -EINVAL or -ENOMEM. */
static int altstack_set(struct task *t, const struct sigstack *ss, uint32_t sp)
{
	uint32_t mode = ss->flags & ~SS_AUTODISARM;

	if (altstack_holds(t, sp))
		return -EPERM;
	if (mode != SS_DISABLE && mode != SS_ONSTACK && mode != 0)
		return -EINVAL;
	if (mode != SS_DISABLE && ss->size < MINSIGSTKSZ)
		return -ENOMEM;
	t->altstack_sp = mode == SS_DISABLE ? 0 : ss->sp;
	t->altstack_size = mode == SS_DISABLE ? 0 : ss->size;
	t->altstack_flags = ss->flags;
	return 0;
}

void altstack_restore(const struct sigstack *ss, uint32_t sp)
{
	(void)altstack_set(task_current(), ss, sp);
}

static uint32_t state_flags(const struct task *t, uint32_t sp)
{
	uint32_t flags = t->altstack_flags & SS_AUTODISARM;

	if (t->altstack_size == 0)
		return flags | SS_DISABLE;
	return flags | (altstack_holds(t, sp) ? SS_ONSTACK : 0);
}

int32_t sys_sigaltstack(uint32_t new_user, uint32_t old_user)
{
	struct task *t = task_current();
	uint32_t sp = task_frame(t)->esp;
	struct sigstack new, old = {t->altstack_sp, state_flags(t, sp), t->altstack_size};
	int err = 0;

	if (new_user) {
		if (copy_from_user(&new, (const void __user *)new_user, sizeof(new)))
			return -EFAULT;
		err = altstack_set(t, &new, sp);
	}
	if (!err && old_user)
		err = copy_to_user((void __user *)old_user, &old, sizeof(old));
	return err;
}
