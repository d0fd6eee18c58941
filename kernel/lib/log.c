/*
 * log.c: the ring of log text and the sinks it goes to.
 *
 * Positions count bytes since boot; position p is ring[p % LOG_SIZE] as long as it is younger than
 * LOG_SIZE bytes. Each line gets its time stamp when its first byte arrives.
 *
 * Lock: a word of our own, not a ranked spinlock: lib is below sync, and logging must work while
 * anything else is locked. Interrupts are off while it is held. In a panic nobody waits for it.
 */

#include "kernel/lib/log.h"

#include "arch/x86/cpu.h"
#include "kernel/lib/atomic.h"

#define TEXT_MAX 512

static char ring[LOG_SIZE];
static uint64_t end;
static uint32_t lock_word;
static bool at_line_start = true;
static bool in_panic;
static struct list sinks = LIST_INIT(sinks);
static uint64_t (*clock)(void);

static uint32_t log_lock(void)
{
	uint32_t flags = irq_save();

	while (atomic_xchg(&lock_word, 1) && !in_panic)
		cpu_relax();
	return flags;
}

static void log_unlock(uint32_t flags)
{
	atomic_store(&lock_word, 0);
	irq_restore(flags);
}

static void emit(const char *text, size_t len)
{
	struct log_sink *sink;

	for (size_t i = 0; i < len; i++)
		ring[(end + i) % LOG_SIZE] = text[i];
	end += len;
	list_for_each_entry(sink, &sinks, link)
		if (!sink->quiet || in_panic)
			sink->write(text, len);
}

static void emit_stamp(void)
{
	char stamp[24];
	uint64_t now = clock ? clock() : 0;
	uint32_t us = (uint32_t)(now / 1000 % 1000000), sec = (uint32_t)(now / 1000000000);

	emit(stamp, (size_t)scnprintf(stamp, sizeof(stamp), "[%5u.%06u] ", sec, us));
}

/* Stamp the start of each line of text. */
static void emit_lines(const char *text, size_t len)
{
	size_t start = 0;

	while (start < len) {
		size_t n = 1;

		while (start + n < len && text[start + n - 1] != '\n')
			n++;
		if (at_line_start)
			emit_stamp();
		emit(text + start, n);
		at_line_start = text[start + n - 1] == '\n';
		start += n;
	}
}

void vlog(const char *fmt, va_list ap)
{
	char text[TEXT_MAX];
	int len = vsnprintf(text, sizeof(text), fmt, ap);
	uint32_t flags = log_lock();

	if (len >= TEXT_MAX) { /* Say that it was cut, and end the line. */
		len = TEXT_MAX - 1;
		for (int i = 2; i <= 4; i++)
			text[TEXT_MAX - 1 - i] = '.';
		text[TEXT_MAX - 2] = '\n';
	}
	emit_lines(text, (size_t)len);
	log_unlock(flags);
}

void log(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vlog(fmt, ap);
	va_end(ap);
}

static uint64_t oldest(void)
{
	return end > LOG_SIZE ? end - LOG_SIZE : 0;
}

void log_add_sink(struct log_sink *sink)
{
	uint32_t flags = log_lock();

	for (uint64_t p = oldest(); p < end && !sink->quiet; p++)
		sink->write(&ring[p % LOG_SIZE], 1);
	list_add_tail(&sinks, &sink->link);
	log_unlock(flags);
}

void log_enter_panic(void)
{
	in_panic = true;
}

size_t log_read(uint64_t *pos, char *buf, size_t size)
{
	uint32_t flags = log_lock();
	size_t n = 0;

	if (*pos < oldest())
		*pos = oldest();
	for (; n < size && *pos < end; (*pos)++)
		buf[n++] = ring[*pos % LOG_SIZE];
	log_unlock(flags);
	return n;
}

uint64_t log_end(void)
{
	uint32_t flags = log_lock();
	uint64_t pos = end;

	log_unlock(flags);
	return pos;
}

void log_set_clock(uint64_t (*now_ns)(void))
{
	clock = now_ns;
}
