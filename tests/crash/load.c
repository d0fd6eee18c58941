/*
 * load.c: work on files of /mnt until somebody pulls the plug, telling on the serial line what must
 * be found afterwards. Argument: a seed.
 *
 *	C name			about to be changed: may be found in any state from now on
 *	S name seed length	was fsynced: holds bytes [0, length) of the stream of this seed
 *
 * A line has left the machine before the work goes on, so that the host never believes in a state
 * that was given up. Several workers have a folder each; in it they create, rewrite, append, rename,
 * unlink and make holes, and make and remove the folders below.
 */
#define _GNU_SOURCE
#include "kernel/lib/xorshift.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define WORKERS 4
#define FILES 24
#define FOLDERS 3
#define LENGTH_MAX 60000u
#define HOLES_MAX (4u << 20)
#define NAME_MAX_ 32

struct slot {
	uint32_t seed, length; /* seed 0: there is no such file. */
};

static struct slot slots[FILES];
static int worker, line_fd;
static uint32_t random_state;

static uint32_t roll(uint32_t below)
{
	return xorshift32(&random_state) % below;
}

static void fail(const char *what, const char *name)
{
	dprintf(line_fd, "F %s %s: %s\n", what, name, strerror(errno));
	tcdrain(line_fd);
	_exit(1);
}

static void tell(const char *line)
{
	if (write(line_fd, line, strlen(line)) < 0 || tcdrain(line_fd) != 0)
		_exit(1);
}

static const char *folder_of(int i, char name[NAME_MAX_])
{
	snprintf(name, NAME_MAX_, "w%d/d%d", worker, i % FOLDERS);
	return name;
}

static const char *name_of(int i, char name[NAME_MAX_])
{
	snprintf(name, NAME_MAX_, "w%d/d%d/a%02d", worker, i % FOLDERS, i);
	return name;
}

static void tell_change(int i)
{
	char name[NAME_MAX_], line[64];

	snprintf(line, sizeof(line), "C %s\n", name_of(i, name));
	tell(line);
}

/* Make slot i durable, more often than not, and say so. */
static void settle(int i, int fd)
{
	char name[NAME_MAX_], line[64];

	if (roll(10) < 3)
		return;
	if (fsync(fd) != 0)
		fail("fsync", name_of(i, name));
	snprintf(line, sizeof(line), "S %s %u %u\n", name_of(i, name), slots[i].seed,
		 slots[i].length);
	tell(line);
}

/* Byte at of the stream: words of a counter, stirred. tests/crash/crash.py computes the same. */
static uint8_t stream_byte(uint32_t seed, uint32_t at)
{
	uint32_t word = (seed + at / 4) * 2654435761u;

	return (uint8_t)(word >> (at % 4 * 8));
}

static int write_stream(int fd, uint32_t seed, uint32_t from, uint32_t to)
{
	static uint8_t bytes[5000]; /* Ends where no block does. */

	while (from < to) {
		uint32_t n = to - from < sizeof(bytes) ? to - from : sizeof(bytes);

		for (uint32_t i = 0; i < n; i++)
			bytes[i] = stream_byte(seed, from + i);
		if (pwrite(fd, bytes, n, from) != (ssize_t)n)
			return -1;
		from += n;
	}
	return 0;
}

static int open_slot(int i, int flags)
{
	char name[NAME_MAX_], folder[NAME_MAX_];
	int fd;

	mkdir(folder_of(i, folder), 0755);
	fd = open(name_of(i, name), O_RDWR | O_CREAT | flags, 0644);
	if (fd < 0)
		fail("open", name);
	return fd;
}

/* New contents, in place of the old ones or after cutting them off. */
static void do_write(int i)
{
	int fd;

	tell_change(i);
	fd = open_slot(i, roll(2) ? O_TRUNC : 0);
	slots[i].seed = roll(UINT32_MAX - 1) + 1;
	slots[i].length = roll(LENGTH_MAX);
	if (write_stream(fd, slots[i].seed, 0, slots[i].length) != 0 ||
	    ftruncate(fd, slots[i].length) != 0)
		fail("write", "");
	settle(i, fd);
	close(fd);
}

static void do_append(int i)
{
	uint32_t from = slots[i].length;
	int fd;

	if (!slots[i].seed)
		return;
	tell_change(i);
	fd = open_slot(i, 0);
	slots[i].length += roll(9000);
	if (write_stream(fd, slots[i].seed, from, slots[i].length) != 0)
		fail("append", "");
	settle(i, fd);
	close(fd);
}

static void do_rename(int i)
{
	char from[NAME_MAX_], to[NAME_MAX_], folder[NAME_MAX_];
	int j = (int)roll(FILES), fd;

	if (!slots[i].seed || i == j)
		return;
	tell_change(i);
	tell_change(j);
	mkdir(folder_of(j, folder), 0755);
	if (rename(name_of(i, from), name_of(j, to)) != 0)
		fail("rename", from);
	slots[j] = slots[i];
	slots[i].seed = 0;
	fd = open_slot(j, 0);
	settle(j, fd);
	close(fd);
}

static void do_unlink(int i)
{
	char name[NAME_MAX_];

	if (!slots[i].seed)
		return;
	tell_change(i);
	if (unlink(name_of(i, name)) != 0)
		fail("unlink", name);
	slots[i].seed = 0;
}

static void do_remove_folder(int i)
{
	char name[NAME_MAX_];

	for (int k = i % FOLDERS; k < FILES; k += FOLDERS)
		do_unlink(k);
	if (rmdir(folder_of(i, name)) != 0 && errno != ENOENT)
		fail("rmdir", name);
}

/* A file that nobody asks for, whose blocks come and go: indirect ones, and those behind holes. */
static void do_holes(void)
{
	uint32_t from = roll(HOLES_MAX);
	char name[NAME_MAX_];
	int fd;

	snprintf(name, sizeof(name), "w%d/holes", worker);
	fd = open(name, O_RDWR | O_CREAT, 0644);
	if (fd < 0 || ftruncate(fd, roll(HOLES_MAX)) != 0 ||
	    write_stream(fd, 1, from, from + roll(8000)) != 0 ||
	    ftruncate(fd, roll(HOLES_MAX)) != 0)
		fail("holes", name);
	close(fd);
}

static void work(uint32_t seed)
{
	char name[NAME_MAX_];

	random_state = seed * 2246822519u + (uint32_t)worker + 1;
	snprintf(name, sizeof(name), "w%d", worker);
	mkdir(name, 0755);
	for (;;) {
		uint32_t what = roll(100);
		int i = (int)roll(FILES);

		if (what < 45)
			do_write(i);
		else if (what < 65)
			do_append(i);
		else if (what < 80)
			do_rename(i);
		else if (what < 92)
			do_unlink(i);
		else if (what < 95)
			do_remove_folder(i);
		else if (what < 99)
			do_holes();
		else
			sync();
	}
}

static void setting_write(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		fail("write", path);
	close(fd);
}

int main(int argc, char **argv)
{
	line_fd = open("/dev/ttyS0", O_WRONLY | O_NOCTTY);
	if (line_fd < 0 || argc != 2 || chdir("/mnt") != 0)
		return 1;
	/* Much is written without being asked for, too. */
	setting_write("/proc/sys/vm/dirty_expire_centisecs", "20");
	setting_write("/proc/sys/vm/dirty_writeback_centisecs", "10");
	for (worker = 1; worker < WORKERS; worker++)
		if (fork() == 0)
			break;
	worker %= WORKERS;
	work((uint32_t)strtoul(argv[1], NULL, 10));
}
