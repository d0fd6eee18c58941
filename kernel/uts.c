/* uts.c: the system's names. Lock: uts_lock (RANK_LEAF) guards the two that can be changed. */

#include "kernel/uts.h"

#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/cred.h"
#include "kernel/lib/string.h"
#include "kernel/sys_misc.h"

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

static void set_name(char *name, const char *to, uint32_t len)
{
	spin_lock(&uts_lock);
	memset(name, 0, UTS_LEN);
	memcpy(name, to, len);
	spin_unlock(&uts_lock);
}

void uts_set_nodename(const char *name, uint32_t len)
{
	set_name(names.nodename, name, len);
}

void uts_set_domainname(const char *name, uint32_t len)
{
	set_name(names.domainname, name, len);
}

int32_t sys_uname(uint32_t names_user)
{
	struct utsname n;

	uts_get(&n);
	return copy_to_user((void __user *)names_user, &n, sizeof(n));
}

static int32_t name_from_user(char *name, uint32_t name_user, uint32_t len)
{
	if (!cred_is_root())
		return -EPERM;
	if (len >= UTS_LEN)
		return -EINVAL;
	return copy_from_user(name, (const void __user *)name_user, len);
}

int32_t sys_sethostname(uint32_t name_user, uint32_t len)
{
	char name[UTS_LEN];
	int32_t err = name_from_user(name, name_user, len);

	if (!err)
		uts_set_nodename(name, len);
	return err;
}

int32_t sys_setdomainname(uint32_t name_user, uint32_t len)
{
	char name[UTS_LEN];
	int32_t err = name_from_user(name, name_user, len);

	if (!err)
		uts_set_domainname(name, len);
	return err;
}
