/*
 * sysv_shm.c: System V shared memory: segments that programs find by a key or a number and attach.
 *
 * A segment is a backing like shared anonymous memory, plus a name and an owner. The table of segments holds one
 * reference until IPC_RMID, each attached area another; the last one to go frees it, so that a removed
 * segment lives on for those who have it. Areas of a segment are its attachments: nattch is their number.
 *
 * Lock: shm_segments_lock (RANK_LEAF) guards the list and what IPC_SET and attaching change.
 */

#include "kernel/sysv_shm.h"

#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/shm.h"
#include "kernel/abi/stat.h"
#include "kernel/cred.h"
#include "kernel/syscall.h"
#include "kernel/sysv_shm_internal.h"
#include "kernel/time.h"
#include "mm/kmalloc.h"
#include "mm/shm.h"

#define NSEC_PER_SEC 1000000000u

struct spinlock shm_segments_lock = SPINLOCK_INIT("shm segments", RANK_LEAF);
struct list shm_segments = LIST_INIT(shm_segments);
static uint32_t segment_count;
static int32_t next_id;

static const struct backing_ops segment_ops;

uint64_t segment_clock(void)
{
	return realtime_now() / NSEC_PER_SEC;
}

static struct segment *segment_of(const struct backing *b)
{
	return container_of(b, struct segment, backing);
}

bool sysv_shm_is(const struct backing *b, uint32_t *id, uint32_t *key)
{
	if (!b || b->ops != &segment_ops)
		return false;
	*id = (uint32_t)segment_of(b)->id;
	*key = (uint32_t)segment_of(b)->first_key;
	return true;
}

/* ---- references ---- */

/* Somebody attached or detached it, or only looked. */
static void note_attachments(struct segment *s)
{
	uint32_t areas = atomic_load(&s->backing.areas);
	const struct proc *p = proc_current();

	spin_lock(&shm_segments_lock);
	if (areas > s->attached)
		s->atime = segment_clock();
	else if (areas < s->attached)
		s->dtime = segment_clock();
	if (areas != s->attached && p)
		s->lpid = p->pid;
	s->attached = areas;
	spin_unlock(&shm_segments_lock);
}

void segment_put(struct segment *s)
{
	if (atomic_dec_return(&s->refs) > 0)
		return;
	spin_lock(&shm_segments_lock);
	list_remove(&s->link);
	segment_count--;
	spin_unlock(&shm_segments_lock);
	atomic_store(&s->backing.size_pages, 0);
	cache_truncate(&s->backing, 0);
	commit_uncharge(s->committed);
	kfree(s);
}

static void segment_backing_get(struct backing *b)
{
	atomic_inc(&segment_of(b)->refs);
	note_attachments(segment_of(b));
}

static void segment_backing_put(struct backing *b)
{
	note_attachments(segment_of(b));
	segment_put(segment_of(b));
}

static const struct backing_ops segment_ops = {
	.read = shm_read,
	.write = shm_write,
	.punch = shm_punch,
	.get = segment_backing_get,
	.put = segment_backing_put,
};

/* ---- finding ---- */

/* The first segment that matches, with a reference; NULL. index counts all there are. */
static struct segment *find_locked(bool (*matches)(const struct segment *s, uint32_t n), uint32_t n)
{
	struct segment *s;

	list_for_each_entry(s, &shm_segments, link)
		if (matches(s, n) && atomic_inc_not_zero(&s->refs))
			return s;
	return NULL;
}

static bool has_id(const struct segment *s, uint32_t id)
{
	return (uint32_t)s->id == id;
}

static bool has_key(const struct segment *s, uint32_t key)
{
	return (uint32_t)s->key == key && s->key != IPC_PRIVATE;
}

int segment_find(uint32_t id, struct segment **out)
{
	spin_lock(&shm_segments_lock);
	*out = find_locked(has_id, id);
	spin_unlock(&shm_segments_lock);
	return *out ? 0 : -EINVAL;
}

int segment_find_nth(uint32_t n, struct segment **out)
{
	struct segment *s;

	*out = NULL;
	spin_lock(&shm_segments_lock);
	list_for_each_entry(s, &shm_segments, link)
		if (n-- == 0 && atomic_inc_not_zero(&s->refs)) {
			*out = s;
			break;
		}
	spin_unlock(&shm_segments_lock);
	return *out ? 0 : -EINVAL;
}

int segment_check_access(const struct segment *s, uint32_t mode)
{
	const struct proc *p = proc_current();
	uint32_t wanted = mode >> 6 | mode >> 3 | mode, granted = s->mode;

	if (p->euid == s->cuid || p->euid == s->uid)
		granted >>= 6;
	else if (cred_in_group(s->cgid) || cred_in_group(s->gid))
		granted >>= 3;
	return wanted & ~granted & 07 && !cred_is_root() ? -EACCES : 0;
}

/* ---- shmget ---- */

static bool id_is_used_locked(int32_t id)
{
	struct segment *s;

	list_for_each_entry(s, &shm_segments, link)
		if (s->id == id)
			return true;
	return false;
}

static void enter_locked(struct segment *s)
{
	do {
		s->id = next_id;
		next_id = next_id == INT32_MAX ? 0 : next_id + 1;
	} while (id_is_used_locked(s->id));
	list_add_tail(&shm_segments, &s->link);
	segment_count++;
}

