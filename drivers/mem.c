/*
 * mem.c: null, zero, full, random, urandom, kmsg: devices with no hardware behind them, as mem(4),
 * null(4), full(4), random(4) describe them.
 *
 * random and urandom are the same generator, as on Linux since 5.6: it never runs dry. kmsg reads
 * as the text of the log from its oldest line to its newest, then ends; a write is one line of log.
 *
 * No state but the log position of each open of kmsg, so no locks.
 */
#include "drivers/mem.h"

#include "drivers/chardev.h"
#include "drivers/random.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/atomic.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"
#include "kernel/sync/thread.h"

#define CHUNK 65536u  /* Between looks at pending signals. */
#define BUFFER 256u   /* On the stack. */
#define KMSG_LINE 992 /* Longest line that may be written, as on Linux. */

/* The result of moving n bytes of which a fault may have cut off the last. */
static ssize_t moved_or_fault(size_t moved, size_t wanted)
{
	return moved > 0 || wanted == 0 ? (ssize_t)moved : -EFAULT;
}

static ssize_t null_read(struct chardev_handle *h, struct uio *u, bool nonblock)
{
	(void)h, (void)u, (void)nonblock;
	return 0;
}

static ssize_t null_write(struct chardev_handle *h, struct uio *u, bool nonblock)
{
	(void)h, (void)nonblock;
	return (ssize_t)u->resid;
}

static ssize_t full_write(struct chardev_handle *h, struct uio *u, bool nonblock)
{
	(void)h, (void)u, (void)nonblock;
	return -ENOSPC;
}

static size_t zero_out(struct uio *u, size_t n)
{
	return uio_zero_out(u, MIN(n, CHUNK));
}

static size_t random_out(struct uio *u, size_t n)
{
	uint8_t buf[BUFFER];

	n = MIN(n, sizeof(buf));
	random_fill(buf, n);
	return uio_copy_out(u, buf, n);
}

/* Fill u by pieces, until a page is missing or a signal comes: the request may be 2 GiB. */
static ssize_t fill(struct uio *u, size_t (*out)(struct uio *u, size_t n))
{
	size_t wanted = u->resid, since_look = 0;

	while (u->resid > 0) {
		size_t n = out(u, u->resid);

		if (n == 0)
			break;
		since_look += n;
		if (since_look < CHUNK)
			continue;
		if (atomic_load(&thread_current()->signal_pending))
			break;
		since_look = 0;
	}
	return moved_or_fault(wanted - u->resid, wanted);
}

static ssize_t zero_read(struct chardev_handle *h, struct uio *u, bool nonblock)
{
	(void)h, (void)nonblock;
	return fill(u, zero_out);
}

static ssize_t random_read(struct chardev_handle *h, struct uio *u, bool nonblock)
{
	(void)h, (void)nonblock;
	return fill(u, random_out);
}

static ssize_t random_write(struct chardev_handle *h, struct uio *u, bool nonblock)
{
	size_t wanted = u->resid;
	uint32_t word;

	(void)h, (void)nonblock;
	while (u->resid > 0) {
		word = 0;
		if (uio_copy_in(u, &word, MIN(u->resid, sizeof(word))) == 0)
			break;
		random_stir(word);
	}
	return moved_or_fault(wanted - u->resid, wanted);
}

static ssize_t kmsg_read(struct chardev_handle *h, struct uio *u, bool nonblock)
{
	size_t wanted = u->resid;
	char buf[BUFFER];

	(void)nonblock;
	while (u->resid > 0) {
		uint64_t pos = h->state;
		size_t n = log_read(&pos, buf, MIN(u->resid, sizeof(buf)));
		size_t moved = uio_copy_out(u, buf, n);

		if (n == 0)
			return (ssize_t)(wanted - u->resid);
		h->state = pos - (n - moved);
		if (moved < n)
			break;
	}
	return moved_or_fault(wanted - u->resid, wanted);
}

/* "<6>text": the priority in front is syslog's and says nothing here. */
static const char *skip_priority(const char *line)
{
	const char *end = line[0] == '<' ? strchr(line, '>') : NULL;

	return end ? end + 1 : line;
}

static ssize_t kmsg_write(struct chardev_handle *h, struct uio *u, bool nonblock)
{
	char line[KMSG_LINE + 1];
	size_t n = u->resid;

	(void)h, (void)nonblock;
	if (n > KMSG_LINE)
		return -EINVAL;
	if (uio_copy_in(u, line, n) < n)
		return -EFAULT;
	line[n] = '\0';
	if (n > 0 && line[n - 1] == '\n')
		line[n - 1] = '\0';
	log("%s\n", skip_priority(line));
	return (ssize_t)n;
}

static const struct chardev_ops null_ops = {
	.read = null_read,
	.write = null_write,
	.can_seek = true,
};

static const struct chardev_ops zero_ops = {
	.read = zero_read,
	.write = null_write,
	.can_seek = true,
	.maps_anonymous = true,
};

static const struct chardev_ops full_ops = {
	.read = zero_read,
	.write = full_write,
	.can_seek = true,
};

static const struct chardev_ops random_ops = {
	.read = random_read,
	.write = random_write,
	.can_seek = true,
};

static const struct chardev_ops kmsg_ops = {
	.read = kmsg_read,
	.write = kmsg_write,
};

static struct chardev mem_devices[] = {
	{.name = "null", .minor = 3, .mode = 0666, .ops = &null_ops},
	{.name = "zero", .minor = 5, .mode = 0666, .ops = &zero_ops},
	{.name = "full", .minor = 7, .mode = 0666, .ops = &full_ops},
	{.name = "random", .minor = 8, .mode = 0666, .ops = &random_ops},
	{.name = "urandom", .minor = 9, .mode = 0666, .ops = &random_ops},
	{.name = "kmsg", .minor = 11, .mode = 0644, .ops = &kmsg_ops},
};

void mem_init(void)
{
	for (uint32_t i = 0; i < ARRAY_SIZE(mem_devices); i++) {
		mem_devices[i].major = CHARDEV_MEM_MAJOR;
		chardev_register(&mem_devices[i]);
	}
}
