/* sysv_shm_ctl.c: shmctl(2) and /proc/sysvipc/shm: looking at segments, changing and removing them. */

#include "arch/x86/uaccess.h"
#include "fs/procfs.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/shm.h"
#include "kernel/abi/stat.h"
#include "kernel/cred.h"
#include "kernel/lib/string.h"
#include "kernel/syscall.h"
#include "kernel/sysv_shm.h"
#include "kernel/sysv_shm_internal.h"
#include "mm/shm.h"

static int check_owner(const struct segment *s)
{
	uint32_t uid = proc_current()->euid;

	return uid == s->uid || uid == s->cuid || cred_is_root() ? 0 : -EPERM;
}

static void describe(struct segment *s, struct shmid64_ds *ds)
{
	spin_lock(&shm_segments_lock);
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
	spin_unlock(&shm_segments_lock);
}

/* SHM_STAT goes by index and gives the number, IPC_STAT by number. */
static int32_t segment_stat(uint32_t id, uint32_t cmd, uint32_t buf)
{
	struct shmid64_ds ds;
	struct segment *s;
	int32_t result = cmd == IPC_STAT ? segment_find(id, &s) : segment_find_nth(id, &s);

	if (result)
		return result;
	if (cmd != SHM_STAT_ANY)
		result = segment_check_access(s, 0444u);
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
	err = segment_find(id, &s);
	if (err)
		return err;
	err = check_owner(s);
	if (!err && (ds.perm.uid == UINT32_MAX || ds.perm.gid == UINT32_MAX))
		err = -EINVAL;
	if (!err) {
		spin_lock(&shm_segments_lock);
		s->uid = ds.perm.uid;
		s->gid = ds.perm.gid;
		s->mode = (s->mode & ~S_IRWXUGO) | (ds.perm.mode & S_IRWXUGO);
		s->ctime = segment_clock();
		spin_unlock(&shm_segments_lock);
	}
	segment_put(s);
	return err;
}

static int segment_remove(uint32_t id)
{
	struct segment *s;
	bool was_there = false;
	int err = segment_find(id, &s);

	if (err)
		return err;
	err = check_owner(s);
	if (!err) {
		spin_lock(&shm_segments_lock);
		was_there = !(s->mode & SHM_DEST);
		s->mode |= SHM_DEST;
		s->key = IPC_PRIVATE;
		spin_unlock(&shm_segments_lock);
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
	int err = segment_find(id, &s);

	if (err)
		return err;
	err = check_owner(s);
	if (!err && lock && thread_current()->aspace->lock_limit == 0)
		err = -EPERM;
	if (!err) {
		spin_lock(&shm_segments_lock);
		s->mode = (s->mode & ~SHM_LOCKED) | (lock ? SHM_LOCKED : 0);
		spin_unlock(&shm_segments_lock);
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

	spin_lock(&shm_segments_lock);
	list_for_each_entry(s, &shm_segments, link) {
		use.used_ids++;
		use.tot += DIV_ROUND_UP((uint64_t)s->size, PAGE_SIZE);
		use.rss += s->backing.pages.count;
		use.swp += shm_swapped(&s->backing);
	}
	spin_unlock(&shm_segments_lock);
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

/* ---- /proc/sysvipc/shm ---- */

static int show_segments(struct text *t, const struct procfs_entry *e)
{
	struct shmid64_ds d;
	struct segment *s;

	(void)e;
	text_printf(t, "       key      shmid perms       size  cpid  lpid nattch   uid   gid  "
		       "cuid  cgid      atime      dtime      ctime        rss       swap\n");
	for (uint32_t i = 0; segment_find_nth(i, &s) == 0; i++) {
		describe(s, &d);
		text_printf(t,
			    "%10d %10d  %4o %10u %5u %5u  %5u %5u %5u %5u %5u %10llu %10llu %10llu "
			    "%10u %10u\n",
			    d.perm.key, s->id, d.perm.mode, d.segsz, d.cpid, d.lpid, d.nattch,
			    d.perm.uid, d.perm.gid, d.perm.cuid, d.perm.cgid, d.atime, d.dtime,
			    d.ctime, s->backing.pages.count << PAGE_SHIFT,
			    shm_swapped(&s->backing) << PAGE_SHIFT);
		segment_put(s);
	}
	return 0;
}

void sysv_shm_init(void)
{
	static struct procfs_entry file = {.path = "sysvipc/shm", .show = show_segments};

	procfs_register(&file);
}
