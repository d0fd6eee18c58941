/*
 * block_stats.h: what a block device has done, as /proc/diskstats tells it.
 *
 * A disk's figures include those of its partitions. Lock: the queue's.
 */
#pragma once

#include "kernel/lib/types.h"

enum block_stat_kind {
	BLOCK_STAT_READ,
	BLOCK_STAT_WRITE,
	BLOCK_STAT_FLUSH,
	BLOCK_STAT_KINDS,
};

struct block_stats {
	struct {
		uint64_t ios;	  /* Requests that ended. */
		uint64_t merged;  /* bios that were done as a part of another's request. */
		uint64_t sectors; /* Of 512 bytes. */
		uint64_t ns;	  /* From submitting to the end, summed up. */
	} done[BLOCK_STAT_KINDS];
	uint32_t in_flight;   /* bios that wait or are being done. */
	uint64_t busy_ns;     /* With any in flight. */
	uint64_t weighted_ns; /* The same times how many. */
	uint64_t updated;     /* Up to when the last two are counted. */
};

struct bio;

/* A bio is in the queue now; it has ended, merged with one before it or not. Queue locked. */
void block_stats_start(struct bio *bio);
void block_stats_end(struct bio *bio, bool merged);

/* The figures as of now. */
struct blockdev;
void block_stats_get(struct blockdev *dev, struct block_stats *out);
