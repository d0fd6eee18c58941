/*
 * ata.c: hard disks: who they are, and read, write and flush by DMA or PIO.
 *
 * Called by the one thread that serves the channel. Commands are those of ATA/ATAPI-6; sector
 * numbers of 28 bits are used while they suffice, since their task file is written once and not
 * twice.
 */
#include "drivers/ide.h"

#include "arch/x86/io.h"
#include "kernel/abi/errno.h"

#define CMD_READ 0x20
#define CMD_READ_EXT 0x24
#define CMD_READ_DMA 0xC8
#define CMD_READ_DMA_EXT 0x25
#define CMD_WRITE 0x30
#define CMD_WRITE_EXT 0x34
#define CMD_WRITE_DMA 0xCA
#define CMD_WRITE_DMA_EXT 0x35
#define CMD_FLUSH 0xE7
#define CMD_FLUSH_EXT 0xEA
#define CMD_IDENTIFY 0xEC

/* IDENTIFY DEVICE words. */
#define ID_CAPABILITIES 49
#define ID_CAPABILITY_LBA 0x0200u
#define ID_LBA28_SECTORS 60
#define ID_COMMANDS 83
#define ID_COMMANDS_VALID_MASK 0xC000u
#define ID_COMMANDS_VALID 0x4000u
#define ID_COMMAND_LBA48 0x0400u
#define ID_COMMAND_FLUSH 0x1000u
#define ID_LBA48_SECTORS 100

#define SECTOR 512u
#define LBA28_END (1ull << 28)
#define LBA28_MAX_SECTORS 256u
#define LBA48_MAX_SECTORS 1024u /* 512 KiB: what REQUEST_SEGS_MAX pages hold. */

static bool needs_lba48(const struct block_request *rq)
{
	return rq->lba + rq->count > LBA28_END || rq->count > LBA28_MAX_SECTORS;
}

static uint8_t command_code(const struct ide_drive *drive, const struct block_request *rq)
{
	static const uint8_t codes[2][2][2] = {
		/* [write][dma][ext] */
		{{CMD_READ, CMD_READ_EXT}, {CMD_READ_DMA, CMD_READ_DMA_EXT}},
		{{CMD_WRITE, CMD_WRITE_EXT}, {CMD_WRITE_DMA, CMD_WRITE_DMA_EXT}},
	};

	return codes[rq->op == BIO_WRITE][drive->dma][needs_lba48(rq)];
}

static void write_task_file(struct ide_channel *ch, uint32_t count, uint32_t lba)
{
	ide_write(ch, ATA_COUNT, (uint8_t)count);
	ide_write(ch, ATA_LBA_LOW, (uint8_t)lba);
	ide_write(ch, ATA_LBA_MID, (uint8_t)(lba >> 8));
	ide_write(ch, ATA_LBA_HIGH, (uint8_t)(lba >> 16));
}

/* Select the drive and give it the command. */
static int ata_command(struct ide_drive *drive, const struct block_request *rq)
{
	struct ide_channel *ch = drive->channel;
	uint32_t lba = (uint32_t)rq->lba;
	bool ext = needs_lba48(rq);
	int err = ide_select(drive, (uint8_t)(ATA_DEVICE_LBA | (ext ? 0 : lba >> 24)));

	if (err)
		return err;
	ide_irq_arm(ch);
	/* The registers are two deep: for the long form the high bytes go first. */
	if (ext)
		write_task_file(ch, rq->count >> 8, (uint32_t)(rq->lba >> 24));
	write_task_file(ch, rq->count, lba);
	ide_write(ch, ATA_COMMAND, command_code(drive, rq));
	return 0;
}

static int ata_dma(struct ide_drive *drive, const struct block_request *rq)
{
	struct ide_channel *ch = drive->channel;
	int err;

	ide_dma_prepare(ch, rq);
	err = ata_command(drive, rq);
	if (err)
		return err;
	ide_dma_start(ch, rq->op == BIO_READ);
	return ide_dma_finish(ch, IDE_COMMAND_MS);
}

