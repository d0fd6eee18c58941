/*
 * ide.c: find IDE controllers and their drives, and run requests with a bounded number of tries.
 *
 * Names go by position: hda and hdb on the first channel, hdc and hdd on the second, whether or not
 * the others are there. A controller is found by its PCI class; without one the two ports of the
 * PC/AT are tried, with PIO only.
 *
 * No request lasts for ever. A command that times out resets the channel; a drive that times out
 * OFFLINE_TIMEOUTS times in a row gets no more commands; one whose DMA fails without a word from
 * the drive itself goes on by PIO.
 */
#include "drivers/ide.h"

#include "drivers/pci.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/cmdline.h"
#include "kernel/lib/log.h"
#include "kernel/lib/printf.h"
#include "kernel/lib/string.h"

#define PCI_CLASS_STORAGE 0x01
#define PCI_SUBCLASS_IDE 0x01
#define IDE_CHANNELS 2u
#define MASTER_BAR 4u
#define MASTER_CHANNEL_SIZE 8u

/* Bit of the programming interface: this channel's ports are in the BARs, not the PC/AT's. */
#define NATIVE_MODE(channel) (1u << (2 * (channel)))
#define CONTROL_BAR_OFFSET 2u

#define TRIES 3u	    /* Of a request that fails. */
#define ATTENTION_TRIES 20u /* Of one that the drive asks to repeat. */
#define OFFLINE_TIMEOUTS 3u
#define DMA_FAULTS_MAX 3u

/* IDENTIFY words, the same for disks and CD drives. */
#define ID_MODEL 27
#define ID_MODEL_WORDS 20u
#define ID_CAPABILITIES 49
#define ID_CAPABILITY_DMA 0x0100u
#define ID_VALID 53
#define ID_VALID_UDMA 0x0004u
#define ID_MULTIWORD_DMA 63
#define ID_ULTRA_DMA 88
#define ID_DMA_MODES 0x00FFu

static struct ide_channel channels[IDE_CHANNELS] = {
	{.command_port = 0x1F0, .control_port = 0x3F6, .irq = 14, .queue.name = "ide0"},
	{.command_port = 0x170, .control_port = 0x376, .irq = 15, .queue.name = "ide1"},
};

static bool pio_only; /* Option ide=pio. */

/* ---- running requests ---- */

static void drive_timed_out(struct ide_drive *drive)
{
	int err = ide_reset(drive->channel);

	log("ide: %s: time-out, channel reset%s\n", drive->dev.name, err ? " failed" : "");
	if (++drive->timeouts < OFFLINE_TIMEOUTS && !err)
		return;
	drive->offline = true;
	log("ide: %s: no longer used\n", drive->dev.name);
}

/* The transfer failed, but the drive had no complaint: suspect the bus master. */
static void drive_dma_failed(struct ide_drive *drive)
{
	if (++drive->dma_faults < DMA_FAULTS_MAX)
		return;
	drive->dma = false;
	log("ide: %s: DMA does not work, using PIO\n", drive->dev.name);
}

/* One try that failed for good or ill. True when another one makes sense. */
static bool drive_try_again(struct ide_drive *drive, int err, uint32_t tries)
{
	if (err != -ETIMEDOUT)
		drive->timeouts = 0;
	switch (err) {
	case -EAGAIN:
		return tries < ATTENTION_TRIES;
	case -ETIMEDOUT:
		drive_timed_out(drive);
		return tries < 2 && !drive->offline;
	case -EBADMSG:
		drive_dma_failed(drive);
		return tries < TRIES;
	case -EIO:
		return tries < TRIES && !drive->dev.medium_changed;
	}
	return false;
}

static int drive_execute(struct ide_drive *drive, const struct block_request *rq)
{
	return drive->atapi ? atapi_execute(drive, rq) : ata_execute(drive, rq);
}

static int ide_execute(struct block_queue *q, struct block_request *rq)
{
	struct ide_channel *ch = container_of(q, struct ide_channel, queue);
	struct ide_drive *drive = &ch->drives[rq->disk->unit];
	uint32_t tries = 0;
	int err;

	if (drive->offline) {
		snprintf(rq->detail, sizeof(rq->detail), "drive is offline");
		return -EIO;
	}
	do {
		err = drive_execute(drive, rq);
	} while (err && drive_try_again(drive, err, ++tries));
	if (!err) {
		if (rq->op != BIO_REVALIDATE) { /* Which asks a hard disk for nothing. */
			drive->timeouts = 0;
			drive->dma_faults = 0;
		}
		return 0;
	}
	snprintf(rq->detail, sizeof(rq->detail), "%s, %u tries, status %02x error %02x",
		 err == -ETIMEDOUT ? "time-out" : "refused", tries, ch->status, ch->error);
	return err == -ENOMEDIUM || err == -EROFS ? err : -EIO;
}

