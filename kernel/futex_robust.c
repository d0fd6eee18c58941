/*
 * futex_robust.c: locks whose owner died (Documentation/locking/robust-futex-ABI.rst): a task keeps
 * a list of those it holds, in its own memory; when it ends, each is marked and one waiter is
 * woken.
 */

#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/futex.h"
#include "kernel/futex.h"
#include "kernel/syscall.h"

/* struct robust_list_head */
struct robust_head {
	uint32_t next;	     /* Of a circular list that ends at the head; bit 0 marks a PI lock. */
	int32_t word_offset; /* From an entry to its lock word. */
	uint32_t pending;
};

int32_t sys_set_robust_list(uint32_t head, uint32_t size)
{
	if (size != sizeof(struct robust_head))
		return -EINVAL;
	task_current()->robust_list = head;
	return 0;
}

int32_t sys_get_robust_list(uint32_t pid, uint32_t head_user, uint32_t size_user)
{
	struct task *me = task_current();

	if (pid != 0 && (pid_t)pid != me->tid) {
		struct proc *p = proc_find_by_tid((pid_t)pid);

		if (!p)
			return -ESRCH;
		proc_put(p);
		return -EPERM; /* Another's is nobody's business. */
	}
	if (put_user_u32((void __user *)size_user, sizeof(struct robust_head)) ||
	    put_user_u32((void __user *)head_user, me->robust_list))
		return -EFAULT;
	return 0;
}

/* The owner of this lock word is dead, if it was t. One that t was about to take or give back (pending)
 * it may have made free and then died before it woke anybody. False: the memory is bad, stop. */
static bool release_word(struct task *t, uint32_t va, bool pending)
{
	uint32_t word, seen;

	if (va % sizeof(word) || get_user_u32(&word, (const void __user *)va))
		return false;
	if (pending && word == 0)
		futex_wake(va, 1);
	for (;;) {
		uint32_t now = (word & FUTEX_WAITERS) | FUTEX_OWNER_DIED;

		if ((word & FUTEX_TID_MASK) != (uint32_t)t->tid)
			return true;
		if (cmpxchg_user_u32((void __user *)va, word, now, &seen))
			return false;
		if (seen == word)
			break;
		word = seen;
	}
	if (word & FUTEX_WAITERS)
		futex_wake(va, 1);
	return true;
}

void futex_exit_robust(struct task *t)
{
	uint32_t head_va = t->robust_list, entry;
	struct robust_head head;

	t->robust_list = 0;
	if (!head_va || copy_from_user(&head, (const void __user *)head_va, sizeof(head)))
		return;
	entry = head.next;
	for (uint32_t i = 0; i < ROBUST_LIST_LIMIT && (entry & ~1u) != head_va; i++) {
		uint32_t here = entry & ~1u;

		/* First where it goes on: once released, the lock may be freed. */
		if (get_user_u32(&entry, (const void __user *)here))
			break;
		if (here != (head.pending & ~1u) &&
		    !release_word(t, here + (uint32_t)head.word_offset, false))
			break;
	}
	if (head.pending & ~1u)
		release_word(t, (head.pending & ~1u) + (uint32_t)head.word_offset, true);
}
