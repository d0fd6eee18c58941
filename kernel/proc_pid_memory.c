/*
 * proc_pid_memory.c: the files of /proc/PID that are no text: its memory (mem) and its page tables
 * (pagemap), by address; and clear_refs, which changes them.
 *
 * An open file stays with the address space it was opened for: after an execve it reads as empty.
 */

#include "kernel/abi/errno.h"
#include "kernel/cred.h"
#include "kernel/lib/string.h"
#include "kernel/proc_pid_files.h"
#include "kernel/process_vm.h"
#include "mm/kmalloc.h"
#include "mm/report.h"

#define NO_SPACE UINT64_MAX /* Opened when the process had none. */
#define WORDS_AT_ONCE 64u   /* Of pagemap: they are on the stack. */

struct aspace *proc_who_aspace(const struct procfs_who *who)
{
	struct aspace *as = proc_aspace_get(who->proc);

	if (!as || who->space == 0 || who->space == as->id)
		return as;
	aspace_put(as);
	return NULL;
}

int proc_open_memory(struct procfs_who *who)
{
	struct aspace *as;

	if (!cred_may_inspect(who->proc))
		return -EACCES;
	as = proc_aspace_get(who->proc);
	who->space = as ? as->id : NO_SPACE;
	aspace_put(as);
	return 0;
}

/* ---- mem ---- */

void proc_append_memory(struct text *t, struct aspace *as, uint32_t start, uint32_t end)
{
	char chunk[256];

	while (start < end) {
		size_t want = MIN(end - start, sizeof(chunk));
		size_t got = aspace_read(as, start, chunk, want);

		text_append(t, chunk, got);
		if (got < want)
			return;
		start += got;
	}
}

static ssize_t mem_transfer(const struct procfs_who *who, struct uio *u, loff_t *pos, bool write)
{
	struct aspace *as = proc_who_aspace(who);
	char *buf = kmalloc(PAGE_SIZE);
	ssize_t done = 0, n = 0;

	if (!buf)
		n = -ENOMEM;
	while (as && u->resid > 0 && n >= 0) {
		size_t want = MIN(u->resid, PAGE_SIZE);

		n = *pos < USER_END ? process_vm_move(as, (uint32_t)*pos, want, u, buf, write)
				    : -EIO;
		if (n < 0)
			break;
		done += n;
		*pos += n;
		if ((size_t)n < want)
			break;
	}
	kfree(buf);
	aspace_put(as);
	return done > 0 ? done : n;
}

ssize_t proc_read_mem(const struct procfs_who *who, struct uio *u, loff_t *pos)
{
	return mem_transfer(who, u, pos, false);
}

ssize_t proc_write_mem(const struct procfs_who *who, struct uio *u, loff_t *pos)
{
	return mem_transfer(who, u, pos, true);
}

/* ---- pagemap ---- */

ssize_t proc_read_pagemap(const struct procfs_who *who, struct uio *u, loff_t *pos)
{
	const loff_t end = (loff_t)(USER_END >> PAGE_SHIFT) * sizeof(uint64_t);
	struct aspace *as = proc_who_aspace(who);
	uint64_t words[WORDS_AT_ONCE];
	ssize_t done = 0, err = 0;

	if ((*pos | u->resid) % sizeof(uint64_t) != 0)
		err = -EINVAL;
	while (as && !err && u->resid > 0 && *pos < end) {
		size_t want = MIN(MIN(u->resid, sizeof(words)), (size_t)(end - *pos));
		uint32_t va = (uint32_t)(*pos / sizeof(uint64_t)) << PAGE_SHIFT;
		size_t moved;

		rwlock_read_lock(&as->lock);
		report_pagemap(as, va, words, want / sizeof(uint64_t), cred_is_root());
		rwlock_read_unlock(&as->lock);
		moved = uio_copy_out(u, words, want);
		done += (ssize_t)moved;
		*pos += moved;
		if (moved < want)
			err = -EFAULT;
	}
	aspace_put(as);
	return done > 0 ? done : err;
}

/* ---- clear_refs ---- */

int proc_store_clear_refs(const struct procfs_who *who, const char *text)
{
	struct aspace *as;

	if (text[0] < '1' || text[0] > '3' || (text[1] && text[1] != '\n'))
		return -EINVAL;
	as = proc_who_aspace(who);
	if (!as)
		return 0;
	rwlock_read_lock(&as->lock);
	report_clear_refs(as, text[0] != '3', text[0] != '2');
	rwlock_read_unlock(&as->lock);
	aspace_put(as);
	return 0;
}
