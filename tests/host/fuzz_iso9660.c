/*
 * fuzz_iso9660.c: no bytes make the iso9660 parser read outside what it is given or loop, and what it
 * accepts keeps its promises. The input is a sector of records; continuation areas come from it too.
 */

#include "fs/iso9660_parse.h"
#include "kernel/lib/string.h"
#include "tests/host/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_volume(const uint8_t *data, size_t size)
{
	uint8_t *sector =
		host_alloc(ISO_SECTOR); /* Exactly as long as promised: ASan sees a step beyond. */
	enum iso_descriptor kind;
	struct iso_volume vol;

	memcpy(sector, data, MIN(size, (size_t)ISO_SECTOR));
	if (iso_parse_volume(sector, &vol, &kind) == 0 && kind == ISO_PRIMARY)
		CHECK(vol.sectors > 0);
	host_free(sector);
}

static void try_rock(const struct iso_record *rec, const uint8_t *data, size_t size)
{
	struct rock rock;
	uint32_t rounds = 0;
	int err;

	rock_init(&rock);
	err = rock_parse(&rock, rec->system_use, rec->system_len, 0);
	while (!err && rock.more) {
		size_t at = size ? rock.next_offset % size : 0;

		CHECK(++rounds <= ROCK_CONTINUED_MAX + 1);
		err = rock_continue(&rock, data + at, MIN((size_t)rock.next_len, size - at));
	}
	if (err)
		return;
	CHECK(rock.name_len <= ISO_NAME_MAX && rock.link_len <= ISO_LINK_MAX);
	CHECK(rock.name_len == 0 || rock.name[rock.name_len] == '\0');
	CHECK(rock.link_len == 0 || rock.link[rock.link_len] == '\0');
}

static void try_records(const uint8_t *data, size_t size)
{
	size_t at = 0;

	while (at < size) {
		struct iso_record rec;
		char name[ISO_NAME_MAX + 1];
		int n = iso_parse_record(data + at, size - at, &rec);

		if (n <= 0)
			return;
		CHECK((size_t)n <= size - at);
		CHECK(rec.name >= data + at && rec.name + rec.name_len <= data + at + n);
		CHECK(rec.system_len == 0 || rec.system_use + rec.system_len <= data + at + n);
		CHECK(iso_plain_name(&rec, name) <= ISO_NAME_MAX);
		try_rock(&rec, data, size);
		at += (size_t)n;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try_volume(data, size);
	try_records(data, MIN(size, (size_t)ISO_SECTOR));
	return 0;
}