/* The drive interrupts when each sector is ready to be read. */
static int ata_pio_read(struct ide_drive *drive, const struct block_request *rq)
{
	struct ide_cursor at = {.segs = rq->segs, .count = rq->seg_count};
	struct ide_channel *ch = drive->channel;
	int err = ata_command(drive, rq);

	for (uint32_t i = 0; !err && i < rq->count; i++) {
		err = ide_wait_irq(ch, IDE_COMMAND_MS);
		if (!err && !(ch->status & ATA_STATUS_DRQ))
			err = -EIO;
		if (!err)
			ide_pio_in(ch, &at, SECTOR);
	}
	return err;
}

/* The first sector is asked for by DRQ alone; the interrupts say that one was taken. */
static int ata_pio_write(struct ide_drive *drive, const struct block_request *rq)
{
	struct ide_cursor at = {.segs = rq->segs, .count = rq->seg_count};
	struct ide_channel *ch = drive->channel;
	int err = ata_command(drive, rq);

	for (uint32_t i = 0; !err && i < rq->count; i++) {
		err = ide_poll(ch, ATA_STATUS_DRQ, IDE_COMMAND_MS);
		if (err)
			return err;
		ide_pio_out(ch, &at, SECTOR);
		err = ide_wait_irq(ch, IDE_COMMAND_MS);
	}
	return err;
}

static int ata_flush(struct ide_drive *drive)
{
	struct ide_channel *ch = drive->channel;
	int err;

	if (!drive->has_cache)
		return 0;
	err = ide_select(drive, ATA_DEVICE_LBA);
	if (err)
		return err;
	ide_irq_arm(ch);
	ide_write(ch, ATA_COMMAND, drive->lba48 ? CMD_FLUSH_EXT : CMD_FLUSH);
	return ide_wait_irq(ch, IDE_FLUSH_MS);
}

int ata_execute(struct ide_drive *drive, const struct block_request *rq)
{
	switch (rq->op) {
	case BIO_READ:
		return drive->dma ? ata_dma(drive, rq) : ata_pio_read(drive, rq);
	case BIO_WRITE:
		return drive->dma ? ata_dma(drive, rq) : ata_pio_write(drive, rq);
	case BIO_FLUSH:
		return ata_flush(drive);
	case BIO_REVALIDATE:
		return 0; /* Not removable. */
	}
	return -EINVAL;
}

static uint64_t id_sectors(const struct ide_drive *drive, const uint16_t *id)
{
	const uint16_t *w = &id[drive->lba48 ? ID_LBA48_SECTORS : ID_LBA28_SECTORS];
	uint64_t sectors = w[0] | (uint32_t)w[1] << 16;

	return drive->lba48 ? sectors | (uint64_t)w[2] << 32 | (uint64_t)w[3] << 48 : sectors;
}

static int ata_parse_identify(struct ide_drive *drive, const uint16_t *id)
{
	uint16_t commands = id[ID_COMMANDS];

	/* Disks without LBA are older than any machine that runs this kernel. */
	if (!(id[ID_CAPABILITIES] & ID_CAPABILITY_LBA))
		return -ENODEV;
	if ((commands & ID_COMMANDS_VALID_MASK) == ID_COMMANDS_VALID) {
		drive->lba48 = commands & ID_COMMAND_LBA48;
		drive->has_cache = commands & ID_COMMAND_FLUSH;
	}
	drive->dma = ide_can_dma(drive, id);
	drive->dev.sector_size = SECTOR;
	drive->dev.sectors = id_sectors(drive, id);
	drive->dev.max_sectors = drive->lba48 ? LBA48_MAX_SECTORS : LBA28_MAX_SECTORS;
	ide_copy_model(drive, id);
	return drive->dev.sectors > 0 ? 0 : -ENODEV;
}

int ata_probe(struct ide_drive *drive)
{
	struct ide_channel *ch = drive->channel;
	uint16_t id[ATA_ID_WORDS];
	int err = ide_select(drive, 0);

	if (err)
		return err;
	ide_irq_arm(ch);
	ide_write(ch, ATA_COMMAND, CMD_IDENTIFY);
	/* A drive that is not there reads as zero, or as nothing we would wait for. */
	if (ide_read(ch, ATA_STATUS) == 0)
		return -ENODEV;
	if (ide_poll(ch, ATA_STATUS_DRQ, IDE_READY_MS))
		return -ENODEV;
	insw(ch->command_port, id, ATA_ID_WORDS);
	return ata_parse_identify(drive, id);
}
