/*
 * clock.h: time. The PIT (8254) interrupts HZ times a second, and whenever a timer wants it; the TSC,
 * calibrated against the PIT at boot, gives nanoseconds.
 */
#pragma once

#include "arch/x86/clock_scale.h"

#define HZ 100
#define NSEC_PER_SEC 1000000000ull
#define NSEC_PER_TICK (NSEC_PER_SEC / HZ)

#define CLOCK_IRQ 0

/* Boot begins: time counts from here. */
void clock_begin(void);

/*
 * Calibrate the TSC and start the PIT. From its interrupt, with interrupts off, come tick(), HZ times a
 * second, while this_cpu()->irq_from_user says what it interrupted; and expire(now), which says when it
 * wants to be called next at the latest (UINT64_MAX: whenever). Takes some 25 ms.
 */
void clock_init(void (*tick)(void), uint64_t (*expire)(uint64_t now));

/* Have expire() called no later than at this clock_now() time. Interrupts are off. */
void clock_wake_by(uint64_t deadline);

/* The PIT's interrupt handler; trap_init() registers it. */
bool clock_interrupt(void *arg);

/* Nanoseconds since boot; never goes back. */
uint64_t clock_now(void);

/* What clock_now() computes with; constant after clock_init(). */
const struct clock_scale *clock_scale(void);

/* TSC cycles a second, as calibrated. */
uint64_t clock_tsc_hz(void);
