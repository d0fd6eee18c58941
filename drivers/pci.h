/*
 * pci.h: devices on the PCI bus (PCI Local Bus Specification 3.0, chapter 6).
 *
 *	pci_init();
 *	dev = pci_find_class(0x01, 0x01);
 */
#pragma once

#include "kernel/lib/types.h"

/* Offsets in configuration space. */
#define PCI_COMMAND 0x04
#define PCI_BAR0 0x10

/* Bits of PCI_COMMAND. */
#define PCI_COMMAND_IO 0x1u
#define PCI_COMMAND_MEMORY 0x2u
#define PCI_COMMAND_MASTER 0x4u

struct pci_device {
	uint8_t bus, slot, function;
	uint16_t vendor, device;
	uint8_t class, subclass, interface;
	uint8_t irq; /* As the firmware routed it to the PIC. */
};

/* Find all devices. Once, at boot, before the rest. */
void pci_init(void);

/* The first device of this class and subclass, or NULL. */
const struct pci_device *pci_find_class(uint8_t class, uint8_t subclass);

/* The port range of base address register n; 0 when it is no port range or not set up. */
uint16_t pci_bar_port(const struct pci_device *dev, uint32_t n);

/* Turn on bits of PCI_COMMAND, e.g. PCI_COMMAND_MASTER for DMA. */
void pci_enable(const struct pci_device *dev, uint32_t bits);
