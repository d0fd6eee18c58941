/* drivers.c: start the drivers in an order in which each finds what it needs. See drivers.h. */
#include "drivers/drivers.h"

#include "drivers/block.h"
#include "drivers/console.h"
#include "drivers/ide.h"
#include "drivers/mem.h"
#include "drivers/pci.h"
#include "drivers/serial.h"
#include "drivers/vga.h"
#include "kernel/lib/log.h"

void drivers_init_early(void)
{
	serial_init_early();
	vga_init_early();
	console_init_early();
}

void drivers_init(struct thread *(*spawn)(const char *name, void (*fn)(void *), void *arg))
{
	mem_init();
	/* Terminals first: their thread must not find the list of them changing. */
	serial_init();
	vga_init();
	if (tty_init(spawn))
		log("tty: no memory for the input thread\n");
	console_init();
	block_init(spawn);
	pci_init();
	ide_init();
}
