/* rtc.h: the battery clock (MC146818), read once at boot. */
#pragma once

#include "kernel/lib/types.h"

/* Seconds since 1970-01-01 00:00 UTC; the clock is taken to be in UTC. Waits at most some
 * milliseconds for an update in progress to end. */
uint64_t rtc_read_epoch(void);
