/*
 * devfs.h: /dev ("devtmpfs"): a tmpfs that begins with a node for every device the drivers know,
 * and links to the standard streams. One instance, whoever mounts it.
 */
#pragma once

void devfs_init(void);
