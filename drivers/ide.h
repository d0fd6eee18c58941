/*
 * ide.h: the IDE (ATA/ATAPI) driver: what its files share, and its door.
 *
 *	ide.c		finding channels and drives, the queue's door, retries and giving up
 *	ide_channel.c	one channel: registers, waiting, interrupts, reset, PIO data, bus-master DMA
 *	ata.c		disks: IDENTIFY DEVICE, read, write, flush
 *	atapi.c		CD drives: IDENTIFY PACKET DEVICE, packets, sense, capacity, read
 *
 * All commands of a channel are given by one thread at a time (the block queue sees to that), in
 * straight lines: write the registers, wait for the interrupt with a deadline, look at the status.
 *
 * Sources: ATA/ATAPI-6 (T13/1410D), SFF-8020i and MMC-3 for packets, Intel 82371AB (PIIX4) for the
 * bus master.
 */
#pragma once

#include "drivers/block.h"

/* Task file, offsets from the command block's port. */
#define ATA_DATA 0
#define ATA_ERROR 1    /* Read. */
#define ATA_FEATURES 1 /* Write. */
#define ATA_COUNT 2
#define ATA_LBA_LOW 3
#define ATA_LBA_MID 4  /* Also byte count low of a packet. */
#define ATA_LBA_HIGH 5 /* Also byte count high. */
#define ATA_DEVICE 6
#define ATA_STATUS 7  /* Read: also acknowledges the interrupt. */
#define ATA_COMMAND 7 /* Write. */

#define ATA_STATUS_ERR 0x01u
#define ATA_STATUS_DRQ 0x08u
#define ATA_STATUS_DF 0x20u
#define ATA_STATUS_BSY 0x80u

#define ATA_DEVICE_LBA 0x40u
#define ATA_DEVICE_SLAVE 0x10u
#define ATA_DEVICE_OBSOLETE 0xA0u /* Ones in old drives. */

/* IDENTIFY data, in 16-bit words. */
#define ATA_ID_WORDS 256u

/* How long a command may take; a CD drive may have to spin up. Milliseconds. */
#define IDE_COMMAND_MS 10000u
#define IDE_FLUSH_MS 30000u
#define IDE_RESET_MS 5000u
#define IDE_READY_MS 1000u /* From one command's end to readiness for the next. */

#define IDE_UNITS 2u

struct ide_channel;

struct ide_drive {
	struct ide_channel *channel;
	uint32_t unit; /* 0 master, 1 slave. */
	bool present, atapi;
	bool can_dma; /* Drive and controller have it. */
	bool dma;     /* Use it: can_dma, and it has not failed. */
	bool lba48;
	bool has_cache;	     /* FLUSH CACHE means something. */
	uint32_t timeouts;   /* In a row. */
	uint32_t dma_faults; /* In a row. */
	bool offline;	     /* Timed out too often: everything is -EIO at once. */
	char model[41];
	struct blockdev dev;
};

struct ide_channel {
	uint16_t command_port, control_port;
	uint16_t master_port; /* Bus master registers of this channel; 0: none. */
	uint32_t irq;
	struct block_queue queue;
	struct ide_drive drives[IDE_UNITS];

	/* Interrupt handler to waiting thread. */
	struct waitq waitq;
	bool irq_seen;	    /* Atomic. */
	uint8_t irq_status; /* Valid with irq_seen. */

	/* Owned by who gives commands. */
	bool dma_running;      /* Atomic: the handler looks at the bus master first. */
	uint8_t status, error; /* How the last command ended. */
	struct frame *scratch; /* Descriptors in the first half, small answers in the second. */
};

/* ---- ide.c ---- */

/* Find controllers and drives and add their block devices. Option ide=pio: no DMA. */
void ide_init(void);

/* Turn DMA of an IDE disk on or off; the old setting. On only where the drive and controller can.
 * For tests, which compare both ways. */
bool ide_set_dma(struct blockdev *dev, bool on);

/* The model name in IDENTIFY words 27 to 46: swapped bytes, padded with spaces. */
void ide_copy_model(struct ide_drive *drive, const uint16_t *id);

/* Can this drive do DMA, going by its IDENTIFY data? */
bool ide_can_dma(const struct ide_drive *drive, const uint16_t *id);

/* ---- ide_channel.c ---- */

/* Where the data of a request goes: a place in a list of segments. */
struct ide_cursor {
	const struct bio_seg *segs;
	uint32_t count;	 /* From segs on. */
	uint32_t offset; /* In the first. */
};

/* Set up waiting and interrupts. 0; -ENOMEM; -EBUSY when the line is taken. */
int ide_channel_init(struct ide_channel *ch);

/* Reset both drives and wait until they are ready. 0; -ENODEV: nothing is connected; -ETIMEDOUT. */
int ide_reset(struct ide_channel *ch);

/* Select a drive; device holds the other bits of the register. 0; -ENODEV when nothing answers;
 * -ETIMEDOUT. */
int ide_select(struct ide_drive *drive, uint8_t device);

uint8_t ide_read(struct ide_channel *ch, uint32_t reg);
void ide_write(struct ide_channel *ch, uint32_t reg, uint8_t value);

/* Poll, sleeping, until BSY is clear and the bits of mask are set, or ERR or DF. 0, -EIO,
 * -ETIMEDOUT. */
int ide_poll(struct ide_channel *ch, uint8_t mask, uint32_t ms);

/* Forget interrupts that came; before giving a command. */
void ide_irq_arm(struct ide_channel *ch);

/* Wait for the interrupt that ends the command or asks for data. 0; -EIO: ERR or DF, see ch->status
 * and error; -ETIMEDOUT. */
int ide_wait_irq(struct ide_channel *ch, uint32_t ms);

/* Move bytes (even) between the data register and the segments. What the segments have no room for
 * is dropped; missing bytes are written as zero. */
void ide_pio_in(struct ide_channel *ch, struct ide_cursor *at, uint32_t bytes);
void ide_pio_out(struct ide_channel *ch, struct ide_cursor *at, uint32_t bytes);

/* Bus-master DMA: prepare descriptors; start after the command was given; wait for the end and
 * stop. finish: 0; -EIO: the drive says so; -EBADMSG: only the bus master does; -ETIMEDOUT. */
void ide_dma_prepare(struct ide_channel *ch, const struct block_request *rq);
void ide_dma_start(struct ide_channel *ch, bool to_memory);
int ide_dma_finish(struct ide_channel *ch, uint32_t ms);

/* ---- ata.c, atapi.c ---- */

/* Is there such a drive? Fills in the drive and its dev. 0; -ENODEV; -errno. */
int ata_probe(struct ide_drive *drive);
int atapi_probe(struct ide_drive *drive);

/* Do a request once. 0, -EIO, -EBADMSG, -ETIMEDOUT, -ENOMEDIUM, -EROFS; -EAGAIN: worth another
 * try. */
int ata_execute(struct ide_drive *drive, const struct block_request *rq);
int atapi_execute(struct ide_drive *drive, const struct block_request *rq);
