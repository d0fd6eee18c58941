/*
 * cred_groups.c: supplementary groups. A process's list is never changed, only replaced, so forks
 * share it. Lock: proc_lock guards the pointers.
 */

#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/cred.h"
#include "kernel/syscall.h"
#include "mm/kmalloc.h"

void group_list_put(struct group_list *g)
{
	if (g && atomic_dec_return(&g->refs) == 0)
		kfree(g);
}

static bool in_list(const struct group_list *g, uint32_t gid)
{
	for (uint32_t i = 0; g && i < g->count; i++)
		if (g->gids[i] == gid)
			return true;
	return false;
}

bool cred_in_group(uint32_t gid)
{
	struct proc *p = proc_current();
	bool in;

	spin_lock(&proc_lock);
	in = p->egid == gid || in_list(p->groups, gid);
	spin_unlock(&proc_lock);
	return in;
}

int32_t sys_getgroups(uint32_t size, uint32_t list_user)
{
	struct proc *p = proc_current();
	struct group_list *g;
	int32_t result;

	if ((int32_t)size < 0)
		return -EINVAL;
	spin_lock(&proc_lock);
	g = group_list_get(p->groups);
	spin_unlock(&proc_lock);
	result = g ? (int32_t)g->count : 0;
	if (size != 0 && (int32_t)size < result)
		result = -EINVAL;
	else if (size != 0 && g &&
		 copy_to_user((void __user *)list_user, g->gids, g->count * sizeof(g->gids[0])))
		result = -EFAULT;
	group_list_put(g);
	return result;
}

static int group_list_from_user(uint32_t count, uint32_t list_user, struct group_list **out)
{
	struct group_list *g = kmalloc(sizeof(*g) + count * sizeof(g->gids[0]));

	if (!g)
		return -ENOMEM;
	g->refs = 1;
	g->count = count;
	if (copy_from_user(g->gids, (const void __user *)list_user, count * sizeof(g->gids[0]))) {
		kfree(g);
		return -EFAULT;
	}
	*out = g;
	return 0;
}

int32_t sys_setgroups(uint32_t count, uint32_t list_user)
{
	struct proc *p = proc_current();
	struct group_list *new, *old;
	int err;

	if (!cred_is_root())
		return -EPERM;
	if (count > NGROUPS_MAX)
		return -EINVAL;
	err = group_list_from_user(count, list_user, &new);
	if (err)
		return err;
	spin_lock(&proc_lock);
	old = p->groups;
	p->groups = new;
	spin_unlock(&proc_lock);
	group_list_put(old);
	return 0;
}
