/* abi/resource.h: limits, usage and priorities as Linux i386 has them (asm-generic/resource.h). */
#pragma once

#include <stdint.h>

#define RLIMIT_CPU 0
#define RLIMIT_FSIZE 1
#define RLIMIT_DATA 2
#define RLIMIT_STACK 3
#define RLIMIT_CORE 4
#define RLIMIT_RSS 5
#define RLIMIT_NPROC 6
#define RLIMIT_NOFILE 7
#define RLIMIT_MEMLOCK 8
#define RLIMIT_AS 9
#define RLIMIT_LOCKS 10
#define RLIMIT_SIGPENDING 11
#define RLIMIT_MSGQUEUE 12
#define RLIMIT_NICE 13
#define RLIMIT_RTPRIO 14
#define RLIMIT_RTTIME 15

#define RLIM_INFINITY UINT32_MAX

/* struct rlimit of ugetrlimit(191) and setrlimit(75). */
struct rlimit_user {
	uint32_t cur, max;
};

/* struct rlimit64 of prlimit64(340); all ones: no limit. */
struct rlimit64 {
	uint64_t cur, max;
};

struct timeval32 {
	int32_t sec, usec;
};

#define RUSAGE_SELF 0
#define RUSAGE_CHILDREN (-1)
#define RUSAGE_THREAD 1

struct rusage {
	struct timeval32 utime, stime;
	int32_t maxrss; /* KiB. */
	int32_t ixrss, idrss, isrss;
	int32_t minflt, majflt, nswap, inblock, oublock, msgsnd, msgrcv, nsignals;
	int32_t nvcsw, nivcsw;
};

_Static_assert(sizeof(struct rusage) == 72, "struct rusage is 72 bytes");

/* Clock ticks of times(2): USER_HZ a second. */
#define USER_HZ 100

struct tms {
	int32_t utime, stime, cutime, cstime;
};

#define PRIO_PROCESS 0
#define PRIO_PGRP 1
#define PRIO_USER 2
