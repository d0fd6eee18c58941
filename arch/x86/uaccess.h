/*
 * uaccess.h: the kernel's only way to touch user memory.
 *
 * The range is checked against USER_END, then the bytes are simply copied with SMAP opened. When
 * the copy faults, the fault takes the same path as a user's (vm_fault may sleep, read files, copy
 * pages); if that fails, the exception table sends the copy to its fixup. So a caller must be able
 * to sleep and must hold no spinlock. -EFAULT is the only error.
 *
 * The *_nofault versions never sleep: any page that is not there yet is -EFAULT at once. They are
 * for callers that hold a page BUSY or a spinlock and have a plan for failure.
 */
#pragma once

#include "arch/x86/layout.h"
#include "kernel/lib/types.h"

/* True when [va, va+len) is all user space; also for len 0 at a user address. */
static inline bool user_range_ok(uint32_t va, uint32_t len)
{
	return len <= USER_END && va <= USER_END - len;
}

/* Copy n bytes. 0, or -EFAULT with an unspecified part copied. */
int __must_check copy_from_user(void *dst, const void __user *src, size_t n);
int __must_check copy_to_user(void __user *dst, const void *src, size_t n);
int __must_check clear_user(void __user *dst, size_t n);

/* Copy as much as possible; returns the bytes NOT copied (0 = all). For short reads and writes. */
size_t copy_from_user_partial(void *dst, const void __user *src, size_t n);
size_t copy_to_user_partial(void __user *dst, const void *src, size_t n);
size_t clear_user_partial(void __user *dst, size_t n);

/* Bytes NOT copied, like the partial forms. */
size_t copy_from_user_nofault(void *dst, const void __user *src, size_t n);
size_t copy_to_user_nofault(void __user *dst, const void *src, size_t n);

/* Copy a string with its NUL. Returns its length without it, -EFAULT, or -ENAMETOOLONG when it
 * needs more than size bytes. */
ssize_t __must_check strncpy_from_user(char *dst, const char __user *src, size_t size);

/* Length of a user string without NUL; -EFAULT; -E2BIG when longer than max. */
ssize_t __must_check strnlen_user(const char __user *s, size_t max);

/* One aligned word. */
int __must_check get_user_u32(uint32_t *val, const void __user *src);
int __must_check put_user_u32(void __user *dst, uint32_t val);

/* Atomic compare and exchange on a user word (futex): 0 and *seen = the old value, or -EFAULT. */
int __must_check cmpxchg_user_u32(void __user *p, uint32_t expected, uint32_t val, uint32_t *seen);

/* The FPU registers by FXSAVE, which the CPU must have; dst is aligned to 16 bytes. 0 or -EFAULT. */
struct fpu_state;
int __must_check fxsave_to_user(struct fpu_state __user *dst);

/* And by FXRSTOR: 0, or -EFAULT with any of them loaded, also if src is not aligned or the CPU refuses what
 * it holds. */
int __must_check fxrstor_from_user(const struct fpu_state __user *src);
