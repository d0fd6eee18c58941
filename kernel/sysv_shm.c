/*
 * sysv_shm.c: System V shared memory: segments that programs find by a key or a number and attach.
 *
 * A segment is a backing like shared anonymous memory, plus a name and an owner. The table of segments holds one
 * reference until IPC_RMID, each attached area another; the last one to go frees it, so that a removed
 * segment lives on for those who have it. Areas of a segment are its attachments: nattch is their number.
 *
 * Lock: segments_lock (RANK_LEAF) guards the list and what IPC_SET and attaching change.
 */

#include "kernel/sysv_shm.h"

#include "arch/x86/uaccess.h"
#include "fs/procfs.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/shm.h"
#include "kernel/abi/stat.h"
#include "kernel/cred.h"
#include "kernel/time.h"
#include "mm/kmalloc.h"
#include "mm/shm.h"

#define SHMMAX (UINT32_MAX - (1u << 24)) /* Linux's defaults. */
#define SHMMNI 4096u
#define NSEC_PER_SEC 1000000000u

struct segment {
	struct backing backing;
	uint32_t refs;	  /* Atomic. */
	struct list link; /* All segments by age, until the last reference is gone. */
	int32_t id, key;  /* key: IPC_PRIVATE when nobody finds it by one. */
	int32_t first_key;
	uint32_t size;	    /* Bytes. */
	uint32_t committed; /* Pages. */
	uint32_t mode, uid, gid, cuid, cgid;
	uint64_t atime, dtime, ctime; /* Seconds. */
	int32_t cpid, lpid;
	uint32_t attached; /* Areas when they were last looked at. */
};

static struct spinlock segments_lock = SPINLOCK_INIT("shm segments", RANK_LEAF);
static struct list segments = LIST_INIT(segments);
static uint32_t segment_count;
static int32_t next_id;

static const struct backing_ops segment_ops;

static uint64_t now(void)
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

	spin_lock(&segments_lock);
	if (areas > s->attached)
		s->atime = now();
	else if (areas < s->attached)
		s->dtime = now();
	if (areas != s->attached && p)
		s->lpid = p->pid;
	s->attached = areas;
	spin_unlock(&segments_lock);
}

static void segment_put(struct segment *s)
{
	if (atomic_dec_return(&s->refs) > 0)
		return;
	spin_lock(&segments_lock);
	list_remove(&s->link);
	segment_count--;
	spin_unlock(&segments_lock);
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
	.punch = shm_punch,
	.get = segment_backing_get,
	.put = segment_backing_put,
};

/* ---- finding ---- */

/* The first segment that matches, with a reference; NULL. index counts all there are. */
static struct segment *find_locked(bool (*matches)(const struct segment *s, uint32_t n), uint32_t n)
{
	struct segment *s;

