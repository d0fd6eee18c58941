/* memfd.c: see memfd.h. They live in a tmpfs that is in no tree. */
#include "fs/memfd.h"

#include "fs/caller.h"
#include "fs/dcache.h"
#include "fs/file.h"
#include "fs/inode.h"
#include "fs/mount.h"
#include "fs/tmpfs.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/stat.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/printf.h"

static struct mount *memfd_mount;

static int mount_nameless(struct super *s, const char *options, struct inode **root)
{
	s->flags |= SUPER_NAMELESS;
	return tmpfs_mount(s, options, root);
}

void memfd_init(void)
{
	static struct fs_type type = {.name = "tmpfs", .single = true, .mount = mount_nameless};
	struct super *s;

	if (super_open(&type, NULL, "size=0", 0, &s) == 0) /* No limit but that of all of them. */
		memfd_mount = mount_create_nameless(s);
	BUG_ON(!memfd_mount);
}

int memfd_create(const char *name, struct file **out)
{
	struct fs_caller c = caller_current();
	char shown[MEMFD_NAME_MAX + sizeof("/memfd: (deleted)")];
	struct path at = {.mount = memfd_mount};
	struct inode *inode;
	int err = tmpfs_create_unnamed(memfd_mount->super, S_IFREG | S_IRWXUGO, &inode);

	if (err)
		return err;
	inode->uid = c.uid;
	inode->gid = c.gid;
	snprintf(shown, sizeof(shown), "/memfd:%s (deleted)", name);
	at.dentry = dentry_create_root(inode, shown);
	if (!at.dentry)
		return -ENOMEM;
	*out = file_alloc(&at, O_RDWR | O_LARGEFILE, inode->file_ops);
	err = *out ? inode_get_write(inode)
		   : -ENOMEM; /* A file open for writing, as file_put takes it. */
	dentry_put(at.dentry);
	return err;
}
