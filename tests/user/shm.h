/* shm.h: System V shared memory, without what a C library adds to it. */
#pragma once

#include "check.h"

#include <sys/ipc.h>
#include <sys/shm.h>

static inline struct shmid_ds shm_stat(int id)
{
	struct shmid_ds ds;

	CHECK(shmctl(id, IPC_STAT, &ds) == 0);
	return ds;
}

static inline int shm_make(size_t bytes, int flags)
{
	int id = shmget(IPC_PRIVATE, bytes, IPC_CREAT | flags);

	CHECK(id >= 0);
	return id;
}
