/*
 * ide_channel.c: one IDE channel: task file, interrupts, reset, and the two ways data moves.
 *
 * Every wait has a deadline and sleeps; only delays of some microseconds spin. Between
 * ide_irq_arm() and ide_wait_irq() the interrupt handler leaves the status in irq_status and sets
 * irq_seen, which is the only thing thread and handler share.
 */
#include "drivers/ide.h"

#include "arch/x86/clock.h"
#include "arch/x86/io.h"
#include "drivers/random.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/atomic.h"
#include "kernel/lib/string.h"
#include "kernel/sync/irq.h"
#include "mm/kmap.h"
#include "mm/pmm.h"

#define NSEC_PER_MSEC 1000000ull
#define POLL_SPINS 50u	  /* Reads of the status before sleeping: some 50 us. */
#define POLL_SLEEP_MS 10u /* One tick. */
#define STATUS_FLOATING 0xFFu

/* Device control register. */
#define CONTROL_NO_IRQ 0x02u
#define CONTROL_RESET 0x04u

/* Bus master registers (PIIX4, 2.7). */
#define MASTER_COMMAND 0
#define MASTER_STATUS 2
#define MASTER_TABLE 4
#define MASTER_START 0x01u
#define MASTER_TO_MEMORY 0x08u
#define MASTER_STATUS_ACTIVE 0x01u /* After the end: the drive moved less than described. */
#define MASTER_STATUS_ERROR 0x02u  /* Written as one: cleared. */
#define MASTER_STATUS_IRQ 0x04u	   /* Written as one: cleared. */

/* Physical region descriptor. A region is at most 64 KiB, inside one 64 KiB block. */
struct prd {
	uint32_t address;
	uint16_t bytes; /* 0: 64 KiB. */
	uint16_t flags;
};

#define PRD_LAST 0x8000u
#define PRD_BLOCK 0x10000u

_Static_assert(REQUEST_SEGS_MAX * sizeof(struct prd) <= PAGE_SIZE / 2,
	       "descriptors fill half a frame");

uint8_t ide_read(struct ide_channel *ch, uint32_t reg)
{
	return inb((uint16_t)(ch->command_port + reg));
}

void ide_write(struct ide_channel *ch, uint32_t reg, uint8_t value)
{
	outb((uint16_t)(ch->command_port + reg), value);
}

/* The status without acknowledging an interrupt. */
static uint8_t alt_status(const struct ide_channel *ch)
{
	return inb(ch->control_port);
}

/* 400 ns, after which the status is valid: four reads of 100 ns on an ISA-timed bus. */
static void settle(const struct ide_channel *ch)
{
	for (uint32_t i = 0; i < 4; i++)
		alt_status(ch);
}

static uint64_t deadline_in(uint32_t ms)
{
	return clock_now() + ms * NSEC_PER_MSEC;
}

/* Sleep without anybody to wake us; the channel's queue only serves as a place to sleep. */
static void sleep_ms(struct ide_channel *ch, uint32_t ms)
{
	waitq_wait_event(&ch->waitq, false, deadline_in(ms));
}

static int status_result(struct ide_channel *ch)
{
	if (!(ch->status & (ATA_STATUS_ERR | ATA_STATUS_DF)))
		return 0;
	ch->error = ide_read(ch, ATA_ERROR);
	return -EIO;
}

static bool status_is_final(uint8_t status, uint8_t mask)
{
	if (status & ATA_STATUS_BSY)
		return false;
	return (status & mask) == mask || status & (ATA_STATUS_ERR | ATA_STATUS_DF);
}

int ide_poll(struct ide_channel *ch, uint8_t mask, uint32_t ms)
{
	uint64_t deadline = deadline_in(ms);
	uint32_t spins = 0;

	for (;;) {
		ch->status = alt_status(ch);
		if (status_is_final(ch->status, mask))
			return status_result(ch);
		if (++spins < POLL_SPINS)
			continue;
		if (clock_now() >= deadline)
			return -ETIMEDOUT;
		sleep_ms(ch, POLL_SLEEP_MS);
	}
}

