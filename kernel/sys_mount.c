/*
 * sys_mount.c: mounting, and writing everything back.
 */
#include "fs/caller.h"
#include "fs/inode.h"
#include "fs/mount.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/stat.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"
#include "kernel/user_path.h"
#include "mm/kmalloc.h"

/* A string that may be left out. 0 and *out (NULL when left out), to be freed with path_free. */
static int optional_string(uint32_t user, char **out)
{
	*out = NULL;
	return user ? path_from_user(user, out) : 0;
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

int32_t sys_mount(uint32_t source_user, uint32_t target_user, uint32_t type_user, uint32_t flags,
		  uint32_t data_user)
{
	char *source = NULL, *type = NULL, *data = NULL;
	struct path target;
	int err = optional_string(type_user, &type);

	if (!err)
		err = optional_string(source_user, &source);
	if (!err)
		err = optional_string(data_user, &data);
	if (!err)
		err = user_path_lookup((uint32_t)AT_FDCWD, target_user, LOOKUP_FOLLOW, &target);
	if (!err) {
		if (caller_current().uid != 0)
			err = -EPERM;
		else
			err = vfs_mount(proc_current()->fs, source ? source : "none", &target,
					or_empty(type), flags, or_empty(data));
		path_put(&target);
	}
	path_free(data);
	path_free(source);
	path_free(type);
	return err;
}

/* MNT_FORCE and MNT_DETACH ask for more than we do: what is in use stays mounted (-EBUSY). */
int32_t sys_umount(uint32_t target_user, uint32_t flags)
{
	struct path target;
	int err;

	if (flags & ~(MNT_FORCE | MNT_DETACH | UMOUNT_NOFOLLOW))
		return -EINVAL;
	if (caller_current().uid != 0)
		return -EPERM;
	err = user_path_lookup((uint32_t)AT_FDCWD, target_user,
			       flags & UMOUNT_NOFOLLOW ? 0 : LOOKUP_FOLLOW, &target);
	return err ? err : vfs_umount(&target);
}

int32_t sys_sync(void)
{
	super_sync_all();
	return 0;
}

int32_t sys_syncfs(uint32_t fd)
{
	struct file *f = user_file_io(fd);
	int err = f ? super_sync(f->inode->super) : -EBADF;

	file_put(f);
	return err;
}

/* The range is a hint at how much the caller needs: all that is dirty in the file is written. */
int32_t sys_sync_file_range(uint32_t fd, uint32_t off_low, uint32_t off_high, uint32_t len_low,
			    uint32_t len_high, uint32_t flags)
{
	loff_t off = (loff_t)((uint64_t)off_high << 32 | off_low);
	loff_t len = (loff_t)((uint64_t)len_high << 32 | len_low), end;
	struct file *f = user_file_io(fd);
	int err = 0;

	if (!f)
		return -EBADF;
	if (flags & ~SYNC_FILE_RANGE_ALL || off < 0 || __builtin_add_overflow(off, len, &end) ||
	    end < off)
		err = -EINVAL;
	else if (!f->ops->mmap && !S_ISDIR(f->inode->mode))
		err = -ESPIPE; /* It has no pages. */
	else if (flags && f->ops->mmap)
		err = cache_flush(f->ops->mmap(f));
	file_put(f);
	return err;
}
