/*
 * pipefs.c: where pipes without a name live: an instance that is in no tree, so that a pipe's two
 * files have an inode and a place as all files have, and /proc/PID/fd can lead to them.
 */
#include "fs/caller.h"
#include "fs/dcache.h"
#include "fs/inode.h"
#include "fs/mount.h"
#include "fs/pipe.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/stat.h"
#include "kernel/abi/statfs.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/printf.h"
#include "mm/kmalloc.h"

static struct mount *pipe_mount;
static uint32_t last_ino;

static struct inode *pipefs_alloc(struct super *s)
{
	(void)s;
	return kzalloc(sizeof(struct inode));
}

static void pipefs_free(struct inode *inode)
{
	kfree(inode);
}

static int pipefs_statfs(struct super *s, struct statfs_info *out)
{
	(void)s;
	*out = (struct statfs_info){.type = PIPEFS_MAGIC, .bsize = PAGE_SIZE};
	return 0;
}

static const struct super_ops pipefs_ops = {
	.alloc = pipefs_alloc,
	.free = pipefs_free,
	.statfs = pipefs_statfs,
};

static const struct inode_ops pipe_inode_ops;

static struct inode *pipefs_inode(struct super *s, uint32_t mode)
{
	struct fs_caller c = caller_current();
	struct inode *inode = inode_alloc(s, atomic_add_return(&last_ino, 1), NULL);

	if (!inode)
		return NULL;
	inode->ops = &pipe_inode_ops;
	inode->file_ops = &pipe_file_ops;
	inode->mode = mode;
	inode->uid = c.uid;
	inode->gid = c.gid;
	return inode;
}

static int pipefs_mount(struct super *s, const char *options, struct inode **root)
{
	(void)options;
	s->ops = &pipefs_ops;
	s->flags |= SUPER_NAMELESS;
	*root = pipefs_inode(s, S_IFDIR);
	return *root ? 0 : -ENOMEM;
}

void pipe_init(void)
{
	static struct fs_type type = {.name = "pipefs", .single = true, .mount = pipefs_mount};
	struct super *s;

	if (super_open(&type, NULL, "", 0, &s) == 0)
		pipe_mount = mount_create_nameless(s);
	BUG_ON(!pipe_mount);
}

/* A place that only the pipe's two files know. */
static int pipe_place(struct path *out)
{
	struct inode *inode = pipefs_inode(pipe_mount->super, S_IFIFO | 0600);
	char name[24];
	struct path at = {.mount = pipe_mount};

	if (!inode)
		return -ENOMEM;
	snprintf(name, sizeof(name), "pipe:[%u]", (uint32_t)inode->ino);
	at.dentry = dentry_create_root(inode, name);
	if (!at.dentry)
		return -ENOMEM;
	*out = path_get(&at);
	dentry_put(at.dentry);
	return 0;
}

static int open_end(const struct path *p, uint32_t flags, struct file **out)
{
	struct file *f = file_alloc(p, flags, &pipe_file_ops);
	int err = f ? pipe_attach(f) : -ENOMEM;

	if (!err)
		*out = f;
	else if (f)
		file_discard(f);
	return err;
}

int pipe_create(uint32_t flags, struct file **read_end, struct file **write_end)
{
	struct path p;
	int err = pipe_place(&p);

	if (err)
		return err;
	err = open_end(&p, O_RDONLY | (flags & O_NONBLOCK), read_end);
	if (!err) {
		err = open_end(&p, O_WRONLY | (flags & O_NONBLOCK), write_end);
		if (err)
			file_put(*read_end);
	}
	path_put(&p);
	return err;
}
