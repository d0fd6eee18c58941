/*
 * clock.c: the vDSO's clocks: system calls that need no kernel, because all they read is the TSC and a
 * page that the kernel shows to everybody. What this page cannot answer goes to the kernel: clocks of
 * CPU time, bad clock ids, times too late for one division.
 *
 * Runs in programs: position independent, and a bad pointer is the program's own fault, literally.
 */

#include "arch/x86/layout.h"
#include "arch/x86/vdso/data.h"
#include "kernel/abi/resource.h"
#include "kernel/abi/time.h"
#include "kernel/abi/unistd.h"

#define NSEC_PER_SEC 1000000000u
#define NSEC_PER_USEC 1000u

extern const struct vdso_data vdso_data __attribute__((visibility("hidden")));

/* These are looked up by name, so there is no header that declares them. */
int __vdso_clock_gettime(uint32_t clock, struct timespec32 *ts);
int __vdso_clock_gettime64(uint32_t clock, struct timespec_time64 *ts);
int __vdso_clock_getres(uint32_t clock, struct timespec32 *ts);
int __vdso_gettimeofday(struct timeval32 *tv, struct timezone *tz);
int __vdso_time(int32_t *seconds);
int __vdso_getcpu(uint32_t *cpu, uint32_t *node, void *unused);

static int call2(uint32_t number, uint32_t a, const void *b)
{
	int result;

	__asm__ volatile("int $0x80" : "=a"(result) : "0"(number), "b"(a), "c"(b) : "memory");
	return result;
}

static uint64_t monotonic_ns(void)
{
	uint64_t tsc;

	__asm__ volatile("rdtsc" : "=A"(tsc));
	return clock_scale_ns(&vdso_data.clock, tsc);
}

static uint64_t realtime_ns(void)
{
	const volatile struct vdso_data *d = &vdso_data;
	uint32_t before;
	uint64_t ns;

	do {
		before = d->changes;
		ns = d->wall_offset;
	} while (before & 1 || before != d->changes);
	return ns + monotonic_ns();
}

/* False: ask the kernel. */
static bool clock_read(uint32_t clock, uint32_t *sec, uint32_t *nsec)
{
	bool coarse = clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE;
	uint32_t high, low;
	uint64_t ns;

	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_TAI:
		ns = realtime_ns();
		break;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_BOOTTIME:
		ns = monotonic_ns();
		break;
	default:
		return false;
	}
	low = (uint32_t)ns;
	high = (uint32_t)(ns >> 32);
	if (high >= NSEC_PER_SEC)
		return false; /* The seconds would not fit 32 bits. */
	__asm__("divl %4" : "=a"(*sec), "=d"(*nsec) : "0"(low), "1"(high), "r"(NSEC_PER_SEC));
	if (coarse)
		*nsec -= *nsec % vdso_data.tick_ns;
	return true;
}

int __vdso_clock_gettime(uint32_t clock, struct timespec32 *ts)
{
	uint32_t sec, nsec;

	if (!clock_read(clock, &sec, &nsec))
		return call2(NR_clock_gettime, clock, ts);
	*ts = (struct timespec32){(int32_t)sec, (int32_t)nsec};
	return 0;
}

int __vdso_clock_gettime64(uint32_t clock, struct timespec_time64 *ts)
{
	uint32_t sec, nsec;

	if (!clock_read(clock, &sec, &nsec))
		return call2(NR_clock_gettime64, clock, ts);
	*ts = (struct timespec_time64){sec, (int32_t)nsec, 0};
	return 0;
}

/* Nobody asks often. */
int __vdso_clock_getres(uint32_t clock, struct timespec32 *ts)
{
	return call2(NR_clock_getres, clock, ts);
}

int __vdso_gettimeofday(struct timeval32 *tv, struct timezone *tz)
{
	uint32_t sec, nsec;

	if (tz || !clock_read(CLOCK_REALTIME, &sec, &nsec))
		return call2(NR_gettimeofday, (uint32_t)tv, tz);
	if (tv)
		*tv = (struct timeval32){(int32_t)sec, (int32_t)(nsec / NSEC_PER_USEC)};
	return 0;
}

int __vdso_time(int32_t *seconds)
{
	uint32_t sec, nsec;

	if (!clock_read(CLOCK_REALTIME, &sec, &nsec))
		return call2(NR_time, (uint32_t)seconds, NULL);
	if (seconds)
		*seconds = (int32_t)sec;
	return (int)sec;
}

/* Each CPU's GDT has a segment whose limit is the CPU's number. There is one memory node. */
int __vdso_getcpu(uint32_t *cpu, uint32_t *node, void *unused)
{
	uint32_t number;

	(void)unused;
	__asm__ volatile("lsl %1, %0" : "=r"(number) : "r"(SEL_CPU_NUMBER));
	if (cpu)
		*cpu = number;
	if (node)
		*node = 0;
	return 0;
}
