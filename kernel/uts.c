/* uts.c: the system's names. Lock: uts_lock (RANK_LEAF) guards the host's, which can be changed. */

#include "kernel/uts.h"

#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/cred.h"
#include "kernel/lib/string.h"
#include "kernel/syscall.h"

static struct spinlock uts_lock = SPINLOCK_INIT("names", RANK_LEAF);
static struct utsname names = {
	.sysname = UTS_SYSNAME,
	.nodename = "quire",
	.release = UTS_RELEASE,
	.version = UTS_VERSION,
	.machine = UTS_MACHINE,
	.domainname = "(none)",
};

void uts_get(struct utsname *out)
{
	spin_lock(&uts_lock);
	*out = names;
	spin_unlock(&uts_lock);
}

void uts_set_nodename(const char *name, uint32_t len)
{
	spin_lock(&uts_lock);
	memset(names.nodename, 0, UTS_LEN);
	memcpy(names.nodename, name, len);
	spin_unlock(&uts_lock);
}

int32_t sys_uname(uint32_t names_user)
{
	struct utsname n;

	uts_get(&n);
	return copy_to_user((void __user *)names_user, &n, sizeof(n));
}

int32_t sys_sethostname(uint32_t name_user, uint32_t len)
{
	char name[UTS_LEN];

	if (!cred_is_root())
		return -EPERM;
	if (len >= UTS_LEN)
		return -EINVAL;
	if (copy_from_user(name, (const void __user *)name_user, len))
		return -EFAULT;
	uts_set_nodename(name, len);
	return 0;
}
