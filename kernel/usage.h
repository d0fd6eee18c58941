/* usage.h: times and usage in the forms that calls and /proc give them. */
#pragma once

#include "kernel/abi/resource.h"
#include "kernel/proc.h"

/* Nanoseconds in clock ticks of USER_HZ. */
uint64_t ns_to_user_ticks(uint64_t ns);

void usage_to_rusage(const struct proc_usage *u, struct rusage *out);

/* The system as a whole: user time of all processes ever, and how many there were. */
uint64_t usage_user_ns(void);
uint32_t usage_forks(void);
