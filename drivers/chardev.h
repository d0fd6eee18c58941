/*
 * chardev.h: the character devices: who has which number, and what can be done with them.
 *
 * Devices are registered at boot and live for ever, so the registry needs no references. A device
 * knows nothing of files: the file layer keeps one struct chardev_handle per open file.
 *
 *	struct chardev_handle h;
 *	err = chardev_open(&h, 5, 0, false);
 *	n = h.dev->ops->read(&h, &uio, false);
 *	chardev_close(&h);
 */
#pragma once

#include "kernel/lib/list.h"
#include "kernel/sync/poll.h"
#include "mm/uio.h"

/* Numbers as Linux gives them (Documentation/admin-guide/devices.txt). */
#define CHARDEV_MEM_MAJOR 1
#define CHARDEV_TTY_MAJOR 4
#define CHARDEV_TTYAUX_MAJOR 5

struct chardev;

/* One open of a device. Filled by chardev_open; private and state are the device's own. */
struct chardev_handle {
	const struct chardev *dev;
	void *private;
	uint64_t state;
};

/*
 * What a device does. May sleep. Moving bytes ends short when a user page is missing; -EFAULT only
 * when nothing was moved. nonblock: -EAGAIN instead of waiting. An interrupted wait that moved
 * nothing is -ERESTARTSYS.
 */
struct chardev_ops {
	/* Fill the handle; noctty: do not make it the controlling terminal. NULL: nothing to do. */
	int (*open)(struct chardev_handle *h, bool noctty);
	ssize_t (*read)(struct chardev_handle *h, struct uio *u, bool nonblock);
	ssize_t (*write)(struct chardev_handle *h, struct uio *u, bool nonblock);
	/* arg is a number or a user address, as cmd says. NULL: -ENOTTY. */
	int (*ioctl)(struct chardev_handle *h, uint32_t cmd, uint32_t arg);
	/* The events (abi/poll.h) that hold now; pt may be NULL. NULL op: always ready. */
	uint32_t (*poll)(struct chardev_handle *h, struct poll_table *pt);
	void (*release)(struct chardev_handle *h); /* NULL: nothing to do. */
	bool can_seek;	     /* lseek succeeds and reads as 0; else -ESPIPE. */
	bool maps_anonymous; /* A mapping is anonymous memory; else -ENODEV. Implies can_seek. */
};

struct chardev {
	const char *name; /* Below /dev. */
	uint32_t major, minor;
	uint32_t mode; /* Permission bits. */
	const struct chardev_ops *ops;
	void *private; /* The driver's own. */
	struct list link;
};

/* Enter a device for good. A second one with its name or numbers is a kernel bug: panics. */
void chardev_register(struct chardev *dev);

/* Open by number. 0; -ENXIO when nobody has it; what the device's open says. */
int chardev_open(struct chardev_handle *h, uint32_t major, uint32_t minor, bool noctty);
void chardev_close(struct chardev_handle *h);

/* The device after prev in the order of registration, NULL first and last: for devfs. */
const struct chardev *chardev_next(const struct chardev *prev);
