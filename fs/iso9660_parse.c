/* iso9660_parse.c: see iso9660_parse.h. Numbers in brackets are sections of ECMA-119, SUSP or
 * RRIP. */
#include "fs/iso9660_parse.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"

/* Both-endian numbers stand twice; we read the little-endian half. */
static uint32_t get_u32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t get_u16(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8;
}

/* ---- times ---- */

/* Days since 1970-01-01 of a date of the Gregorian calendar. Years begin in March, so that the leap
 * day is the last of its year. */
static int32_t days_of(int32_t year, int32_t month, int32_t day)
{
	int32_t y = month <= 2 ? year - 1 : year, m = month <= 2 ? month + 9 : month - 3;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

/* Seven bytes [9.1.5]: years since 1900, month, day, hour, minute, second, quarters of an hour
 * east. */
static uint32_t parse_time(const uint8_t *p)
{
	int32_t days, seconds;

	if (p[1] < 1 || p[1] > 12 || p[2] < 1 || p[2] > 31)
		return 0;
	days = days_of(1900 + p[0], p[1], p[2]);
	if (days < 1) /* Before 1970, or so early that its zone takes it there. */
		return 0;
	seconds = p[3] * 3600 + p[4] * 60 + p[5] - (int8_t)p[6] * 900;
	return (uint32_t)days * 86400u + (uint32_t)seconds;
}

/* Sixteen digits and the zone [8.4.26.1]. */
static uint32_t parse_long_time(const uint8_t *p)
{
	static const uint8_t widths[] = {4, 2, 2, 2, 2, 2};
	uint8_t short_form[7];
	uint32_t at = 0;

	for (uint32_t i = 0; i < ARRAY_SIZE(widths); i++) {
		uint32_t v = 0;

		for (uint32_t k = 0; k < widths[i]; k++, at++) {
			if (p[at] < '0' || p[at] > '9')
				return 0;
			v = v * 10 + p[at] - '0';
		}
		if (i == 0)
			v = v < 1900 || v > 2155 ? 0 : v - 1900;
		short_form[i] = (uint8_t)v;
	}
	short_form[6] = p[16];
	return parse_time(short_form);
}

/* ---- volume and records ---- */

static bool is_name(const struct iso_record *rec)
{
	return rec->name_len > 0;
}

int iso_parse_record(const uint8_t *bytes, size_t n, struct iso_record *rec)
{
	uint32_t len = n > 0 ? bytes[0] : 0, name_end;

	if (len == 0)
		return 0;
	if (len > n || len < 34)
		return -EIO;
	if (bytes[26] != 0 || bytes[27] != 0)
		return -EIO; /* Interleaved [6.4.3]: nobody makes these. */
	*rec = (struct iso_record){
		.lba = get_u32(bytes + 2) + bytes[1],
		.size = get_u32(bytes + 10),
		.mtime = parse_time(bytes + 18),
		.is_dir = bytes[25] & 2,
		.multi_extent = bytes[25] & 0x80,
		.hidden = bytes[25] & 4, /* An "associated file" belongs to the one before it. */
		.name = bytes + 33,
		.name_len = bytes[32],
	};
	name_end = 33 + rec->name_len;
	name_end += name_end & 1; /* The system use field begins at an even byte. */
	if (!is_name(rec) || 33 + rec->name_len > len)
		return -EIO;
	if (name_end < len) {
		rec->system_use = bytes + name_end;
		rec->system_len = len - name_end;
	}
	return (int)len;
}

int iso_parse_volume(const uint8_t *sector, struct iso_volume *vol, enum iso_descriptor *kind)
{
	if (memcmp(sector + 1, "CD001", 5) != 0)
		return -EIO;
	*kind = sector[0] == 1 ? ISO_PRIMARY : sector[0] == 255 ? ISO_END : ISO_OTHER;
	if (*kind != ISO_PRIMARY)
		return 0;
	if (get_u16(sector + 128) != ISO_SECTOR)
		return -EIO;
	memset(vol, 0, sizeof(*vol));
	vol->sectors = get_u32(sector + 80);
	if (iso_parse_record(sector + 156, 34, &vol->root) < 34 || !vol->root.is_dir)
		return -EIO;
	vol->root.name = NULL;
	vol->root.name_len = 0;
	return 0;
}

uint32_t iso_plain_name(const struct iso_record *rec, char *name)
{
	uint32_t n = 0;

	for (; n < rec->name_len && rec->name[n] != ';'; n++) {
		uint8_t c = rec->name[n];

		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		name[n] = c == '/' || c == '\0' ? '_' : (char)c;
	}
	if (n > 1 && name[n - 1] == '.') /* An empty extension. */
		n--;
	return n;
}

/* ---- Rock Ridge ---- */

/* All but the texts, of which only the lengths count: this is done for every name that is passed
 * over. */
void rock_init(struct rock *r)
{
	memset(r, 0, offsetof(struct rock, name));
}

/* Add bytes to a text of at most max, kept terminated. -EIO when it does not fit. */
static int add_text(char *text, uint32_t *len, uint32_t max, const void *bytes, uint32_t n)
{
	if (n > max - *len)
		return -EIO;
	memcpy(text + *len, bytes, n);
	*len += n;
	text[*len] = '\0';
	return 0;
}

static int parse_px(struct rock *r, const uint8_t *e, uint32_t len)
{
	if (len < 36)
		return -EIO;
	r->has_mode = true;
	r->mode = get_u32(e + 4);
	r->nlink = get_u32(e + 12);
	r->uid = get_u32(e + 20);
	r->gid = get_u32(e + 28);
	return 0;
}

/* [RRIP 4.1.2] Some writers put all 16 bits of a number into the low half. */
static int parse_pn(struct rock *r, const uint8_t *e, uint32_t len)
{
	uint32_t high, low;

	if (len < 20)
		return -EIO;
	high = get_u32(e + 4);
	low = get_u32(e + 12);
	r->has_rdev = true;
	r->major = high == 0 && low > 0xFF ? low >> 8 : high;
	r->minor = high == 0 && low > 0xFF ? low & 0xFF : low;
	return 0;
}

#define NM_CONTINUE 1u
#define NM_SPECIAL 6u /* "." and "..": not for us. */

static int parse_nm(struct rock *r, const uint8_t *e, uint32_t len)
{
	if (len < 5)
		return -EIO;
	if (e[4] & NM_SPECIAL)
		return 0;
	if (r->name_len > 0 && !r->name_open)
		return -EIO;
	r->name_open = e[4] & NM_CONTINUE;
	if (memchr(e + 5, '/', len - 5) || memchr(e + 5, '\0', len - 5))
		return -EIO;
	return add_text(r->name, &r->name_len, ISO_NAME_MAX, e + 5, len - 5);
}

#define SL_CONTINUE 1u
#define SL_CURRENT 2u
#define SL_PARENT 4u
#define SL_ROOT 8u

/* One component [RRIP 4.1.3.1]; a slash goes before it unless it continues one or stands first. */
static int add_component(struct rock *r, const uint8_t *c)
{
	bool slash = r->link_len > 0 && !r->link_part_open && r->link[r->link_len - 1] != '/';
	int err = slash ? add_text(r->link, &r->link_len, ISO_LINK_MAX, "/", 1) : 0;

	r->link_part_open = c[0] & SL_CONTINUE;
	if (err)
		return err;
	switch (c[0] & (SL_CURRENT | SL_PARENT | SL_ROOT)) {
	case SL_CURRENT:
		return add_text(r->link, &r->link_len, ISO_LINK_MAX, ".", 1);
	case SL_PARENT:
		return add_text(r->link, &r->link_len, ISO_LINK_MAX, "..", 2);
	case SL_ROOT:
		return add_text(r->link, &r->link_len, ISO_LINK_MAX, "/", 1);
	case 0:
		if (memchr(c + 2, '\0', c[1]))
			return -EIO;
		return add_text(r->link, &r->link_len, ISO_LINK_MAX, c + 2, c[1]);
	default:
		return -EIO;
	}
}

static int parse_sl(struct rock *r, const uint8_t *e, uint32_t len)
{
	uint32_t at = 5;

	if (len < 5 || (r->link_len > 0 && !r->link_open))
		return -EIO;
	r->link_open = e[4] & SL_CONTINUE;
	while (at < len) {
		int err;

		if (len - at < 2 || e[at + 1] > len - at - 2)
			return -EIO;
		err = add_component(r, e + at);
		if (err)
			return err;
		at += 2u + e[at + 1];
	}
	return 0;
}

#define TF_CREATION 0x01u
#define TF_MODIFY 0x02u
#define TF_ACCESS 0x04u
#define TF_ATTRIBUTES 0x08u
#define TF_LONG 0x80u

/* Times stand in the order of their bits [RRIP 4.1.6]; we keep three of them. */
static int parse_tf(struct rock *r, const uint8_t *e, uint32_t len)
{
	uint32_t at = 5, size;

	if (len < 5)
		return -EIO;
	size = e[4] & TF_LONG ? 17 : 7;
	for (uint32_t bit = TF_CREATION; bit <= TF_ATTRIBUTES; bit <<= 1) {
		uint32_t t;

		if (!(e[4] & bit))
			continue;
		if (size > len - at)
			return -EIO;
		t = e[4] & TF_LONG ? parse_long_time(e + at) : parse_time(e + at);
		at += size;
		if (bit == TF_MODIFY) {
			r->has_mtime = true;
			r->mtime = t;
		} else if (bit == TF_ACCESS) {
			r->has_atime = true;
			r->atime = t;
		} else if (bit == TF_ATTRIBUTES) {
			r->has_ctime = true;
			r->ctime = t;
		}
	}
	return 0;
}

static int parse_ce(struct rock *r, const uint8_t *e, uint32_t len)
{
	if (len < 28)
		return -EIO;
	r->more = true;
	r->next_lba = get_u32(e + 4);
	r->next_offset = get_u32(e + 12);
	r->next_len = get_u32(e + 20);
	if (r->next_offset >= ISO_SECTOR || r->next_len > ISO_SECTOR - r->next_offset)
		return -EIO;
	return 0;
}

static int parse_cl(struct rock *r, const uint8_t *e, uint32_t len)
{
	if (len < 12)
		return -EIO;
	r->child_lba = get_u32(e + 4);
	return 0;
}

static int parse_re(struct rock *r, const uint8_t *e, uint32_t len)
{
	(void)e;
	(void)len;
	r->relocated = true;
	return 0;
}

/* [SUSP 5.3] */
static int parse_sp(struct rock *r, const uint8_t *e, uint32_t len)
{
	if (len < 7 || e[4] != 0xBE || e[5] != 0xEF)
		return -EIO;
	r->is_susp = true;
	r->skip = e[6];
	return 0;
}

static const struct {
	char tag[3];
	int (*parse)(struct rock *r, const uint8_t *entry, uint32_t len);
} rock_entries[] = {
	{"PX", parse_px}, {"NM", parse_nm}, {"SL", parse_sl}, {"TF", parse_tf}, {"CE", parse_ce},
	{"PN", parse_pn}, {"CL", parse_cl}, {"RE", parse_re}, {"SP", parse_sp},
};

static int parse_entry(struct rock *r, const uint8_t *e, uint32_t len)
{
	for (uint32_t i = 0; i < ARRAY_SIZE(rock_entries); i++)
		if (memcmp(e, rock_entries[i].tag, 2) == 0)
			return rock_entries[i].parse(r, e, len);
	return 0; /* Others' entries are skipped, as SUSP asks. */
}

int rock_parse(struct rock *r, const uint8_t *area, size_t n, uint32_t skip)
{
	size_t at = skip;

	r->more = false;
	while (at + 4 <= n && area[at] != 0) {
		uint32_t len = area[at + 2];
		int err;

		if (memcmp(area + at, "ST", 2) == 0)
			break;
		if (len < 4 || len > n - at)
			return -EIO;
		err = parse_entry(r, area + at, len);
		if (err)
			return err;
		at += len;
	}
	return 0;
}

int rock_continue(struct rock *r, const uint8_t *area, size_t n)
{
	if (++r->areas > ROCK_CONTINUED_MAX)
		return -EIO;
	return rock_parse(r, area, n, 0);
}
