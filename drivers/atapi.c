/*
 * atapi.c: CD drives: commands in packets of 12 bytes (SFF-8020i, MMC-3, SPC-2).
 *
 * A packet ends well, or with CHECK CONDITION, after which REQUEST SENSE tells why:
 *
 *	sense key		meaning here
 *	NOT READY, 3A		no medium: -ENOMEDIUM
 *	NOT READY, 04		becoming ready: wait a little, -EAGAIN
 *	UNIT ATTENTION, 28	the medium may be another one: all I/O is refused until revalidated
 *	UNIT ATTENTION, other	news of a reset: -EAGAIN
 *	anything else		-EIO
 *
 * Called by the one thread that serves the channel.
 */
#include "drivers/ide.h"

#include "arch/x86/clock.h"
#include "arch/x86/io.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"
#include "mm/kmap.h"

#define CMD_PACKET 0xA0
#define CMD_IDENTIFY_PACKET 0xA1
#define PACKET_DMA 0x01
#define PACKET_LEN 12

/* Most bytes per interrupt of a PIO transfer; even, and a number of whole sectors. */
#define PIO_BYTES 0xF800u

#define SCSI_TEST_UNIT_READY 0x00
#define SCSI_REQUEST_SENSE 0x03
#define SCSI_READ_CAPACITY 0x25
#define SCSI_READ_10 0x28

#define SENSE_LEN 18
#define SENSE_NOT_READY 0x02
#define SENSE_UNIT_ATTENTION 0x06
#define ASC_BECOMING_READY 0x04
#define ASC_MEDIUM_CHANGED 0x28
#define ASC_NO_MEDIUM 0x3A

/* IDENTIFY PACKET DEVICE word 0. */
#define ID_GENERAL 0
#define ID_TYPE(w) ((w) >> 8 & 0x1Fu)
#define ID_TYPE_CD 5u

#define CD_SECTOR 2048u
#define CD_MAX_SECTORS 64u /* BIO_BYTES_MAX. */
#define CAPACITY_LEN 8u
#define READY_TRIES 50u
#define READY_PAUSE_NS 100000000ull /* 0.1 s: spinning up takes seconds. */

/* Small answers go to the second half of the channel's scratch frame. */
static struct bio_seg scratch_seg(struct ide_channel *ch, uint32_t len)
{
	return (struct bio_seg){.frame = ch->scratch, .offset = PAGE_SIZE / 2, .len = len};
}

static const uint8_t *scratch_data(struct ide_channel *ch)
{
	return (const uint8_t *)kmap(ch->scratch) + PAGE_SIZE / 2;
}

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Give the drive a packet. Data may follow in either way. */
static int packet_send(struct ide_drive *drive, const uint8_t *packet, bool dma)
{
	struct ide_channel *ch = drive->channel;
	int err = ide_select(drive, 0);

	if (err)
		return err;
	ide_write(ch, ATA_FEATURES, dma ? PACKET_DMA : 0);
	ide_write(ch, ATA_LBA_MID, (uint8_t)PIO_BYTES);
	ide_write(ch, ATA_LBA_HIGH, (uint8_t)(PIO_BYTES >> 8));
	ide_write(ch, ATA_COMMAND, CMD_PACKET);
	err = ide_poll(ch, ATA_STATUS_DRQ, IDE_READY_MS);
	if (err)
		return err;
	/* Some drives interrupt to ask for the packet: that one is not the end. */
	ide_irq_arm(ch);
	outsw(ch->command_port, packet, PACKET_LEN / 2);
	return 0;
}

/* Receive by PIO: each interrupt brings a count of bytes, the last one none. */
static int packet_pio_in(struct ide_channel *ch, struct ide_cursor *at)
{
	for (;;) {
		int err = ide_wait_irq(ch, IDE_COMMAND_MS);
		uint32_t bytes;

		if (err)
			return err;
		if (!(ch->status & ATA_STATUS_DRQ))
			return 0;
		bytes = ide_read(ch, ATA_LBA_MID) | (uint32_t)ide_read(ch, ATA_LBA_HIGH) << 8;
		if (bytes == 0)
			return -EIO;
		ide_pio_in(ch, at, ALIGN_UP(bytes, 2));
	}
}

/* A packet whose answer of len bytes goes to the scratch frame. No sense is asked for. */
static int packet_small(struct ide_drive *drive, const uint8_t *packet, uint32_t len)
{
	struct bio_seg seg = scratch_seg(drive->channel, len);
	struct ide_cursor at = {.segs = &seg, .count = len > 0};
	int err;

	memset((void *)scratch_data(drive->channel), 0, len);
	err = packet_send(drive, packet, false);
	return err ? err : packet_pio_in(drive->channel, &at);
}

static void pause_until_ready(struct ide_channel *ch)
{
	waitq_wait_event(&ch->waitq, false, clock_now() + READY_PAUSE_NS);
}

