/*
 * clock.c: the 8254 timer and the time stamp counter.
 *
 * Time is the TSC times a constant, nothing else: no tick is counted, so lost ticks lose no time
 * and readers need no lock. The constant is a fraction mult / 2^shift nanoseconds a cycle, from a
 * measurement against the timer's channel 2 at boot.
 *
 * Interrupts come when there is something to do: for the tick, or earlier for a timer. Channel 0 counts down
 * once to the next of these, and each interrupt sets it anew. Ticks stay on their grid.
 *
 * The measurement takes two samples of both counters some time apart. Each sample is the best of
 * several tries, since an interrupted host makes a single one arbitrarily late. A host that is often interrupted
 * for longer than channel 2 can count gets shorter measurements. An emulator's counters may stand still for
 * a while and then leap, as the clocks that browsers give to programs do.
 */

#include "arch/x86/clock.h"

#include "arch/x86/cpu.h"
#include "arch/x86/io.h"
#include "kernel/lib/assert.h"

/* 8254 (Intel data sheet 231164), and the PC's gate for its channel 2. */
#define PIT_HZ 1193182u
#define PIT_CHANNEL0 0x40
#define PIT_CHANNEL2 0x42
#define PIT_COMMAND 0x43
#define PIT_CH0_COUNT 0x30 /* Channel 0, low then high byte, mode 0: count down once. */
#define PIT_CH2_COUNT 0xB0 /* Channel 2, low then high byte, mode 0: count down once. */
#define PIT_CH2_LATCH 0x80
#define PIT_COUNT_MIN 2 /* 1 ends at once, or never, on some. */
#define GATE_PORT 0x61
#define GATE_CH2 0x01
#define GATE_SPEAKER 0x02

#define GATE_CH2_OUT 0x20 /* Channel 2 has counted to the end. */

#define SAMPLE_TRIES 16
#define CALIBRATE_COUNTS (PIT_HZ / 40) /* 25 ms; the counter is at its end after 55. */
#define CALIBRATE_SPIN 16384	       /* Turns of a loop between two looks. */
#define CALIBRATE_LOOKS 4096	       /* Then the counter does not count. */
#define CALIBRATE_READS 65536	       /* The same, at its start. */
#define CALIBRATE_TRIES 40
#define CALIBRATE_SHORTER 8 /* After so many tries the measurement is half as long. */

struct sample {
	uint64_t tsc;
	uint32_t count; /* Counts down. */
};

static uint64_t tsc_hz;
static struct clock_scale scale;
static void (*tick_fn)(void);
static uint64_t (*expire_fn)(uint64_t now);
static uint64_t next_tick, next_interrupt; /* clock_now() times. Interrupts off. */

static uint32_t pit_read_ch2(void)
{
	uint32_t low;

	outb(PIT_COMMAND, PIT_CH2_LATCH);
	low = inb(PIT_CHANNEL2);
	return low | (uint32_t)inb(PIT_CHANNEL2) << 8;
}

/* Both counters at one moment: the try during which the least time passed. */
static struct sample sample_take(void)
{
	struct sample best = {0, 0};
	uint64_t best_cost = UINT64_MAX;

	for (uint32_t i = 0; i < SAMPLE_TRIES; i++) {
		uint64_t before = rdtsc();
		uint32_t count = pit_read_ch2();
		uint64_t cost = rdtsc() - before;

		if (cost < best_cost) {
			best_cost = cost;
			best = (struct sample){before + cost / 2, count};
		}
	}
	return best;
}

/* Plain instructions only: reading any counter is slow where instructions are being counted. */
static void spin(void)
{
	for (uint32_t i = 0; i < CALIBRATE_SPIN; i++)
		__asm__ volatile("");
}

/* Start channel 2. The count is loaded by the counter's next pulse, and what is read before that is not it:
 * wait for the pulse. False when none comes. */
