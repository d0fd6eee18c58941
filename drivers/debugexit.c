/*
 * debugexit.c: how the machine ends. See debugexit.h for the codes.
 *
 * Needs no memory and waits for no lock: this runs in panics too.
 */
#include "drivers/debugexit.h"

#include "arch/x86/cpu.h"
#include "arch/x86/io.h"
#include "drivers/serial.h"

#define DEBUG_EXIT_PORT 0xF4

/* PM1a control of QEMU's PIIX4 as SeaBIOS places it; SLP_EN with sleep type 0 is soft off there
 * (ACPI 4.8.3.2.1, QEMU hw/acpi). */
#define PM1A_CONTROL 0x604
#define PM1A_SLEEP_ENABLE 0x2000

/* The 8042 keyboard controller: command "pulse the reset line" (IBM AT manual). */
#define KBC_STATUS 0x64
#define KBC_COMMAND 0x64
#define KBC_INPUT_FULL 0x02
#define KBC_RESET 0xFE

void debug_exit(uint32_t code)
{
	outb(DEBUG_EXIT_PORT, (uint8_t)code);
}

void machine_halt(uint32_t code)
{
	irq_disable();
	serial_flush();
	debug_exit(code);
	cpu_halt();
}

void machine_power_off(void)
{
	irq_disable();
	serial_flush();
	debug_exit(EXIT_POWEROFF);
	outw(PM1A_CONTROL, PM1A_SLEEP_ENABLE);
	cpu_halt();
}

/* An interrupt with no interrupt table is a fault, its handler's absence a double, and that a
 * third. */
static void triple_fault(void)
{
	struct {
		uint16_t limit;
		uint32_t base;
	} __attribute__((packed)) none = {0, 0};

	__asm__ volatile("lidt %0; int3" ::"m"(none));
}

void machine_reboot(void)
{
	irq_disable();
	serial_flush();
	for (uint32_t i = 0; i < 10000 && inb(KBC_STATUS) & KBC_INPUT_FULL; i++)
		cpu_relax();
	outb(KBC_COMMAND, KBC_RESET);
	for (uint32_t i = 0; i < 100000; i++)
		inb(KBC_STATUS);
	triple_fault();
	cpu_halt();
}
