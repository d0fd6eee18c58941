/*
 * cred.c: user and group numbers, and the calls that read and change them (credentials(7)).
 *
 * Lock: proc_lock, so that who looks at another process sees one state.
 */

#include "kernel/cred.h"

#include "arch/x86/clock.h"
#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/resource.h"
#include "kernel/rlimit.h"
#include "kernel/syscall.h"
#include "kernel/time.h"

#define ID_NONE UINT32_MAX

void cred_fork(struct proc *p, const struct proc *from)
{
	spin_lock(&proc_lock);
	p->uid = from->uid;
	p->euid = from->euid;
	p->suid = from->suid;
	p->gid = from->gid;
	p->egid = from->egid;
	p->sgid = from->sgid;
	p->groups = group_list_get(from->groups);
	p->no_new_privs = from->no_new_privs;
	p->secure = from->secure;
	spin_unlock(&proc_lock);
}

bool cred_is_root(void)
{
	return proc_current()->euid == 0;
}

bool cred_may_control(const struct proc *p)
{
	struct proc *me = proc_current();

	if (me->euid == 0)
		return true;
	return me->uid == p->uid && me->uid == p->euid && me->uid == p->suid && me->gid == p->gid &&
	       me->gid == p->egid && me->gid == p->sgid;
}

bool cred_may_inspect(const struct proc *p)
{
	const struct proc *me = proc_current();

	if (me == p || me->euid == 0)
		return true;
	return p->dumpable && me->euid == p->uid && me->euid == p->euid && me->euid == p->suid &&
	       me->egid == p->gid && me->egid == p->egid && me->egid == p->sgid;
}

/* ---- changing ---- */

struct ids {
	uint32_t real, effective, saved;
};

enum kind {
	OF_USER,
	OF_GROUP,
};

static struct ids get_ids(enum kind kind)
{
	const struct proc *p = proc_current();

	if (kind == OF_USER)
		return (struct ids){p->uid, p->euid, p->suid};
	return (struct ids){p->gid, p->egid, p->sgid};
}

/* A change of the effective number makes the process private to root. */
static void set_ids(enum kind kind, const struct ids *ids)
{
	struct proc *p = proc_current();

	spin_lock(&proc_lock);
	if ((kind == OF_USER ? p->euid : p->egid) != ids->effective)
		p->dumpable = false;
	*(kind == OF_USER ? &p->uid : &p->gid) = ids->real;
	*(kind == OF_USER ? &p->euid : &p->egid) = ids->effective;
	*(kind == OF_USER ? &p->suid : &p->sgid) = ids->saved;
	spin_unlock(&proc_lock);
	if (kind == OF_USER)
		rlimit_apply(p, p->aspace); /* Root may lock memory without limit. */
}

static bool is_one_of(const struct ids *ids, uint32_t id)
{
	return id == ids->real || id == ids->effective || id == ids->saved;
}

/* setuid and setgid: root sets all three, others may only switch the effective one. */
static int change_one(struct ids *ids, const struct ids *wanted)
{
	uint32_t id = wanted->effective;

	if (id == ID_NONE)
		return -EINVAL;
	if (cred_is_root())
		*ids = (struct ids){id, id, id};
	else if (id == ids->real || id == ids->saved)
		ids->effective = id;
	else
		return -EPERM;
	return 0;
}

/* setreuid and setregid: the saved number follows when the real one is set, or the effective one
 * becomes another than the real. */
static int change_two(struct ids *ids, const struct ids *wanted)
{
	uint32_t real = wanted->real, effective = wanted->effective;
	struct ids old = *ids;

	if (!cred_is_root()) {
		if (real != ID_NONE && real != old.real && real != old.effective)
			return -EPERM;
		if (effective != ID_NONE && !is_one_of(&old, effective))
			return -EPERM;
	}
	if (real != ID_NONE)
		ids->real = real;
	if (effective != ID_NONE)
		ids->effective = effective;
	if (real != ID_NONE || (effective != ID_NONE && effective != old.real))
		ids->saved = ids->effective;
	return 0;
}

static bool may_become(const struct ids *ids, uint32_t id)
{
	return id == ID_NONE || cred_is_root() || is_one_of(ids, id);
}

