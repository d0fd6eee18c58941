/* text.c: see text.h. */
#include "fs/text.h"

#include "arch/x86/layout.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "mm/kmalloc.h"

#define CHUNK_BYTES (PAGE_SIZE - 8) /* With its link, a chunk is one page. */

struct text_chunk {
	struct list link;
	char bytes[CHUNK_BYTES];
};

_Static_assert(sizeof(struct text_chunk) == PAGE_SIZE, "a chunk is one page");

void text_init(struct text *t)
{
	list_init(&t->chunks);
	t->length = 0;
	t->error = 0;
}

void text_free(struct text *t)
{
	struct text_chunk *c, *next;

	list_for_each_entry_safe(c, next, &t->chunks, link)
		kfree(c);
	text_init(t);
}

/* The chunk the next byte goes to; NULL when out of memory. */
static struct text_chunk *chunk_at_end(struct text *t)
{
	struct text_chunk *c;

	if (t->length % CHUNK_BYTES != 0)
		return list_last(&t->chunks, struct text_chunk, link);
	c = kmalloc(sizeof(*c));
	if (c)
		list_add_tail(&t->chunks, &c->link);
	return c;
}

void text_append(struct text *t, const char *bytes, size_t n)
{
	while (n > 0 && !t->error) {
		struct text_chunk *c = chunk_at_end(t);
		uint32_t at = t->length % CHUNK_BYTES, run = MIN(n, CHUNK_BYTES - at);

		if (!c) {
			t->error = -ENOMEM;
			return;
		}
		memcpy(c->bytes + at, bytes, run);
		t->length += run;
		bytes += run;
		n -= run;
	}
}

void text_printf(struct text *t, const char *fmt, ...)
{
	char line[TEXT_LINE_MAX];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	text_append(t, line, MIN((size_t)n, sizeof(line) - 1));
}

void text_kb(struct text *t, const char *label, uint32_t kb)
{
	text_printf(t, "%-16s%8u kB\n", label, kb);
}

void text_append_escaped(struct text *t, const char *name, const char *also)
{
	for (; *name; name++) {
		if (strchr(" \t\n\\", *name) || strchr(also, *name))
			text_printf(t, "\\%03o", (uint8_t)*name);
		else
			text_append(t, name, 1);
	}
}

ssize_t text_read(const struct text *t, struct uio *u, loff_t pos)
{
	const struct text_chunk *c;
	uint32_t start = 0;
	ssize_t done = 0;

	if (pos >= t->length)
		return 0;
	list_for_each_entry(c, &t->chunks, link) {
		uint32_t used = MIN(CHUNK_BYTES, t->length - start);

		if (u->resid > 0 && pos < start + used) {
			uint32_t off = (uint32_t)pos - start, n = MIN(u->resid, used - off);
			size_t moved = uio_copy_out(u, c->bytes + off, n);

			done += (ssize_t)moved;
			pos += moved;
			if (moved < n)
				return done > 0 ? done : -EFAULT;
		}
		start += used;
	}
	return done;
}
