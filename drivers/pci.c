/*
 * pci.c: find the devices through configuration mechanism 1 (ports 0xCF8 and 0xCFC).
 *
 * The table is filled once at boot by one thread. Lock: pci_lock (RANK_LEAF), since an access is
 * two port operations.
 */
#include "drivers/pci.h"

#include "arch/x86/io.h"
#include "kernel/lib/log.h"
#include "kernel/sync/lock.h"

#define CONFIG_ADDRESS 0xCF8
#define CONFIG_DATA 0xCFC
#define CONFIG_ENABLE 0x80000000u

#define PCI_ID 0x00
#define PCI_CLASS 0x08
#define PCI_HEADER 0x0C
#define PCI_BUS_NUMBERS 0x18
#define PCI_INTERRUPT 0x3C
#define HEADER_TYPE_MASK 0x7F
#define HEADER_TYPE_BRIDGE 0x01
#define HEADER_MULTIFUNCTION 0x80
#define BAR_IS_PORT 0x1u
#define BAR_PORT_MASK 0xFFFCu

#define PCI_SLOTS 32
#define PCI_FUNCTIONS 8
#define PCI_DEVICES_MAX 32

static struct pci_device devices[PCI_DEVICES_MAX];
static uint32_t device_count;
static struct spinlock pci_lock = SPINLOCK_INIT("pci", RANK_LEAF);

static void config_select(const struct pci_device *dev, uint32_t offset)
{
	outl(CONFIG_ADDRESS, CONFIG_ENABLE | (uint32_t)dev->bus << 16 | (uint32_t)dev->slot << 11 |
				     (uint32_t)dev->function << 8 | (offset & 0xFC));
}

static uint32_t pci_read(const struct pci_device *dev, uint32_t offset)
{
	uint32_t flags = spin_lock_irq(&pci_lock);
	uint32_t value;

	config_select(dev, offset);
	value = inl(CONFIG_DATA);
	spin_unlock_irq(&pci_lock, flags);
	return value;
}

static void pci_write(const struct pci_device *dev, uint32_t offset, uint32_t value)
{
	uint32_t flags = spin_lock_irq(&pci_lock);

	config_select(dev, offset);
	outl(CONFIG_DATA, value);
	spin_unlock_irq(&pci_lock, flags);
}

static void pci_add(struct pci_device *dev, uint32_t id)
{
	uint32_t class = pci_read(dev, PCI_CLASS);

	dev->vendor = (uint16_t)id;
	dev->device = (uint16_t)(id >> 16);
	dev->class = (uint8_t)(class >> 24);
	dev->subclass = (uint8_t)(class >> 16);
	dev->interface = (uint8_t)(class >> 8);
	dev->irq = (uint8_t)pci_read(dev, PCI_INTERRUPT);
	if (device_count == PCI_DEVICES_MAX) {
		log("pci: no room for %02x:%02x.%u\n", dev->bus, dev->slot, dev->function);
		return;
	}
	devices[device_count++] = *dev;
}

static void pci_scan_bus(uint8_t bus);

/* True when there is a function here; *header is its header type. */
static bool pci_scan_function(uint8_t bus, uint8_t slot, uint8_t function, uint32_t *header)
{
	struct pci_device dev = {.bus = bus, .slot = slot, .function = function};
	uint32_t id = pci_read(&dev, PCI_ID);

	if ((id & 0xFFFF) == 0xFFFF)
		return false;
	*header = pci_read(&dev, PCI_HEADER) >> 16 & 0xFF;
	pci_add(&dev, id);
	if ((*header & HEADER_TYPE_MASK) == HEADER_TYPE_BRIDGE) {
		uint8_t secondary = (uint8_t)(pci_read(&dev, PCI_BUS_NUMBERS) >> 8);

		/* Firmware numbers the buses behind a bridge higher than its own: no loops. */
		if (secondary > bus)
			pci_scan_bus(secondary);
	}
	return true;
}

static void pci_scan_bus(uint8_t bus)
{
	uint32_t header;

	for (uint8_t slot = 0; slot < PCI_SLOTS; slot++) {
		if (!pci_scan_function(bus, slot, 0, &header) || !(header & HEADER_MULTIFUNCTION))
			continue;
		for (uint8_t function = 1; function < PCI_FUNCTIONS; function++)
			pci_scan_function(bus, slot, function, &header);
	}
}

void pci_init(void)
{
	pci_scan_bus(0);
	log("pci: %u devices\n", device_count);
}

const struct pci_device *pci_find_class(uint8_t class, uint8_t subclass)
{
	for (uint32_t i = 0; i < device_count; i++)
		if (devices[i].class == class && devices[i].subclass == subclass)
			return &devices[i];
	return NULL;
}

uint16_t pci_bar_port(const struct pci_device *dev, uint32_t n)
{
	uint32_t bar = pci_read(dev, PCI_BAR0 + 4 * n);

	return bar & BAR_IS_PORT ? (uint16_t)(bar & BAR_PORT_MASK) : 0;
}

void pci_enable(const struct pci_device *dev, uint32_t bits)
{
	uint32_t command = pci_read(dev, PCI_COMMAND);

	/* The upper half is the status register, whose bits are cleared by writing ones. */
	pci_write(dev, PCI_COMMAND, (command & 0xFFFF) | bits);
}