	list_for_each_entry(s, &segments, link)
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

/* 0, or -EINVAL: no such segment. */
static int find_by_id(uint32_t id, struct segment **out)
{
	spin_lock(&segments_lock);
	*out = find_locked(has_id, id);
	spin_unlock(&segments_lock);
	return *out ? 0 : -EINVAL;
}

/* The n-th of all segments. */
static int find_by_index(uint32_t n, struct segment **out)
{
	struct segment *s;

	*out = NULL;
	spin_lock(&segments_lock);
	list_for_each_entry(s, &segments, link)
		if (n-- == 0 && atomic_inc_not_zero(&s->refs)) {
			*out = s;
			break;
		}
	spin_unlock(&segments_lock);
	return *out ? 0 : -EINVAL;
}

/* May the current process do this: bits of a mode, of any class? */
static int check_access(const struct segment *s, uint32_t mode)
{
	const struct proc *p = proc_current();
	uint32_t wanted = mode >> 6 | mode >> 3 | mode, granted = s->mode;

	if (p->euid == s->cuid || p->euid == s->uid)
		granted >>= 6;
	else if (cred_in_group(s->cgid) || cred_in_group(s->gid))
		granted >>= 3;
	return wanted & ~granted & 07 && !cred_is_root() ? -EACCES : 0;
}

static int check_owner(const struct segment *s)
{
	uint32_t uid = proc_current()->euid;

	return uid == s->uid || uid == s->cuid || cred_is_root() ? 0 : -EPERM;
}

/* ---- shmget ---- */

static bool id_is_used_locked(int32_t id)
{
	struct segment *s;

	list_for_each_entry(s, &segments, link)
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
	list_add_tail(&segments, &s->link);
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
	s->ctime = now();
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
	else if (check_access(s, flags) != 0)
		result = -EACCES;
	segment_put(s);
	return result;
}

int32_t sys_shmget(uint32_t key, uint32_t size, uint32_t flags)
{
	struct segment *fresh = NULL, *s;
	int32_t result = 0;

	spin_lock(&segments_lock);
	s = find_locked(has_key, key);
	spin_unlock(&segments_lock);
	if (!s && key != IPC_PRIVATE && !(flags & IPC_CREAT))
		return -ENOENT;
	if (!s)
		result = segment_create((int32_t)key, size, flags, &fresh);
	if (result)
		return result;
	if (fresh) {
		spin_lock(&segments_lock);
		s = find_locked(has_key, key); /* Somebody may have been faster. */
		if (!s && segment_count < SHMMNI)
			enter_locked(fresh);
		else
			result = -ENOSPC;
		spin_unlock(&segments_lock);
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
	err = find_by_id(id, &s);
	if (err)
		return err;
	err = check_access(s, wanted);
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

/* ---- shmctl ---- */

static void describe(struct segment *s, struct shmid64_ds *ds)
{
	spin_lock(&segments_lock);
	*ds = (struct shmid64_ds){
		.perm = {.key = s->key,
			 .uid = s->uid,
			 .gid = s->gid,
			 .cuid = s->cuid,
			 .cgid = s->cgid,
			 .mode = (uint16_t)s->mode,
			 .seq = (uint16_t)(s->id >> 15)},
		.segsz = s->size,
		.atime = s->atime,
		.dtime = s->dtime,
		.ctime = s->ctime,
		.cpid = s->cpid,
		.lpid = s->lpid,
		.nattch = atomic_load(&s->backing.areas),
	};
	spin_unlock(&segments_lock);
}

/* SHM_STAT goes by index and gives the number, IPC_STAT by number. */
static int32_t segment_stat(uint32_t id, uint32_t cmd, uint32_t buf)
{
	struct shmid64_ds ds;
	struct segment *s;
	int32_t result = cmd == IPC_STAT ? find_by_id(id, &s) : find_by_index(id, &s);

	if (result)
		return result;
	if (cmd != SHM_STAT_ANY)
		result = check_access(s, 0444u);
	if (!result) {
		describe(s, &ds);
		result = copy_to_user((void __user *)buf, &ds, sizeof(ds));
	}
	if (!result && cmd != IPC_STAT)
		result = s->id;
	segment_put(s);
	return result;
}

static int segment_set(uint32_t id, uint32_t buf)
{
	struct shmid64_ds ds;
	struct segment *s;
	int err;

	if (copy_from_user(&ds, (const void __user *)buf, sizeof(ds)))
		return -EFAULT;
	err = find_by_id(id, &s);
	if (err)
		return err;
	err = check_owner(s);
	if (!err && (ds.perm.uid == UINT32_MAX || ds.perm.gid == UINT32_MAX))
		err = -EINVAL;
	if (!err) {
		spin_lock(&segments_lock);
		s->uid = ds.perm.uid;
		s->gid = ds.perm.gid;
		s->mode = (s->mode & ~S_IRWXUGO) | (ds.perm.mode & S_IRWXUGO);
		s->ctime = now();
		spin_unlock(&segments_lock);
	}
	segment_put(s);
	return err;
}

static int segment_remove(uint32_t id)
{
	struct segment *s;
	bool was_there = false;
	int err = find_by_id(id, &s);

	if (err)
		return err;
	err = check_owner(s);
	if (!err) {
		spin_lock(&segments_lock);
		was_there = !(s->mode & SHM_DEST);
		s->mode |= SHM_DEST;
		s->key = IPC_PRIVATE;
		spin_unlock(&segments_lock);
	}
	if (was_there)
		segment_put(s); /* The table's. */
	segment_put(s);
	return err;
}

/* Pages are never evicted for want of a place to go; the mode remembers what was asked. */
static int segment_lock(uint32_t id, bool lock)
{
	struct segment *s;
	int err = find_by_id(id, &s);

	if (err)
		return err;
	err = check_owner(s);
	if (!err && lock && thread_current()->aspace->lock_limit == 0)
		err = -EPERM;
	if (!err) {
		spin_lock(&segments_lock);
		s->mode = (s->mode & ~SHM_LOCKED) | (lock ? SHM_LOCKED : 0);
		spin_unlock(&segments_lock);
	}
	segment_put(s);
	return err;
}

/* The highest index there is, as both calls for information give it. */
static int32_t copy_information(uint32_t cmd, uint32_t buf)
{
	struct shminfo64 limits = {.shmmax = SHMMAX,
				   .shmmin = 1,
				   .shmmni = SHMMNI,
				   .shmseg = SHMMNI,
				   .shmall = SHMMAX};
	struct shm_info use = {0};
	struct segment *s;
	int err;

	spin_lock(&segments_lock);
	list_for_each_entry(s, &segments, link) {
		use.used_ids++;
		use.tot += DIV_ROUND_UP((uint64_t)s->size, PAGE_SIZE);
		use.rss += s->backing.pages.count;
	}
	spin_unlock(&segments_lock);
	if (cmd == IPC_INFO)
		err = copy_to_user((void __user *)buf, &limits, sizeof(limits));
	else
		err = copy_to_user((void __user *)buf, &use, sizeof(use));
	return err ? err : MAX(use.used_ids - 1, 0);
}

int32_t sys_shmctl(uint32_t id, uint32_t cmd, uint32_t buf)
{
	if ((int32_t)cmd < 0 || (int32_t)id < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_INFO:
	case SHM_INFO:
		return copy_information(cmd, buf);
	case IPC_STAT:
	case SHM_STAT:
	case SHM_STAT_ANY:
		return segment_stat(id, cmd, buf);
	case IPC_SET:
		return segment_set(id, buf);
	case IPC_RMID:
		return segment_remove(id);
	case SHM_LOCK:
	case SHM_UNLOCK:
		return segment_lock(id, cmd == SHM_LOCK);
	default:
		return -EINVAL;
	}
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

/* ---- /proc/sysvipc/shm ---- */

static int show_segments(struct text *t, const struct procfs_entry *e)
{
	struct shmid64_ds d;
	struct segment *s;

	(void)e;
	text_printf(t, "       key      shmid perms       size  cpid  lpid nattch   uid   gid  "
		       "cuid  cgid      atime      dtime      ctime        rss       swap\n");
	for (uint32_t i = 0; find_by_index(i, &s) == 0; i++) {
		describe(s, &d);
		text_printf(t,
			    "%10d %10d  %4o %10u %5u %5u  %5u %5u %5u %5u %5u %10llu %10llu %10llu "
			    "%10u %10u\n",
			    d.perm.key, s->id, d.perm.mode, d.segsz, d.cpid, d.lpid, d.nattch,
			    d.perm.uid, d.perm.gid, d.perm.cuid, d.perm.cgid, d.atime, d.dtime,
			    d.ctime, s->backing.pages.count << PAGE_SHIFT, 0);
		segment_put(s);
	}
	return 0;
}

void sysv_shm_init(void)
{
	static struct procfs_entry file = {.path = "sysvipc/shm", .show = show_segments};

	procfs_register(&file);
}