int ide_select(struct ide_drive *drive, uint8_t device)
{
	struct ide_channel *ch = drive->channel;
	int err;

	if (alt_status(ch) == STATUS_FLOATING)
		return -ENODEV;
	/* The drive selected before must be done: its BSY covers the whole channel. ERR is
	 * history. */
	err = ide_poll(ch, 0, IDE_READY_MS);
	if (err == -ETIMEDOUT)
		return err;
	ide_write(ch, ATA_DEVICE,
		  (uint8_t)(ATA_DEVICE_OBSOLETE | device | (drive->unit ? ATA_DEVICE_SLAVE : 0)));
	settle(ch);
	err = ide_poll(ch, 0, IDE_READY_MS);
	return err == -ETIMEDOUT ? err : 0;
}

int ide_reset(struct ide_channel *ch)
{
	if (alt_status(ch) == STATUS_FLOATING)
		return -ENODEV;
	if (ch->master_port)
		outb((uint16_t)(ch->master_port + MASTER_COMMAND), 0);
	atomic_store(&ch->dma_running, false);
	outb(ch->control_port, CONTROL_RESET | CONTROL_NO_IRQ);
	/* At least 5 us. */
	for (uint32_t i = 0; i < 50; i++)
		alt_status(ch);
	outb(ch->control_port, 0);
	/* At least 2 ms before BSY means anything. */
	sleep_ms(ch, POLL_SLEEP_MS);
	return ide_poll(ch, 0, IDE_RESET_MS) == -ETIMEDOUT ? -ETIMEDOUT : 0;
}

/* ---- interrupts ---- */

void ide_irq_arm(struct ide_channel *ch)
{
	ide_read(ch, ATA_STATUS);
	atomic_store(&ch->irq_seen, false);
}

static bool ide_interrupt(void *arg)
{
	struct ide_channel *ch = arg;

	/* While the bus master runs, reading the drive's status too early would hide its end. */
	if (atomic_load(&ch->dma_running) &&
	    !(inb((uint16_t)(ch->master_port + MASTER_STATUS)) & MASTER_STATUS_IRQ))
		return false;
	ch->irq_status = ide_read(ch, ATA_STATUS);
	random_stir(ch->irq_status);
	atomic_store(&ch->irq_seen, true);
	waitq_wake_all(&ch->waitq);
	return true;
}

/* True when the interrupt came in time; irq_status is then valid. */
static bool wait_irq(struct ide_channel *ch, uint32_t ms)
{
	if (waitq_wait_event(&ch->waitq, atomic_load(&ch->irq_seen), deadline_in(ms)))
		return false;
	atomic_store(&ch->irq_seen, false);
	return true;
}

/* The result of a wait. A lost interrupt is not the end: the drive may be ready all the same. */
static int irq_result(struct ide_channel *ch, bool seen)
{
	ch->status = seen ? ch->irq_status : ide_read(ch, ATA_STATUS);
	if (!seen && (ch->status & ATA_STATUS_BSY || ch->status == STATUS_FLOATING))
		return -ETIMEDOUT;
	return status_result(ch);
}

int ide_wait_irq(struct ide_channel *ch, uint32_t ms)
{
	return irq_result(ch, wait_irq(ch, ms));
}

/* ---- PIO ---- */

/* The next piece of at most bytes; its length, 0 at the end of the segments. */
static uint32_t cursor_piece(const struct ide_cursor *at, uint32_t bytes)
{
	return at->count ? MIN(bytes, at->segs->len - at->offset) : 0;
}

static void cursor_advance(struct ide_cursor *at, uint32_t bytes)
{
	at->offset += bytes;
	if (at->offset == at->segs->len) {
		at->segs++;
		at->count--;
		at->offset = 0;
	}
}

void ide_pio_in(struct ide_channel *ch, struct ide_cursor *at, uint32_t bytes)
{
	uint32_t n;

	for (; (n = cursor_piece(at, bytes)) > 0; bytes -= n) {
		uint8_t *va = kmap(at->segs->frame);

		insw(ch->command_port, va + at->segs->offset + at->offset, n / 2);
		kunmap(at->segs->frame, va);
		cursor_advance(at, n);
	}
	for (; bytes > 0; bytes -= 2)
		inw(ch->command_port);
}

