/* proc_disk_files.c: the files of /proc about devices: which there are, and what disks have done
 * (proc(5); Documentation/admin-guide/iostats.rst). */

#include "arch/x86/clock.h"
#include "drivers/block.h"
#include "drivers/chardev.h"
#include "fs/procfs.h"
#include "kernel/lib/string.h"
#include "kernel/proc_files.h"

#define NSEC_PER_MSEC 1000000u

static int show_partitions(struct text *t, const struct procfs_entry *e)
{
	(void)e;
	text_printf(t, "major minor  #blocks  name\n\n");
	for (struct blockdev *dev = block_next(NULL); dev; dev = block_next(dev))
		if (dev->sectors > 0)
			text_printf(t, "%4u  %7u %10llu %s\n", dev->major, dev->minor,
				    block_bytes(dev) / 1024, dev->name);
	return 0;
}

static void show_done(struct text *t, const struct block_stats *s, enum block_stat_kind kind)
{
	text_printf(t, " %llu %llu %llu %llu", s->done[kind].ios, s->done[kind].merged,
		    s->done[kind].sectors, s->done[kind].ns / NSEC_PER_MSEC);
}

/* Nothing is ever discarded (four zeros). */
static int show_diskstats(struct text *t, const struct procfs_entry *e)
{
	(void)e;
	for (struct blockdev *dev = block_next(NULL); dev; dev = block_next(dev)) {
		struct block_stats s;

		block_stats_get(dev, &s);
		text_printf(t, "%4u %7u %s", dev->major, dev->minor, dev->name);
		show_done(t, &s, BLOCK_STAT_READ);
		show_done(t, &s, BLOCK_STAT_WRITE);
		text_printf(t, " %u %llu %llu 0 0 0 0 %llu %llu\n", s.in_flight,
			    s.busy_ns / NSEC_PER_MSEC, s.weighted_ns / NSEC_PER_MSEC,
			    s.done[BLOCK_STAT_FLUSH].ios,
			    s.done[BLOCK_STAT_FLUSH].ns / NSEC_PER_MSEC);
	}
	return 0;
}

/* The names that Linux gives to the majors of chardev.h. */
static const char *chardev_major_name(uint32_t major)
{
	static const char *const names[] = {
		[CHARDEV_MEM_MAJOR] = "mem",
		[CHARDEV_TTY_MAJOR] = "tty",
		[CHARDEV_TTYAUX_MAJOR] = "/dev/tty",
	};

	return names[major];
}

static bool major_has_chardev(uint32_t major)
{
	const struct chardev *dev = chardev_next(NULL);

	while (dev && dev->major != major)
		dev = chardev_next(dev);
	return dev;
}

static int show_devices(struct text *t, const struct procfs_entry *e)
{
	uint32_t last = 0;

	(void)e;
	text_printf(t, "Character devices:\n");
	for (uint32_t major = 0; major <= CHARDEV_TTYAUX_MAJOR; major++)
		if (major_has_chardev(major))
			text_printf(t, "%3u %s\n", major, chardev_major_name(major));
	text_printf(t, "\nBlock devices:\n");
	for (struct blockdev *dev = block_next(NULL); dev; dev = block_next(dev)) {
		if (dev->major != last)
			text_printf(t, "%3u %s\n", dev->major, dev->queue->name);
		last = dev->major;
	}
	return 0;
}

static struct procfs_entry entries[] = {
	{.path = "partitions", .show = show_partitions},
	{.path = "diskstats", .show = show_diskstats},
	{.path = "devices", .show = show_devices},
};

void proc_disk_files_init(void)
{
	procfs_register_all(entries, ARRAY_SIZE(entries));
}
