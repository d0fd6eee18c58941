/*
 * caller.c: permissions. The three classes of a mode are tried in order, and the first that the
 * caller belongs to decides alone, as POSIX says (XBD 4.5).
 *
 * No locks: mode and owner are read once each; a change beside us counts from the next check on.
 */
#include "fs/caller.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/stat.h"

static const struct vfs_env *env;

void vfs_set_env(const struct vfs_env *table)
{
	env = table;
}

struct fs_caller caller_current(void)
{
	struct fs_caller c = {.fsize_limit = UINT32_MAX};

	if (env)
		env->caller(&c);
	return c;
}

struct timespec64 fs_now(void)
{
	struct timespec64 ts = {0, 0};

	if (env)
		env->now(&ts);
	return ts;
}

bool caller_in_group(const struct fs_caller *c, uint32_t gid)
{
	return c->gid == gid || (env && env->in_group(gid));
}

bool inode_is_owner(const struct inode *inode, const struct fs_caller *c)
{
	return c->uid == 0 || c->uid == inode->uid;
}

static bool mode_allows(const struct inode *inode, const struct fs_caller *c, uint32_t may)
{
	uint32_t mode = atomic_load(&inode->mode);

	if (c->uid == 0)
		return !(may & MAY_EXEC) || S_ISDIR(mode) || mode & 0111u;
	if (c->uid == inode->uid)
		mode >>= 6;
	else if (caller_in_group(c, inode->gid))
		mode >>= 3;
	return (mode & may) == may;
}

int inode_permission(const struct inode *inode, const struct fs_caller *c, uint32_t may)
{
	uint32_t mode = inode->mode;

	if (may & MAY_WRITE && atomic_load(&inode->super->flags) & SUPER_RDONLY &&
	    (S_ISREG(mode) || S_ISDIR(mode) || S_ISLNK(mode)))
		return -EROFS;
	return mode_allows(inode, c, may) ? 0 : -EACCES;
}
