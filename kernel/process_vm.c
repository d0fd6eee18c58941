/* process_vm.c: process_vm_readv(2) and process_vm_writev(2), and what /proc/PID/mem does too. */

#include "kernel/process_vm.h"

#include "kernel/abi/errno.h"
#include "kernel/cred.h"
#include "kernel/syscall.h"
#include "kernel/user_iov.h"
#include "mm/kmalloc.h"

ssize_t process_vm_move(struct aspace *as, uint32_t va, size_t n, struct uio *u, char *buf,
			bool write)
{
	size_t want = MIN(MIN(n, u->resid), PAGE_SIZE), moved;

	if (va >= USER_END)
		return -EIO;
	if (write) {
		want = uio_copy_in(u, buf, want);
		moved = aspace_write(as, va, buf, want);
	} else {
		want = aspace_read(as, va, buf, want);
		if (want == 0)
			return -EIO;
		moved = uio_copy_out(u, buf, want);
	}
	if (moved == 0)
		return write && want > 0 ? -EIO : -EFAULT;
	return (ssize_t)moved;
}

/* Move one segment of the other process. Bytes moved, fewer than there are when something is missing. */
static size_t move_segment(struct aspace *as, const struct iov *v, struct uio *u, char *buf,
			   bool write)
{
	size_t done = 0;

	while (done < v->len && u->resid > 0) {
		uint32_t va = v->base + done;
		size_t want = MIN(v->len - done, PAGE_SIZE - (va & (PAGE_SIZE - 1)));
		ssize_t n;

		if (!write && !aspace_grants_read(as, va))
			break;
		n = process_vm_move(as, va, want, u, buf, write);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	return done;
}

static int32_t move_all(struct aspace *as, const struct iov *remote, uint32_t count, struct uio *u,
			bool write)
{
	char *buf = kmalloc(PAGE_SIZE);
	size_t done = 0, part = 0;
	bool whole = true;

	if (!buf)
		return -ENOMEM;
	for (uint32_t i = 0; i < count && u->resid > 0 && whole; i++) {
		size_t want = MIN(remote[i].len, u->resid);

		part = move_segment(as, &remote[i], u, buf, write);
		done += part;
		whole = part == want;
	}
	kfree(buf);
	return done > 0 || whole ? (int32_t)done : -EFAULT;
}

/* The memory of the process that pid is a task of. 0, -ESRCH, -EPERM. */
static int find_space(uint32_t pid, struct aspace **as)
{
	struct proc *p = proc_find_by_tid((pid_t)pid);
	int err = -ESRCH;

	*as = NULL;
	if (p && !cred_may_inspect(p)) {
		err = -EPERM;
	} else if (p) {
		*as = proc_aspace_get(p);
		err = *as ? 0 : -ESRCH;
	}
	if (p)
		proc_put(p);
	return err;
}

static bool is_empty(const struct iov *iov, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (iov[i].len > 0)
			return false;
	return true;
}

static int32_t process_vm(uint32_t pid, uint32_t local_user, uint32_t local_count,
			  uint32_t remote_user, uint32_t remote_count, uint32_t flags, bool write)
{
	struct iov *local, *remote = NULL;
	struct aspace *as = NULL;
	struct uio u;
	int32_t result;

	if (flags)
		return -EINVAL;
	result = iov_from_user(local_user, local_count, &local, &u);
	if (!result && u.resid > 0) {
		result = iov_copy_from_user(remote_user, remote_count, &remote);
		if (!result && !is_empty(remote, remote_count)) {
			result = find_space(pid, &as);
			if (!result)
				result = move_all(as, remote, remote_count, &u, write);
		}
	}
	aspace_put(as);
	kfree(remote);
	kfree(local);
	return result;
}

int32_t sys_process_vm_readv(uint32_t pid, uint32_t local, uint32_t local_count, uint32_t remote,
			     uint32_t remote_count, uint32_t flags)
{
	return process_vm(pid, local, local_count, remote, remote_count, flags, false);
}

int32_t sys_process_vm_writev(uint32_t pid, uint32_t local, uint32_t local_count, uint32_t remote,
			      uint32_t remote_count, uint32_t flags)
{
	return process_vm(pid, local, local_count, remote, remote_count, flags, true);
}