static int change_all(struct ids *ids, const struct ids *wanted)
{
	if (!may_become(ids, wanted->real) || !may_become(ids, wanted->effective) ||
	    !may_become(ids, wanted->saved))
		return -EPERM;
	if (wanted->real != ID_NONE)
		ids->real = wanted->real;
	if (wanted->effective != ID_NONE)
		ids->effective = wanted->effective;
	if (wanted->saved != ID_NONE)
		ids->saved = wanted->saved;
	return 0;
}

static int32_t change_ids(enum kind kind, const struct ids *wanted,
			  int (*change)(struct ids *ids, const struct ids *wanted))
{
	struct ids ids = get_ids(kind);
	int err = change(&ids, wanted);

	if (!err)
		set_ids(kind, &ids);
	return err;
}

int32_t sys_setuid(uint32_t uid)
{
	return change_ids(OF_USER, &(struct ids){.effective = uid}, change_one);
}

int32_t sys_setgid(uint32_t gid)
{
	return change_ids(OF_GROUP, &(struct ids){.effective = gid}, change_one);
}

int32_t sys_setreuid(uint32_t real, uint32_t effective)
{
	return change_ids(OF_USER, &(struct ids){real, effective, ID_NONE}, change_two);
}

int32_t sys_setregid(uint32_t real, uint32_t effective)
{
	return change_ids(OF_GROUP, &(struct ids){real, effective, ID_NONE}, change_two);
}

int32_t sys_setresuid(uint32_t real, uint32_t effective, uint32_t saved)
{
	return change_ids(OF_USER, &(struct ids){real, effective, saved}, change_all);
}

int32_t sys_setresgid(uint32_t real, uint32_t effective, uint32_t saved)
{
	return change_ids(OF_GROUP, &(struct ids){real, effective, saved}, change_all);
}

/* ---- reading ---- */

static int32_t put_ids(const struct ids *ids, uint32_t real, uint32_t effective, uint32_t saved)
{
	if (put_user_u32((void __user *)real, ids->real) ||
	    put_user_u32((void __user *)effective, ids->effective) ||
	    put_user_u32((void __user *)saved, ids->saved))
		return -EFAULT;
	return 0;
}

int32_t sys_getresuid(uint32_t real, uint32_t effective, uint32_t saved)
{
	struct ids ids = get_ids(OF_USER);

	return put_ids(&ids, real, effective, saved);
}

int32_t sys_getresgid(uint32_t real, uint32_t effective, uint32_t saved)
{
	struct ids ids = get_ids(OF_GROUP);

	return put_ids(&ids, real, effective, saved);
}

int32_t sys_getuid(void)
{
	return (int32_t)proc_current()->uid;
}

int32_t sys_geteuid(void)
{
	return (int32_t)proc_current()->euid;
}

int32_t sys_getgid(void)
{
	return (int32_t)proc_current()->gid;
}

int32_t sys_getegid(void)
{
	return (int32_t)proc_current()->egid;
}

/* setfsuid and setfsgid: files are judged by the effective numbers, so nothing else can be set;
 * both give the number that holds, as they do on Linux when refused. */
int32_t sys_setfsuid(uint32_t uid)
{
	(void)uid;
	return sys_geteuid();
}

int32_t sys_setfsgid(uint32_t gid)
{
	(void)gid;
	return sys_getegid();
}

/* ---- for the file layer ---- */

static void file_caller(struct fs_caller *out)
{
	const struct proc *p;

	*out = (struct fs_caller){.fsize_limit = RLIM_INFINITY};
	if (!thread_current()->is_user)
		return; /* The kernel itself: root, without limits. */
	p = proc_current();
	out->uid = p->euid;
	out->gid = p->egid;
	out->fsize_limit = p->limits[RLIMIT_FSIZE].cur;
}

static bool file_in_group(uint32_t gid)
{
	return thread_current()->is_user && cred_in_group(gid);
}

static void file_now(struct timespec64 *out)
{
	uint64_t now = realtime_now();

	out->sec = (int64_t)(now / NSEC_PER_SEC);
	out->nsec = (int32_t)(now % NSEC_PER_SEC);
}

static const struct vfs_env file_env = {
	.caller = file_caller,
	.in_group = file_in_group,
	.now = file_now,
};

void cred_init(void)
{
	vfs_set_env(&file_env);
}
