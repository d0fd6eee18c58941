/* transcript.c: what is said about each operation, and how values are named. */
#include "tests/diff/diff.h"

#include <stdarg.h>
#include <stdio.h>

struct transcript *transcript;

/* Too long a program ends its transcript in the middle of a line, on both sides at the same place. */
void say(const char *fmt, ...)
{
	uint32_t room = sizeof(transcript->text) - transcript->used;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(transcript->text + transcript->used, room, fmt, ap);
	va_end(ap);
	if (n > 0)
		transcript->used += (uint32_t)n < room ? (uint32_t)n : room - 1;
}

void say_result(long result)
{
	say(" = %ld\n", result);
}

bool blocks_are_known(void)
{
	return on_tmpfs && !transcript->vague;
}

bool pages_are_known(void)
{
	return blocks_are_known() && !transcript->reserved;
}

long result_of(long result)
{
	return result == -1 ? -errno : result;
}

const char *address_name(uint32_t va)
{
	static char buffers[8][24];
	static uint32_t next;
	char *text = buffers[next++ % COUNT(buffers)];
	struct space *s = space_of(va);
	uint32_t off;

	if (!s) {
		snprintf(text, sizeof(buffers[0]), "%#x", va);
		return text;
	}
	off = va - s->base;
	if (s < &spaces[FLOATS])
		snprintf(text, sizeof(buffers[0]), "%c+%u", s == &spaces[ARENA] ? 'A' : 'H',
			 off / PAGE);
	else
		snprintf(text, sizeof(buffers[0]), "F%d+%u", (int)(s - &spaces[FLOATS]),
			 off / PAGE);
	if (off % PAGE)
		snprintf(text + strlen(text), 8, ".%u", off % PAGE);
	return text;
}

/* ---- digests ---- */

struct sum {
	uint32_t va, n, hash;
};

static void sum_bytes(void *arg)
{
	volatile struct sum *s = arg;
	uint32_t hash = s->hash, va = s->va;

	for (; s->n >= 4 && va % 4 == 0; s->n -= 4, va += 4)
		hash = (hash ^ *(const volatile uint32_t *)va) * 0x01000193u + (hash >> 15);
	for (; s->n > 0; s->n--, va++)
		hash = (hash ^ *(const volatile uint8_t *)va) * 0x01000193u + (hash >> 15);
	s->hash = hash;
}

/* Page by page, so that a fault leaves the pages before it in the sum. */
uint32_t digest(uint32_t va, uint32_t *n)
{
	struct sum s = {.hash = 0x811c9dc5u};
	struct fault f;
	uint32_t done = 0, part;

	for (; done < *n; done += part) {
		part = PAGE - (va + done) % PAGE;
		if (part > *n - done)
			part = *n - done;
		s.va = va + done;
		s.n = part;
		if (!attempt(sum_bytes, &s, &f))
			break;
	}
	*n = done;
	return s.hash;
}

void say_bytes(uint32_t va, uint32_t n)
{
	uint32_t read = n, hash = digest(va, &read);

	if (read == n)
		say(" #%08x", hash);
	else
		say(" #%08x(%u)", hash, read);
}
