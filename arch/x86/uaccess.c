/* uaccess.c: range checks and errnos around the copies of uaccess.S. */

#include "arch/x86/uaccess.h"

#include "arch/x86/context.h"
#include "arch/x86/extable.h"
#include "kernel/abi/errno.h"

#define __regparm __attribute__((regparm(3)))

__regparm uint32_t uaccess_copy(void *dst, const void *src, uint32_t n);
__regparm uint32_t uaccess_copy_nofault(void *dst, const void *src, uint32_t n);
__regparm uint32_t uaccess_clear(void *dst, uint32_t n);
__regparm int32_t uaccess_strncpy(char *dst, const char *src, uint32_t max);
__regparm int32_t uaccess_strnlen(const char *src, uint32_t max);
__regparm int32_t uaccess_get_u32(uint32_t *val, const uint32_t *src);
__regparm int32_t uaccess_put_u32(uint32_t *dst, uint32_t val);
__regparm int32_t uaccess_cmpxchg(uint32_t *p, uint32_t expected, uint32_t val, uint32_t *seen);
__regparm int32_t uaccess_fxsave(struct fpu_state *dst);
__regparm int32_t uaccess_fxrstor(const struct fpu_state *src);

/* ---- bytes ---- */

size_t copy_from_user_partial(void *dst, const void __user *src, size_t n)
{
	return user_range_ok((uint32_t)src, n) ? uaccess_copy(dst, src, n) : n;
}

size_t copy_to_user_partial(void __user *dst, const void *src, size_t n)
{
	return user_range_ok((uint32_t)dst, n) ? uaccess_copy(dst, src, n) : n;
}

int copy_from_user(void *dst, const void __user *src, size_t n)
{
	return copy_from_user_partial(dst, src, n) == 0 ? 0 : -EFAULT;
}

int copy_to_user(void __user *dst, const void *src, size_t n)
{
	return copy_to_user_partial(dst, src, n) == 0 ? 0 : -EFAULT;
}

size_t clear_user_partial(void __user *dst, size_t n)
{
	return user_range_ok((uint32_t)dst, n) ? uaccess_clear(dst, n) : n;
}

int clear_user(void __user *dst, size_t n)
{
	return clear_user_partial(dst, n) == 0 ? 0 : -EFAULT;
}

size_t copy_from_user_nofault(void *dst, const void __user *src, size_t n)
{
	return user_range_ok((uint32_t)src, n) ? uaccess_copy_nofault(dst, src, n) : n;
}

size_t copy_to_user_nofault(void __user *dst, const void *src, size_t n)
{
	return user_range_ok((uint32_t)dst, n) ? uaccess_copy_nofault(dst, src, n) : n;
}

/* ---- strings ---- */

/* How far a string at s may be read: not into the kernel. */
static size_t user_string_room(const char __user *s, size_t max)
{
	uint32_t va = (uint32_t)s;

	return va < USER_END ? MIN(max, USER_END - va) : 0;
}

ssize_t strncpy_from_user(char *dst, const char __user *src, size_t size)
{
	size_t room = user_string_room(src, size);
	int32_t len = uaccess_strncpy(dst, src, room);

	if (len < 0)
		return -EFAULT;
	if ((size_t)len < room)
		return len;
	return room < size ? -EFAULT : -ENAMETOOLONG;
}

ssize_t strnlen_user(const char __user *s, size_t max)
{
	size_t room = user_string_room(s, max < SIZE_MAX ? max + 1 : max);
	int32_t len = uaccess_strnlen(s, room);

	if (len < 0)
		return -EFAULT;
	if ((size_t)len < room)
		return len;
	return room <= max ? -EFAULT : -E2BIG;
}

/* ---- words ---- */

int get_user_u32(uint32_t *val, const void __user *src)
{
	if (!user_range_ok((uint32_t)src, sizeof(*val)))
		return -EFAULT;
	return uaccess_get_u32(val, src) == 0 ? 0 : -EFAULT;
}

int put_user_u32(void __user *dst, uint32_t val)
{
	if (!user_range_ok((uint32_t)dst, sizeof(val)))
		return -EFAULT;
	return uaccess_put_u32(dst, val) == 0 ? 0 : -EFAULT;
}

int cmpxchg_user_u32(void __user *p, uint32_t expected, uint32_t val, uint32_t *seen)
{
	if (!user_range_ok((uint32_t)p, sizeof(val)))
		return -EFAULT;
	return uaccess_cmpxchg(p, expected, val, seen) == 0 ? 0 : -EFAULT;
}

/* ---- registers ---- */

int fxsave_to_user(struct fpu_state __user *dst)
{
	if (!user_range_ok((uint32_t)dst, sizeof(*dst)))
		return -EFAULT;
	return uaccess_fxsave(dst) == 0 ? 0 : -EFAULT;
}

int fxrstor_from_user(const struct fpu_state __user *src)
{
	if (!user_range_ok((uint32_t)src, sizeof(*src)))
		return -EFAULT;
	return uaccess_fxrstor(src) == 0 ? 0 : -EFAULT;
}

/* ---- the exception table ---- */

extern const struct extable_entry extable_start[], extable_end[];

/* Some twenty entries, asked once per fault: in order is fast enough. */
const struct extable_entry *extable_find(uint32_t eip)
{
	for (const struct extable_entry *e = extable_start; e < extable_end; e++)
		if (e->insn == eip)
			return e;
	return NULL;
}