void ide_pio_out(struct ide_channel *ch, struct ide_cursor *at, uint32_t bytes)
{
	uint32_t n;

	for (; (n = cursor_piece(at, bytes)) > 0; bytes -= n) {
		uint8_t *va = kmap(at->segs->frame);

		outsw(ch->command_port, va + at->segs->offset + at->offset, n / 2);
		kunmap(at->segs->frame, va);
		cursor_advance(at, n);
	}
	for (; bytes > 0; bytes -= 2)
		outw(ch->command_port, 0);
}

/* ---- DMA ---- */

static uint32_t seg_phys(const struct bio_seg *seg)
{
	return (frame_pfn(seg->frame) << PAGE_SHIFT) + seg->offset;
}

/* Segments that follow each other in memory share a descriptor, up to a 64 KiB line. */
static bool prd_can_extend(const struct prd *prd, uint32_t prd_bytes, uint32_t phys)
{
	return prd->address + prd_bytes == phys && phys % PRD_BLOCK != 0;
}

void ide_dma_prepare(struct ide_channel *ch, const struct block_request *rq)
{
	struct prd *prd = kmap(ch->scratch), *last = prd;
	uint32_t bytes = 0;

	for (uint32_t i = 0; i < rq->seg_count; i++) {
		uint32_t phys = seg_phys(&rq->segs[i]);

		if (i == 0 || !prd_can_extend(last, bytes, phys)) {
			last = i == 0 ? prd : last + 1;
			last->address = phys;
			last->flags = 0;
			bytes = 0;
		}
		bytes += rq->segs[i].len;
		last->bytes = (uint16_t)bytes;
	}
	last->flags = PRD_LAST;
	kunmap(ch->scratch, prd);
	outl((uint16_t)(ch->master_port + MASTER_TABLE), frame_pfn(ch->scratch) << PAGE_SHIFT);
}

void ide_dma_start(struct ide_channel *ch, bool to_memory)
{
	uint8_t direction = to_memory ? MASTER_TO_MEMORY : 0;

	outb((uint16_t)(ch->master_port + MASTER_COMMAND), direction);
	outb((uint16_t)(ch->master_port + MASTER_STATUS), MASTER_STATUS_ERROR | MASTER_STATUS_IRQ);
	atomic_store(&ch->dma_running, true);
	outb((uint16_t)(ch->master_port + MASTER_COMMAND), direction | MASTER_START);
}

/* Stop the bus master; its status as it was when it ran. */
static uint8_t master_stop(struct ide_channel *ch)
{
	uint8_t status = inb((uint16_t)(ch->master_port + MASTER_STATUS));

	atomic_store(&ch->dma_running, false);
	outb((uint16_t)(ch->master_port + MASTER_COMMAND), 0);
	outb((uint16_t)(ch->master_port + MASTER_STATUS), MASTER_STATUS_ERROR | MASTER_STATUS_IRQ);
	return status;
}

int ide_dma_finish(struct ide_channel *ch, uint32_t ms)
{
	bool seen = wait_irq(ch, ms);
	uint8_t master = master_stop(ch);
	int err = irq_result(ch, seen);

	/* A drive may look ready while its data is still on the way. */
	if (!seen && master & MASTER_STATUS_ACTIVE)
		return -ETIMEDOUT;
	if (err)
		return err;
	return master & (MASTER_STATUS_ERROR | MASTER_STATUS_ACTIVE) ? -EBADMSG : 0;
}

int ide_channel_init(struct ide_channel *ch)
{
	waitq_init(&ch->waitq);
	ch->scratch = frame_alloc(ALLOC_ZERO);
	if (!ch->scratch)
		return -ENOMEM;
	frame_set(ch->scratch, FRAME_KERNEL);
	return irq_register(ch->irq, ch->queue.name, ide_interrupt, ch);
}
