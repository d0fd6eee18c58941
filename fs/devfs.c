/*
 * devfs.c: see devfs.h.
 *
 * Devices are all registered before the first mount, so the nodes are made then and the rest is
 * tmpfs.
 */
#include "fs/devfs.h"

#include "drivers/block.h"
#include "drivers/chardev.h"
#include "fs/device.h"
#include "fs/inode.h"
#include "fs/tmpfs.h"
#include "kernel/abi/stat.h"

static int add_char_devices(struct inode *root)
{
	const struct chardev *dev;
	int err = 0;

	for (dev = chardev_next(NULL); dev && !err; dev = chardev_next(dev))
		err = tmpfs_add(root, dev->name, S_IFCHR | dev->mode,
				dev_make(dev->major, dev->minor), NULL, NULL);
	return err;
}

static int add_block_devices(struct inode *root)
{
	struct blockdev *dev;
	int err = 0;

	for (dev = block_next(NULL); dev && !err; dev = block_next(dev))
		err = tmpfs_add(root, dev->name, S_IFBLK | 0660, dev_make(dev->major, dev->minor),
				NULL, NULL);
	return err;
}

static int add_links(struct inode *root)
{
	static const struct {
		const char *name, *target;
	} links[] = {
		{"fd", "/proc/self/fd"},
		{"stdin", "/proc/self/fd/0"},
		{"stdout", "/proc/self/fd/1"},
		{"stderr", "/proc/self/fd/2"},
	};
	int err = 0;

	for (uint32_t i = 0; i < ARRAY_SIZE(links) && !err; i++)
		err = tmpfs_add(root, links[i].name, 0, 0, links[i].target, NULL);
	return err;
}

static int devfs_mount(struct super *s, const char *options, struct inode **root)
{
	int err = tmpfs_mount(s, *options ? options : "mode=755", root);

	if (err)
		return err;
	err = add_char_devices(*root);
	if (!err)
		err = add_block_devices(*root);
	if (!err)
		err = add_links(*root);
	if (!err) /* A place to mount shared memory on. */
		err = tmpfs_add(*root, "shm", S_IFDIR | S_ISVTX | 0777, 0, NULL, NULL);
	if (err) {
		inode_put(*root);
		s->ops->destroy(s);
	}
	return err;
}

void devfs_init(void)
{
	static struct fs_type type = {.name = "devtmpfs", .single = true, .mount = devfs_mount};

	fs_type_register(&type);
}
