/*
 * block.h: block devices, and the queue of requests in front of each controller channel.
 *
 * A bio asks for a run of sectors of one device into or out of pieces of frames. The queue sorts
 * bios by position, merges neighbours into one request, and hands requests one at a time to the
 * driver, which may sleep. Every bio ends: with 0, or -EIO after the driver's bounded retries and
 * time-outs, and one line in the log. When a merged request fails its bios are tried one by one,
 * so that an error reaches only those who asked for the bad sector.
 *
 * Whoever finds the queue idle and waits for a bio of his own runs the driver himself: a
 * synchronous read costs no thread switch besides the wait. Everything else is run by the queue's
 * thread.
 *
 *	struct bio_seg seg = { frame, 0, PAGE_SIZE };
 *	err = block_io(dev, BIO_READ, lba, &seg, 1);
 *
 * Order: bios that are in the queue at the same time may be done in any order. Who needs an order
 * waits for the first before submitting the second. A flush makes durable the writes that had ended
 * before it was submitted.
 *
 * Locks: queue->lock (RANK_LEAF) guards the lists. The right to run the driver is queue->serving.
 */
#pragma once

#include "drivers/block_stats.h"
#include "kernel/lib/list.h"
#include "kernel/sync/waitq.h"
#include "mm/backing.h"

#define BLOCK_NAME_LEN 8
#define BIO_SEGS_MAX 64	      /* Per bio. */
#define BIO_BYTES_MAX 131072u /* Per bio: 32 pages. */
#define REQUEST_SEGS_MAX 128  /* Per merged request. */

/* Numbers as Linux gives them: hda, hdb 3:0, 3:64; hdc, hdd 22:0, 22:64; partition n is +n. */
#define BLOCK_IDE0_MAJOR 3
#define BLOCK_IDE1_MAJOR 22

struct block_queue;
struct blockdev;

enum bio_op {
	BIO_READ,
	BIO_WRITE,
	BIO_FLUSH,	/* No sectors: write the disk's own cache to the medium. */
	BIO_REVALIDATE, /* No sectors: find out whether there is a medium and how large it is. */
};

/* A piece of memory inside one frame. offset and len are even; the sum of a bio's len is a multiple
 * of the sector size, but a sector may span pieces. */
struct bio_seg {
	struct frame *frame;
	uint32_t offset, len;
};

/* A request by one caller, who owns the bio and the segs and keeps both, and a reference to each
 * frame, until it ends. */
struct bio {
	struct blockdev *dev;
	enum bio_op op;
	uint64_t lba;	/* In sectors of dev. */
	uint32_t count; /* Sectors: computed by submit. */
	const struct bio_seg *segs;
	uint32_t seg_count;

	int error; /* The result, once it ended. */

	bool done;		 /* Atomic. The rest is the queue's. */
	uint64_t submitted;	 /* clock_now() */
	uint64_t key;		 /* Position: device, then sector on the whole disk. */
	uint32_t ticket;	 /* Requests served when it came: bounds its wait. */
	struct list sorted_link; /* By key. */
	struct list age_link;	 /* By arrival. */
};

/* What the driver gets: neighbouring bios of one operation as one run of sectors. */
struct block_request {
	struct blockdev *disk; /* The whole disk. */
	enum bio_op op;
	uint64_t lba;
	uint32_t count;
	uint32_t seg_count;
	struct bio_seg segs[REQUEST_SEGS_MAX];
	char detail[48]; /* Set by the driver when it fails: why, for the log. */
};

/* A driver. One call at a time per queue. Sleeps, but never without a deadline. 0 or -errno
 * (-ENOMEDIUM: the drive is empty; -EROFS; anything else is given to the owner as it is). */
struct block_driver {
	int (*execute)(struct block_queue *q, struct block_request *rq);
};

