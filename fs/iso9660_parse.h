/*
 * iso9660_parse.h: the bytes of an ISO 9660 (ECMA-119) image with Rock Ridge (SUSP 1.12, RRIP
 * 1.12), checked. Pure: runs on the host as it does in the kernel, and never reads outside what it
 * is given.
 *
 *	err = iso_parse_volume(sector, &vol);		of ISO_SECTOR bytes, from sector 16 on
 *	n = iso_parse_record(block + at, ISO_SECTOR - at, &rec);
 *	rock_init(&rock, &vol);
 *	err = rock_parse(&rock, rec.system_use, rec.system_len);
 *	while (!err && rock.more)			the text goes on elsewhere
 *		err = rock_continue(&rock, bytes at next_lba and next_offset, rock.next_len);
 */
#pragma once

#include "kernel/lib/types.h"

#define ISO_SECTOR 2048u
#define ISO_FIRST_DESCRIPTOR 16u
#define ISO_NAME_MAX 255u
#define ISO_LINK_MAX 1023u    /* Longest symbolic link we read. */
#define ROCK_CONTINUED_MAX 32 /* Areas that one record may be spread over. */

enum iso_descriptor {
	ISO_PRIMARY,
	ISO_OTHER, /* To be skipped. */
	ISO_END,   /* The last of the set. */
};

struct iso_record {
	uint32_t lba, size; /* Of the contents: sector, bytes. */
	bool is_dir, multi_extent, hidden;
	uint32_t mtime; /* Seconds since 1970. */
	const uint8_t
		*name; /* As it stands there: "\0" is the directory itself, "\1" its parent. */
	uint32_t name_len;
	const uint8_t *system_use;
	uint32_t system_len;
};

struct iso_volume {
	uint32_t sectors;
	struct iso_record root; /* Without name and system use. */
	bool rock_ridge;	/* Set by who read the root's own record. */
	uint32_t skip;		/* Bytes before each system use field: from its SP entry. */
};

/* What the Rock Ridge entries of one record say. */
struct rock {
	bool has_mode;
	uint32_t mode, nlink, uid, gid;
	bool has_rdev;
	uint32_t major, minor;
	bool has_mtime, has_atime, has_ctime;
	uint32_t mtime, atime, ctime;
	bool relocated;	    /* RE: the directory is shown elsewhere. */
	uint32_t child_lba; /* CL: the directory is elsewhere; 0: no. */
	bool is_susp;	    /* SP was there, with skip. */
	uint32_t skip;

	bool more; /* Goes on at: */
	uint32_t next_lba, next_offset, next_len;

	/* The parser's own. */
	uint32_t areas;
	bool name_open, link_open, link_part_open;

	uint32_t name_len, link_len; /* 0: none. */
	char name[ISO_NAME_MAX + 1]; /* Terminated if there is one. */
	char link[ISO_LINK_MAX + 1];
};

/* A volume descriptor's kind; for the primary, *vol as well. -EIO: not one at all, or a block size
 * we do not read. */
int iso_parse_volume(const uint8_t *sector, struct iso_volume *vol, enum iso_descriptor *kind);

/* The record at the start of n bytes, which end where its sector ends. Its length; 0 when no more
 * records are in this sector; -EIO. */
int iso_parse_record(const uint8_t *bytes, size_t n, struct iso_record *rec);

/* The name without Rock Ridge: lower case, without version number. Its length, at most
 * ISO_NAME_MAX. */
uint32_t iso_plain_name(const struct iso_record *rec, char *name);

void rock_init(struct rock *r);

/* 0 or -EIO; skip is the volume's. */
int rock_parse(struct rock *r, const uint8_t *area, size_t n, uint32_t skip);

/* The same for a continuation area. -EIO also when there are too many. */
int rock_continue(struct rock *r, const uint8_t *area, size_t n);
