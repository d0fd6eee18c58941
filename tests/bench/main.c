/*
 * main.c: measure what the events of a kernel cost.
 *
 *	bench [--swap DEVICE] [ROW]...		measure the rows, all but the swap rows when none is named
 *
 * Each row prints "row NAME FIGURE EVENTS": ticks of the TSC per event, and how many events there
 * were. "ticks N" comes first: ticks in a millisecond.
 *
 * As the first process of a machine the program mounts what it needs, loads the kernel modules in
 * /modules in the order of their names, talks to the first serial line, and turns the machine off
 * when done. That is how it runs on Linux; on Quire it is a program like any other.
 */
#include "tests/bench/bench.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MODULES "/modules"
#define CALIBRATION_MS 100

const char *swap_device;

static const struct row *const all_rows[] = {call_rows, memory_rows, file_rows, process_rows,
					     swap_rows};
#define ROW_TABLES (sizeof(all_rows) / sizeof(all_rows[0]))

noreturn void give_up(const char *what)
{
	printf("failed %s: %s\n", what, strerror(errno));
	fflush(stdout);
	_exit(1);
}

void check(int ok, const char *what)
{
	if (!ok)
		give_up(what);
}

void meter_stop(struct meter *meter, uint64_t events)
{
	double mean = (double)(__builtin_ia32_rdtsc() - meter->began) / (double)events;

	__asm__ volatile("xchg %%cx, %%cx" ::: "memory");
	if (meter->events == 0 || mean < meter->least)
		meter->least = mean;
	meter->events += events;
}

char *memory_map(size_t bytes)
{
	char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	check(at != MAP_FAILED, "mmap");
	return at;
}

void memory_unmap(char *at, size_t bytes)
{
	check(munmap(at, bytes) == 0, "munmap");
}

void pages_write(char *at, size_t bytes)
{
	for (size_t offset = 0; offset < bytes; offset += PAGE)
		*(volatile char *)(at + offset) = 1;
}

void pages_read(const char *at, size_t bytes)
{
	for (size_t offset = 0; offset < bytes; offset += PAGE)
		(void)*(const volatile char *)(at + offset);
}

int file_make(size_t bytes)
{
	static const char page[PAGE];
	char name[] = "/tmp/benchXXXXXX";
	int fd = mkstemp(name);

	check(fd >= 0 && unlink(name) == 0, "mkstemp");
	for (size_t offset = 0; offset < bytes; offset += PAGE)
		check(write(fd, page, PAGE) == (ssize_t)PAGE, "write");
	return fd;
}

void child_wait(int pid)
{
	int status;

	check(pid > 0, "fork");
	check(waitpid(pid, &status, 0) == pid && status == 0, "child");
}

/* ---- rows ---- */

/* Each in a process of its own, so that none finds what another has left. */
static void row_run(const struct row *row, struct meter *meter)
{
	int status = -1;
	pid_t pid;

	memset(meter, 0, sizeof(*meter));
	pid = fork();
	if (pid == 0) {
		row->measure(meter);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid || status != 0)
		printf("failed %s: status %#x\n", row->name, (unsigned int)status);
	else
		printf("row %s %.1f %llu\n", row->name, meter->least,
		       (unsigned long long)meter->events);
	fflush(stdout);
}

static const struct row *row_find(const char *name)
{
	for (size_t table = 0; table < ROW_TABLES; table++)
		for (const struct row *row = all_rows[table]; row->name; row++)
			if (strcmp(row->name, name) == 0)
				return row;
	return NULL;
}

static void rows_run(char **names, struct meter *meter)
{
	for (char **name = names; *name; name++) {
		const struct row *row = row_find(*name);

		if (row)
			row_run(row, meter);
		else
			printf("failed there is no row %s\n", *name);
	}
	if (names[0])
		return;
	for (size_t table = 0; table < ROW_TABLES; table++)
		for (const struct row *row = all_rows[table]; row->name; row++)
			if (all_rows[table] != swap_rows)
				row_run(row, meter);
}

static void ticks_print(void)
{
	struct timespec sleep = {.tv_nsec = CALIBRATION_MS * 1000000L}, from, to;
	uint64_t began = __builtin_ia32_rdtsc(), ticks;

	clock_gettime(CLOCK_MONOTONIC, &from);
	nanosleep(&sleep, NULL);
	clock_gettime(CLOCK_MONOTONIC, &to);
	ticks = __builtin_ia32_rdtsc() - began;
	printf("ticks %.0f\n", (double)ticks / ((double)(to.tv_sec - from.tv_sec) * 1e3 +
						(double)(to.tv_nsec - from.tv_nsec) / 1e6));
}

/* ---- the first process ---- */

static void module_load(const char *name)
{
	char path[sizeof(MODULES) + NAME_MAX + 1];
	int fd;

	snprintf(path, sizeof(path), MODULES "/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0) != 0)
		printf("failed %s: %s\n", path, strerror(errno));
	close(fd);
}

static int is_module(const struct dirent *entry)
{
	return strstr(entry->d_name, ".ko") != NULL;
}

static void modules_load(void)
{
	struct dirent **names;
	int count = scandir(MODULES, &names, is_module, alphasort);

	for (int i = 0; i < count; i++)
		module_load(names[i]->d_name);
}

static void machine_begin(void)
{
	mkdir("/dev", 0755);
	mkdir("/tmp", 01777);
	mkdir("/proc", 0755);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("tmpfs", "/tmp", "tmpfs", 0, NULL);
	if (!freopen("/dev/ttyS0", "w", stdout))
		exit(1);
	modules_load();
}

static noreturn void machine_end(void)
{
	puts("end");
	fflush(stdout);
	fsync(STDOUT_FILENO);
	sleep(1); /* A serial line is slow. */
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	struct meter *meter;
	char **names = argv + 1;

	if (argc == 2 && strcmp(argv[1], "--exit") == 0)
		return 0; /* What the exec rows run. */
	if (argc > 2 && strcmp(argv[1], "--swap") == 0) {
		swap_device = argv[2];
		names += 2;
	}
	if (getpid() == 1)
		machine_begin();
	meter = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	check(meter != MAP_FAILED, "mmap");
	ticks_print();
	rows_run(names, meter);
	if (getpid() == 1)
		machine_end();
	return 0;
}