static int segment_create(int32_t key, uint32_t size, uint32_t flags, struct segment **out)
{
	const struct proc *p = proc_current();
	uint32_t pages = DIV_ROUND_UP((uint64_t)size, PAGE_SIZE);
	struct segment *s;

	if (size == 0 || size > SHMMAX || flags & SHM_HUGETLB)
		return -EINVAL;
	s = kzalloc(sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->committed = flags & SHM_NORESERVE ? 0 : pages;
	if (commit_charge(s->committed) != 0) {
		kfree(s);
		return -ENOMEM;
	}
	backing_init(&s->backing, &segment_ops, pages);
	s->refs = 1;
	s->key = s->first_key = key;
	s->size = size;
	s->mode = flags & S_IRWXUGO;
	s->uid = s->cuid = p->euid;
	s->gid = s->cgid = p->egid;
	s->cpid = p->pid;
	s->ctime = segment_clock();
	*out = s;
	return 0;
}

/* The number of the segment of this key that is there, or -errno. */
static int32_t use_existing(struct segment *s, uint32_t size, uint32_t flags)
{
	int32_t result = s->id;

	if ((flags & (IPC_CREAT | IPC_EXCL)) == (IPC_CREAT | IPC_EXCL))
		result = -EEXIST;
	else if (size > s->size)
		result = -EINVAL;
	else if (segment_check_access(s, flags) != 0)
		result = -EACCES;
	segment_put(s);
	return result;
}

int32_t sys_shmget(uint32_t key, uint32_t size, uint32_t flags)
{
	struct segment *fresh = NULL, *s;
	int32_t result = 0;

	spin_lock(&shm_segments_lock);
	s = find_locked(has_key, key);
	spin_unlock(&shm_segments_lock);
	if (!s && key != IPC_PRIVATE && !(flags & IPC_CREAT))
		return -ENOENT;
	if (!s)
		result = segment_create((int32_t)key, size, flags, &fresh);
	if (result)
		return result;
	if (fresh) {
		spin_lock(&shm_segments_lock);
		s = find_locked(has_key, key); /* Somebody may have been faster. */
		if (!s && segment_count < SHMMNI)
			enter_locked(fresh);
		else
			result = -ENOSPC;
		spin_unlock(&shm_segments_lock);
		if (result) {
			commit_uncharge(fresh->committed);
			kfree(fresh);
		}
	}
	if (s)
		return use_existing(s, size, flags);
	return result ? result : fresh->id;
}

/* ---- attaching ---- */

static int segment_map(struct segment *s, uint32_t addr, uint32_t flags, int32_t *where)
{
	uint32_t vm = VM_SHARED | VM_READ, how = 0;
	int32_t result;

	if (!(flags & SHM_RDONLY))
		vm |= VM_WRITE | VM_MAYWRITE;
	if (flags & SHM_EXEC)
		vm |= VM_EXEC;
	if (addr)
		how = flags & SHM_REMAP ? MAP_HOW_FIXED : MAP_HOW_NOREPLACE;
	if (how & MAP_HOW_NOREPLACE && addr + s->size < addr)
		return -EINVAL;
	result = aspace_map(thread_current()->aspace, addr, s->size, vm, how, &s->backing, 0);
	if (IS_MAP_ERROR(result))
		return result == -EEXIST ? -EINVAL : result;
	*where = result;
	return 0;
}

static int shm_attach(uint32_t id, uint32_t addr, uint32_t flags, int32_t *where)
{
	uint32_t wanted = 0444u;
	struct segment *s;
	int err;

	if ((int32_t)id < 0)
		return -EINVAL;
	if (addr & (PAGE_SIZE - 1)) {
		if (!(flags & SHM_RND))
			return -EINVAL;
		addr = ALIGN_DOWN(addr, PAGE_SIZE);
		if (!addr && flags & SHM_REMAP)
			return -EINVAL;
	} else if (!addr && flags & SHM_REMAP) {
		return -EINVAL;
	}
	if (!(flags & SHM_RDONLY))
		wanted |= 0222u;
	if (flags & SHM_EXEC)
		wanted |= 0111u;
	err = segment_find(id, &s);
	if (err)
		return err;
	err = segment_check_access(s, wanted);
	if (!err)
		err = segment_map(s, addr, flags, where);
	segment_put(s);
	return err;
}

int32_t sys_shmat(uint32_t id, uint32_t addr, uint32_t flags)
{
	int32_t where;
	int err = shm_attach(id, addr, flags, &where);

	return err ? err : where;
}

int32_t sys_shmdt(uint32_t addr)
{
	if (addr & (PAGE_SIZE - 1))
		return -EINVAL;
	return aspace_detach(thread_current()->aspace, addr, &segment_ops);
}

/* ---- the older door ---- */

int32_t sys_ipc(uint32_t call, uint32_t first, uint32_t second, uint32_t third, uint32_t ptr,
		uint32_t fifth)
{
	int32_t where;
	int err;

	(void)fifth;
	switch (call & 0xFFFF) {
	case IPC_CALL_SHMAT:
		err = call >> 16 == 1 ? -EINVAL : shm_attach(first, ptr, second, &where);
		return err ? err : put_user_u32((void __user *)third, (uint32_t)where);
	case IPC_CALL_SHMDT:
		return sys_shmdt(ptr);
	case IPC_CALL_SHMGET:
		return sys_shmget(first, second, third);
	case IPC_CALL_SHMCTL:
		if (!(second & IPC_64) && second != IPC_RMID) /* Structs of before Linux 2.4. */
			return -EINVAL;
		return sys_shmctl(first, second & ~IPC_64, ptr);
	default:
		return -ENOSYS; /* Semaphores and messages. */
	}
}