static const struct block_driver ide_driver = {
	.execute = ide_execute,
};

static struct ide_drive *drive_of(const struct blockdev *dev)
{
	return dev->disk->queue->driver == &ide_driver ? dev->disk->private : NULL;
}

bool ide_set_dma(struct blockdev *dev, bool on)
{
	struct ide_drive *drive = drive_of(dev);
	bool old = drive && drive->dma;

	if (drive)
		drive->dma = on && drive->can_dma;
	return old;
}

/* ---- finding drives ---- */

void ide_copy_model(struct ide_drive *drive, const uint16_t *id)
{
	char *s = drive->model;
	uint32_t len = 2 * ID_MODEL_WORDS;

	for (uint32_t i = 0; i < ID_MODEL_WORDS; i++) {
		s[2 * i] = (char)(id[ID_MODEL + i] >> 8);
		s[2 * i + 1] = (char)id[ID_MODEL + i];
	}
	while (len > 0 && s[len - 1] == ' ')
		len--;
	s[len] = '\0';
}

/* Some emulators leave the capability bit clear and still have modes that work. */
bool ide_can_dma(const struct ide_drive *drive, const uint16_t *id)
{
	if (!drive->channel->master_port || pio_only)
		return false;
	return id[ID_CAPABILITIES] & ID_CAPABILITY_DMA || id[ID_MULTIWORD_DMA] & ID_DMA_MODES ||
	       (id[ID_VALID] & ID_VALID_UDMA && id[ID_ULTRA_DMA] & ID_DMA_MODES);
}

static void drive_log(const struct ide_drive *drive)
{
	const struct blockdev *dev = &drive->dev;

	if (drive->atapi && dev->sectors == 0)
		log("ide: %s: %s, no medium\n", dev->name, drive->model);
	else
		log("ide: %s: %s, %llu KiB, %s\n", dev->name, drive->model, block_bytes(dev) / 1024,
		    drive->dma ? "DMA" : "PIO");
}

static void drive_add(struct ide_drive *drive, uint32_t channel)
{
	struct blockdev *dev = &drive->dev;

	dev->major = channel == 0 ? BLOCK_IDE0_MAJOR : BLOCK_IDE1_MAJOR;
	dev->minor = drive->unit * 64;
	dev->queue = &drive->channel->queue;
	dev->unit = drive->unit;
	dev->private = drive;
	drive->can_dma = drive->dma;
	drive->present = true;
	drive_log(drive);
	block_add_disk(dev);
}

static void drive_probe(struct ide_channel *ch, uint32_t channel, uint32_t unit)
{
	struct ide_drive *drive = &ch->drives[unit];

	drive->channel = ch;
	drive->unit = unit;
	snprintf(drive->dev.name, sizeof(drive->dev.name), "hd%c",
		 (int)('a' + channel * IDE_UNITS + unit));
	if (ata_probe(drive) == 0 || atapi_probe(drive) == 0)
		drive_add(drive, channel);
}

static void channel_start(struct ide_channel *ch, uint32_t channel)
{
	int err = ide_channel_init(ch);

	if (!err)
		err = ide_reset(ch);
	if (err == -ENODEV)
		return;
	if (!err)
		err = block_queue_init(&ch->queue, ch->queue.name, &ide_driver);
	if (err) {
		log("ide: %s: not usable: error %d\n", ch->queue.name, err);
		return;
	}
	for (uint32_t unit = 0; unit < IDE_UNITS; unit++)
		drive_probe(ch, channel, unit);
}

/* Where the controller says its ports are. */
static void channel_configure(struct ide_channel *ch, uint32_t channel,
			      const struct pci_device *pci)
{
	uint16_t master = pci_bar_port(pci, MASTER_BAR);

	if (master)
		ch->master_port = (uint16_t)(master + channel * MASTER_CHANNEL_SIZE);
	if (!(pci->interface & NATIVE_MODE(channel)))
		return;
	ch->command_port = pci_bar_port(pci, 2 * channel);
	ch->control_port = (uint16_t)(pci_bar_port(pci, 2 * channel + 1) + CONTROL_BAR_OFFSET);
	ch->irq = pci->irq;
}

void ide_init(void)
{
	const struct pci_device *pci = pci_find_class(PCI_CLASS_STORAGE, PCI_SUBCLASS_IDE);
	char option[8];

	pio_only = cmdline_get("ide", option, sizeof(option)) && strcmp(option, "pio") == 0;
	if (pci)
		pci_enable(pci, PCI_COMMAND_IO | PCI_COMMAND_MASTER);
	for (uint32_t i = 0; i < IDE_CHANNELS; i++) {
		if (pci)
			channel_configure(&channels[i], i, pci);
		channel_start(&channels[i], i);
	}
}
