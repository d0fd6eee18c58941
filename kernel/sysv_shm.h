/* sysv_shm.h: System V shared memory (svipc(7)). */
#pragma once

#include "kernel/lib/types.h"

struct backing;

int32_t sys_ipc(uint32_t call, uint32_t first, uint32_t second, uint32_t third, uint32_t ptr,
		uint32_t fifth);
int32_t sys_shmget(uint32_t key, uint32_t size, uint32_t flags);
int32_t sys_shmat(uint32_t id, uint32_t addr, uint32_t flags);
int32_t sys_shmdt(uint32_t addr);
int32_t sys_shmctl(uint32_t id, uint32_t cmd, uint32_t buf);

/* For /proc/PID/maps: if b is a segment, its number and the key it was made with. */
bool sysv_shm_is(const struct backing *b, uint32_t *id, uint32_t *key);

/* Register /proc/sysvipc/shm. Once. */
void sysv_shm_init(void);
