/*
 * abi/time.h: clocks and times as Linux i386 has them (include/uapi/linux/time.h, time_types.h). Every call
 * that takes a time has an old form with 32-bit seconds and one named *_time64.
 */
#pragma once

#include <stdint.h>

#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID 3
#define CLOCK_MONOTONIC_RAW 4
#define CLOCK_REALTIME_COARSE 5
#define CLOCK_MONOTONIC_COARSE 6
#define CLOCK_BOOTTIME 7
#define CLOCK_TAI 11

/*
 * A negative clock id names the CPU time of one process or task: ~number << 3, a bit for "task", and
 * which time (include/linux/posix-timers_types.h).
 */
#define CPUCLOCK_NUMBER(id) (~((int32_t)(id) >> 3))
#define CPUCLOCK_TASK 4
#define CPUCLOCK_WHICH 3
#define CPUCLOCK_PROF 0	 /* User and system time. */
#define CPUCLOCK_VIRT 1	 /* User time. */
#define CPUCLOCK_SCHED 2 /* User and system time, exactly. */

#define TIMER_ABSTIME 1

struct timespec32 {
	int32_t sec, nsec;
};

/* struct __kernel_timespec. */
struct timespec_time64 {
	int64_t sec;
	int32_t nsec;
	int32_t pad; /* Ignored when read, zero when written. */
};

struct itimerspec32 {
	struct timespec32 interval, value;
};

struct itimerspec_time64 {
	struct timespec_time64 interval, value;
};

#define ITIMER_REAL 0
#define ITIMER_VIRTUAL 1
#define ITIMER_PROF 2

struct timezone {
	int32_t minutes_west, dst;
};

_Static_assert(sizeof(struct timespec_time64) == 16, "struct __kernel_timespec is 16 bytes");