static bool count_start(void)
{
	uint32_t first, reads = 0;

	outb(GATE_PORT, (inb(GATE_PORT) & ~GATE_SPEAKER) | GATE_CH2);
	outb(PIT_COMMAND, PIT_CH2_COUNT);
	outb(PIT_CHANNEL2, 0xFF);
	outb(PIT_CHANNEL2, 0xFF);
	first = pit_read_ch2();
	while (pit_read_ch2() == first)
		if (++reads == CALIBRATE_READS)
			return false;
	return true;
}

/* One measurement over at least so many counts: 0 when a pause of the host let the counter run out. */
static uint64_t measure_once(uint32_t counts)
{
	struct sample start, end;
	uint32_t looks = 0;

	if (!count_start())
		return 0;
	start = sample_take();
	do {
		spin();
		end = sample_take();
		if (inb(GATE_PORT) & GATE_CH2_OUT || end.count > start.count ||
		    ++looks == CALIBRATE_LOOKS)
			return 0;
	} while (start.count - end.count < counts);
	return (end.tsc - start.tsc) * PIT_HZ / (start.count - end.count);
}

static uint64_t measure_tsc_hz(void)
{
	for (uint32_t i = 0; i < CALIBRATE_TRIES; i++) {
		uint64_t hz = measure_once(CALIBRATE_COUNTS >> i / CALIBRATE_SHORTER);

		if (hz != 0)
			return hz;
	}
	panic("clock: timer channel 2 does not count, or the machine is stopped all the time");
}

/* The largest multiplier that fits 32 bits is the most precise. */
static void set_tsc_hz(uint64_t hz)
{
	tsc_hz = hz;
	scale.shift = 32;
	while ((NSEC_PER_SEC << scale.shift) / hz > UINT32_MAX) /* Below 1 GHz. */
		scale.shift--;
	scale.mult = (uint32_t)((NSEC_PER_SEC << scale.shift) / hz);
}

/* ---- interrupts ---- */

/* Not before the deadline: the count is rounded up. Not too far ahead to be counted, since ticks are not. */
static void interrupt_at(uint64_t deadline)
{
	uint64_t now = clock_now(), ns = deadline > now ? deadline - now : 0;
	uint32_t count = (uint32_t)(MIN(ns, NSEC_PER_TICK) * PIT_HZ / NSEC_PER_SEC) + PIT_COUNT_MIN;

	next_interrupt = deadline;
	outb(PIT_CHANNEL0, (uint8_t)count);
	outb(PIT_CHANNEL0, (uint8_t)(count >> 8));
}

void clock_wake_by(uint64_t deadline)
{
	if (deadline < next_interrupt)
		interrupt_at(deadline);
}

/* One tick, however many have passed: time itself was not lost. */
static void tick(uint64_t now)
{
	next_tick += NSEC_PER_TICK;
	if (next_tick <= now)
		next_tick = now + NSEC_PER_TICK;
	tick_fn();
}

bool clock_interrupt(void *arg)
{
	uint64_t now = clock_now();

	(void)arg;
	if (!tick_fn)
		return true; /* The firmware's timer, until clock_init(). */
	if (now >= next_tick)
		tick(now);
	interrupt_at(MIN(expire_fn(now), next_tick));
	return true;
}

void clock_begin(void)
{
	scale.base = rdtsc();
}

void clock_init(void (*tick)(void), uint64_t (*expire)(uint64_t now))
{
	set_tsc_hz(measure_tsc_hz());
	tick_fn = tick;
	expire_fn = expire;
	next_tick = clock_now() + NSEC_PER_TICK;
	outb(PIT_COMMAND, PIT_CH0_COUNT);
	interrupt_at(next_tick);
}

/* ---- time ---- */

uint64_t clock_now(void)
{
	return clock_scale_ns(&scale, rdtsc());
}

const struct clock_scale *clock_scale(void)
{
	return &scale;
}

uint64_t clock_tsc_hz(void)
{
	return tsc_hz;
}