/* A packet ended with CHECK CONDITION: find out why, as the table above says. */
static int atapi_sense(struct ide_drive *drive)
{
	static const uint8_t packet[PACKET_LEN] = {SCSI_REQUEST_SENSE, 0, 0, 0, SENSE_LEN};
	uint32_t key, asc;
	int err = packet_small(drive, packet, SENSE_LEN);

	if (err)
		return err;
	key = scratch_data(drive->channel)[2] & 0x0F;
	asc = scratch_data(drive->channel)[12];
	if (key == SENSE_NOT_READY && asc == ASC_NO_MEDIUM) {
		drive->dev.sectors = 0;
		drive->dev.medium_changed = true;
		return -ENOMEDIUM;
	}
	if (key == SENSE_NOT_READY && asc == ASC_BECOMING_READY) {
		pause_until_ready(drive->channel);
		return -EAGAIN;
	}
	if (key == SENSE_UNIT_ATTENTION) {
		if (asc == ASC_MEDIUM_CHANGED)
			drive->dev.medium_changed = true;
		return -EAGAIN;
	}
	return -EIO;
}

/* A result of a packet; -EIO becomes what the sense data says. */
static int atapi_result(struct ide_drive *drive, int err)
{
	return err == -EIO ? atapi_sense(drive) : err;
}

static int atapi_read(struct ide_drive *drive, const struct block_request *rq)
{
	struct ide_channel *ch = drive->channel;
	struct ide_cursor at = {.segs = rq->segs, .count = rq->seg_count};
	uint32_t lba = (uint32_t)rq->lba;
	uint8_t packet[PACKET_LEN] = {
		[0] = SCSI_READ_10,	    [2] = (uint8_t)(lba >> 24),
		[3] = (uint8_t)(lba >> 16), [4] = (uint8_t)(lba >> 8),
		[5] = (uint8_t)lba,	    [7] = (uint8_t)(rq->count >> 8),
		[8] = (uint8_t)rq->count,
	};
	int err;

	if (drive->dma)
		ide_dma_prepare(ch, rq);
	err = packet_send(drive, packet, drive->dma);
	if (!err && drive->dma) {
		ide_dma_start(ch, true);
		err = ide_dma_finish(ch, IDE_COMMAND_MS);
	} else if (!err) {
		err = packet_pio_in(ch, &at);
		/* A drive that ends early has no error to report, but we have no data. */
		if (!err && at.count > 0)
			return -EIO;
	}
	return atapi_result(drive, err);
}

static int atapi_test_ready(struct ide_drive *drive)
{
	static const uint8_t packet[PACKET_LEN] = {SCSI_TEST_UNIT_READY};
	int err = -EAGAIN;

	for (uint32_t i = 0; i < READY_TRIES && err == -EAGAIN; i++)
		err = atapi_result(drive, packet_small(drive, packet, 0));
	return err == -EAGAIN ? -EIO : err;
}

/* Is there a medium, and how large is it? Leaves dev.sectors 0 when there is none. */
static int atapi_revalidate(struct ide_drive *drive)
{
	static const uint8_t packet[PACKET_LEN] = {SCSI_READ_CAPACITY};
	const uint8_t *answer = scratch_data(drive->channel);
	int err = atapi_test_ready(drive);

	drive->dev.sectors = 0;
	if (!err)
		err = atapi_result(drive, packet_small(drive, packet, CAPACITY_LEN));
	if (err)
		return err;
	/* Audio sectors and the like are no files. */
	if (be32(answer + 4) != CD_SECTOR)
		return -EIO;
	drive->dev.sectors = (uint64_t)be32(answer) + 1;
	return 0;
}

int atapi_execute(struct ide_drive *drive, const struct block_request *rq)
{
	switch (rq->op) {
	case BIO_READ:
		return drive->dev.medium_changed ? -EIO : atapi_read(drive, rq);
	case BIO_WRITE:
		return -EROFS;
	case BIO_FLUSH:
		return 0;
	case BIO_REVALIDATE:
		return atapi_revalidate(drive);
	}
	return -EINVAL;
}

int atapi_probe(struct ide_drive *drive)
{
	struct ide_channel *ch = drive->channel;
	uint16_t id[ATA_ID_WORDS];
	int err = ide_select(drive, 0);

	if (err)
		return err;
	ide_irq_arm(ch);
	ide_write(ch, ATA_COMMAND, CMD_IDENTIFY_PACKET);
	if (ide_read(ch, ATA_STATUS) == 0 || ide_poll(ch, ATA_STATUS_DRQ, IDE_READY_MS))
		return -ENODEV;
	insw(ch->command_port, id, ATA_ID_WORDS);
	ide_copy_model(drive, id);
	if (ID_TYPE(id[ID_GENERAL]) != ID_TYPE_CD) {
		log("ide: %s: no CD drive, left alone\n", drive->model);
		return -ENODEV;
	}
	drive->atapi = true;
	drive->dma = ide_can_dma(drive, id);
	drive->dev.sector_size = CD_SECTOR;
	drive->dev.max_sectors = CD_MAX_SECTORS;
	drive->dev.read_only = true;
	err = atapi_revalidate(drive);
	drive->dev.medium_changed = false;
	/* An empty drive is a drive all the same. */
	return err == -ETIMEDOUT ? err : 0;
}
