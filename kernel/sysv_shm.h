/* sysv_shm.h: System V shared memory (svipc(7)). */
#pragma once

#include "kernel/lib/types.h"

struct backing;

/* For /proc/PID/maps: if b is a segment, its number and the key it was made with. */
bool sysv_shm_is(const struct backing *b, uint32_t *id, uint32_t *key);

/* Register /proc/sysvipc/shm. Once. */
void sysv_shm_init(void);