struct block_queue {
	const char *name;
	const struct block_driver *driver;
	struct spinlock lock; /* RANK_LEAF */
	struct list sorted;   /* bios by key */
	struct list by_age;   /* the same bios, oldest first */
	bool serving;	      /* Somebody runs the driver. */
	uint64_t head;	      /* Key behind the last request: the elevator goes up from here. */
	uint32_t served;      /* Requests so far. */
	struct waitq done;    /* Owners of bios wait here. */
	struct waitq work;    /* The queue's thread waits here. */
	struct block_request request; /* The one being served; owned by who set serving. */
};

struct blockdev {
	char name[BLOCK_NAME_LEN]; /* "hda", "hda1" */
	uint32_t major, minor;
	uint32_t sector_size; /* Bytes: 512, or 2048 for a CD. */
	uint64_t sectors;     /* 0: no medium. Only a CD's changes, whose upper half is always 0. */
	bool read_only;
	bool medium_changed;   /* Set by the driver, which refuses I/O until block_revalidate. */
	struct blockdev *disk; /* The whole disk; itself for one. */
	uint64_t start;	       /* First sector on the disk. */
	uint32_t max_sectors;  /* Most per request; 0 means 256 (LBA28). */
	struct block_queue *queue;
	uint32_t unit; /* The driver's number of the disk within the queue. */
	struct block_stats stats;
	bool claimed;		/* Atomic: a file system or swap has it for itself. */
	bool flush_first;	/* Atomic: what was written is to be durable before any page is. */
	struct backing backing; /* Its pages, for file system metadata and reads of /dev/hdX. */
	uint64_t dirty_since;	/* The flusher's: since when pages were seen dirty; 0: not. */
	void *private;		/* The driver's own. */
	struct list link;
};

/* Give the block layer the way to start its threads: name, function, argument; NULL when out of
 * memory. Before any driver. */
struct thread;
void block_init(struct thread *(*spawn)(const char *name, void (*fn)(void *), void *arg));

/* For drivers. A queue and its thread: 0 or -ENOMEM. */
int block_queue_init(struct block_queue *q, const char *name, const struct block_driver *driver);

/* Enter a disk and the partitions of its MBR (none for 2048-byte sectors). All but disk, backing
 * and link is set by the driver; disks live for ever. */
void block_add_disk(struct blockdev *dev);

/* Start a bio. Never fails: bad ranges end with -EINVAL, past the end -EIO, writing what is
 * read-only -EROFS. */
void bio_submit(struct bio *bio);

/* Submit and wait for the end. May sleep, not interruptible, bounded. 0 or -errno. */
int bio_run(struct bio *bio);

/* Wait for a bio that was submitted. 0 or -errno. */
int bio_wait(struct bio *bio);

/* Read or write synchronously; lba in the device's sectors. At most BIO_BYTES_MAX and
 * BIO_SEGS_MAX. */
int block_io(struct blockdev *dev, enum bio_op op, uint64_t lba, const struct bio_seg *segs,
	     uint32_t seg_count);

/* Make durable what was written to the device; and what is dirty in its pages before. */
int block_flush(struct blockdev *dev);
int block_sync(struct blockdev *dev);

/* Have the device for oneself: false when somebody has it, or the disk it is part of, or a part of it. */
bool block_claim(struct blockdev *dev);
void block_release(struct blockdev *dev);

/* Look for a medium before mounting: 0, -ENOMEDIUM, -EIO. Refreshes sectors; drops cached pages of
 * a medium that was changed. */
int block_revalidate(struct blockdev *dev);

/* By name ("hda1"), by number, one after the other (NULL first and last). NULL: none. */
struct blockdev *block_find(const char *name);
struct blockdev *block_find_number(uint32_t major, uint32_t minor);
struct blockdev *block_next(struct blockdev *prev);

/* BLKGETSIZE, BLKGETSIZE64, BLKSSZGET, BLKBSZGET, BLKROGET, BLKFLSBUF; -ENOTTY for others. */
int block_ioctl(struct blockdev *dev, uint32_t cmd, uint32_t arg);

static inline uint64_t block_bytes(const struct blockdev *dev)
{
	return dev->sectors * dev->sector_size;
}
