/* loadavg.h: how busy the system is, averaged (proc(5), /proc/loadavg). */
#pragma once

#include "kernel/lib/types.h"

#define LOAD_SHIFT 11 /* Fixed point: 1.0 is 1 << 11, as in Linux. */

void loadavg_init(void);

/* The averages over 1, 5 and 15 minutes. */
void loadavg_get(uint32_t loads[3]);
