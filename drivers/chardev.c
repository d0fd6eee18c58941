/*
 * chardev.c: the list of character devices.
 *
 * Filled at boot by one thread and never changed afterwards, so readers need no lock.
 */
#include "drivers/chardev.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/string.h"

static struct list chardevs = LIST_INIT(chardevs);

static const struct chardev *chardev_find(uint32_t major, uint32_t minor)
{
	const struct chardev *dev;

	list_for_each_entry(dev, &chardevs, link)
		if (dev->major == major && dev->minor == minor)
			return dev;
	return NULL;
}

void chardev_register(struct chardev *dev)
{
	const struct chardev *old;

	list_for_each_entry(old, &chardevs, link)
		if (strcmp(old->name, dev->name) == 0)
			panic("chardev: two devices named %s", dev->name);
	if (chardev_find(dev->major, dev->minor))
		panic("chardev: %s: %u:%u is taken", dev->name, dev->major, dev->minor);
	list_add_tail(&chardevs, &dev->link);
}

int chardev_open(struct chardev_handle *h, uint32_t major, uint32_t minor, bool noctty)
{
	const struct chardev *dev = chardev_find(major, minor);

	if (!dev)
		return -ENXIO;
	*h = (struct chardev_handle){.dev = dev, .private = dev->private};
	return dev->ops->open ? dev->ops->open(h, noctty) : 0;
}

void chardev_close(struct chardev_handle *h)
{
	if (h->dev->ops->release)
		h->dev->ops->release(h);
}

const struct chardev *chardev_next(const struct chardev *prev)
{
	const struct list *next = prev ? prev->link.next : chardevs.next;

	return next == &chardevs ? NULL : list_entry(next, const struct chardev, link);
}
