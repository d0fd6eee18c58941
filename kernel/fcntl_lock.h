/* fcntl_lock.h: the record lock commands of fcntl(2) on f, which is descriptor fd, for the
 * struct flock64 at user address arg. 0 or -errno. */
#pragma once

#include "fs/file.h"

int fcntl_lock(struct file *f, uint32_t fd, uint32_t cmd, uint32_t arg);
