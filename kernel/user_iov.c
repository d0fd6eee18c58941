/* user_iov.c: see user_iov.h. */

#include "kernel/user_iov.h"

#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/uio.h"
#include "mm/kmalloc.h"

int iov_copy_from_user(uint32_t iov_user, uint32_t count, struct iov **iov)
{
	*iov = NULL;
	if (count > IOV_MAX)
		return -EINVAL;
	*iov = kmalloc(MAX(count, 1u) * sizeof(**iov));
	if (!*iov)
		return -ENOMEM;
	if (copy_from_user(*iov, (const void __user *)iov_user, count * sizeof(**iov)))
		return -EFAULT;
	for (uint32_t i = 0; i < count; i++)
		if ((int32_t)(*iov)[i].len < 0)
			return -EINVAL;
	return 0;
}

int iov_from_user(uint32_t iov_user, uint32_t count, struct iov **iov, struct uio *u)
{
	int err = iov_copy_from_user(iov_user, count, iov);
	uint32_t total = 0;

	for (uint32_t i = 0; i < count && !err; i++) {
		struct iov *v = &(*iov)[i];

		if (v->base >= USER_END)
			err = -EFAULT;
		v->len = MIN(v->len, IO_BYTES_MAX - total);
		total += v->len;
	}
	*u = (struct uio){.iov = *iov, .count = count, .resid = total};
	return err;
}
