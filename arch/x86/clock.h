/*
 * clock.h: time. The PIT (8254) ticks HZ times a second; between ticks the TSC, calibrated against
 * the PIT at boot, gives nanoseconds.
 */
#pragma once

#include "arch/x86/clock_scale.h"

#define HZ 100
#define NSEC_PER_SEC 1000000000ull
#define NSEC_PER_TICK (NSEC_PER_SEC / HZ)

#define CLOCK_IRQ 0

/* Calibrate the TSC and start the PIT; tick() is called from its interrupt, with interrupts off.
 * this_cpu()->irq_from_user says what it interrupted. Takes some 25 ms. */
void clock_init(void (*tick)(void));

/* The PIT's interrupt handler; trap_init() registers it. */
bool clock_interrupt(void *arg);

/* Nanoseconds since boot; never goes back. */
uint64_t clock_now(void);

/* What clock_now() computes with; constant after clock_init(). */
const struct clock_scale *clock_scale(void);

/* TSC cycles a second, as calibrated. */
uint64_t clock_tsc_hz(void);
