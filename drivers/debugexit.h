/*
 * debugexit.h: how the machine ends.
 *
 * QEMU's isa-debug-exit device at port 0xF4 ends QEMU with status (code << 1) | 1. The codes tell
 * the ends apart; the harness knows them.
 */
#pragma once

#include "kernel/lib/types.h"

#define EXIT_POWEROFF 0x10u	   /* Status 33: asked for. */
#define EXIT_SELFTEST_FAILED 0x11u /* Status 35. */
#define EXIT_PANIC 0x12u	   /* Status 37. */
#define EXIT_UNSUPPORTED 0x13u	   /* Status 39: the machine is too old or too small. */

/* End QEMU with this code; returns where there is no such device. */
void debug_exit(uint32_t code);

/* Turn the machine off: debug exit, then ACPI's PM1a port as QEMU's chipsets have it, then halt. */
void machine_power_off(void) __noreturn;

/* Start over: keyboard controller, then a triple fault. */
void machine_reboot(void) __noreturn;

/* Stop for good with interrupts off; ends QEMU with code where it can. */
void machine_halt(uint32_t code) __noreturn;
