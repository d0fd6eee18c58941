/*
 * Times from the vDSO lie between two that the kernel tells, for every clock; what it cannot answer the
 * kernel does.
 */
#include "vdso.h"

#include <sys/time.h>

struct kernel_timespec {
	int64_t sec, nsec;
};

static const int clocks[] = {
	CLOCK_REALTIME,		CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE,
	CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME,	 CLOCK_TAI,	      CLOCK_PROCESS_CPUTIME_ID,
	CLOCK_THREAD_CPUTIME_ID};

static bool in_order(const struct kernel_timespec *a, const struct kernel_timespec *b)
{
	return a->sec < b->sec || (a->sec == b->sec && a->nsec <= b->nsec);
}

int main(void)
{
	int (*gettime)(int, struct kernel_timespec *) =
		vdso_find("__vdso_clock_gettime64", "LINUX_2.6");
	int (*old_gettime)(int, long *) = vdso_find("__vdso_clock_gettime", "LINUX_2.6");
	int (*gettimeofday)(long *, void *) = vdso_find("__vdso_gettimeofday", "LINUX_2.6");
	long (*seconds)(long *) = vdso_find("__vdso_time", "LINUX_2.6");
	struct kernel_timespec before, told, after;
	long old[2], day[2];

	for (unsigned round = 0; round < 1000; round++) {
		int clock = clocks[round % (sizeof(clocks) / sizeof(clocks[0]))];

		CHECK(syscall(SYS_clock_gettime64, clock, &before) == 0);
		CHECK(gettime(clock, &told) == 0 && old_gettime(clock, old) == 0);
		CHECK(syscall(SYS_clock_gettime64, clock, &after) == 0);
		CHECK(in_order(&before, &told) && in_order(&told, &after));
		CHECK(old[0] >= told.sec && old[0] <= after.sec && old[1] >= 0 &&
		      old[1] < 1000000000);
	}
	CHECK(gettimeofday(day, NULL) == 0 && day[0] - time(NULL) <= 1 && day[1] < 1000000);
	CHECK(seconds(&old[0]) == old[0] && old[0] >= day[0]);
	CHECK(gettime(99, &told) == -EINVAL);
	return 0;
}
