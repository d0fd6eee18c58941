/* device.h: special files: device nodes of any file system, led to the drivers; and FIFOs. */
#pragma once

#include "fs/vfs.h"

/* rdev as Linux's mknod(2) and stat64 encode it: minors above 255 in the upper bits. */
static inline uint32_t dev_major(uint32_t rdev)
{
	return rdev >> 8 & 0xFFFu;
}

static inline uint32_t dev_minor(uint32_t rdev)
{
	return (rdev & 0xFFu) | (rdev >> 12 & 0xFFF00u);
}

static inline uint32_t dev_make(uint32_t major, uint32_t minor)
{
	return (minor & 0xFFu) | major << 8 | (minor & 0xFFF00u) << 12;
}

/* The file_ops for an inode of this mode: devices, FIFOs. NULL for all other types: they are the
 * file system's own matter. */
const struct file_ops *special_file_ops(uint32_t mode);
