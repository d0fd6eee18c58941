/* facts.c: see facts.h. */

#include "user/tour/facts.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#define READ_ALL 3 /* klogctl: SYSLOG_ACTION_READ_ALL. */
#define LINE 160   /* Of /proc/vmtrace. */

static int explain_fd, trace_fd;

/* Who interrupts shall not leave events on. */
static void interrupted(int signal)
{
	facts_end();
	_exit(128 + signal);
}

static int proc_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0) {
		perror(path);
		exit(1);
	}
	return fd;
}

static void proc_set(const char *path, const char *value)
{
	int fd = proc_open(path, O_WRONLY);

	if (write(fd, value, strlen(value)) < 0) {
		perror(path);
		exit(1);
	}
	close(fd);
}

/* ---- events ---- */

void facts_begin(void)
{
	proc_set("/proc/sys/vm/vmtrace", "4096");
	trace_fd = proc_open("/proc/vmtrace", O_RDONLY);
	explain_fd = proc_open("/proc/sys/vm/explain", O_WRONLY);
	signal(SIGINT, interrupted);
}

void facts_end(void)
{
	proc_set("/proc/sys/vm/vmtrace", "0");
}

/* number, seconds, thread, space, kind, where, before, after, argument, free frames, and how. */
static void event_parse(char *line, struct event *e)
{
	*e = (struct event){0};
	line[LINE - 1] = '\0'; /* Instead of the newline. */
	sscanf(line, "%*u %*s %d %*u %8s %9s %x %x %*u %*u %63[^\n]", &e->thread, e->kind, e->where,
	       &e->before, &e->after, e->how);
	for (size_t n = strlen(e->how); n > 0 && e->how[n - 1] == ' ';)
		e->how[--n] = '\0';
}

void events_read(struct events *log)
{
	static char text[EVENTS_MAX * LINE];
	size_t size = 0;
	ssize_t got;

	while (size < sizeof(text) && (got = read(trace_fd, text + size, sizeof(text) - size)) > 0)
		size += (size_t)got;
	log->count = size / LINE;
	for (size_t i = 0; i < log->count; i++)
		event_parse(text + i * LINE, &log->event[i]);
}

/* ---- sentences ---- */

void explain(void (*touch)(volatile char *at), volatile char *at)
{
	pwrite(explain_fd, "1", 1, 0);
	touch(at);
	pwrite(explain_fd, "0", 1, 0);
}

const char *explained(int pid, const volatile char *at)
{
	static char text[1 << 16];
	char who[16], where[16];
	const char *found = NULL;
	int n = klogctl(READ_ALL, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	snprintf(who, sizeof(who), "[%d] ", pid);
	snprintf(where, sizeof(where), " 0x%08x ", (unsigned int)(uintptr_t)at);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		char *sentence = strstr(line, "explain: ");

		if (sentence && strstr(sentence, who) && strstr(sentence, where))
			found = strchr(sentence, ' ') + 1;
	}
	return found;
}

/* ---- pages ---- */

static uint64_t word_at(const char *path, uint64_t index)
{
	int fd = proc_open(path, O_RDONLY);
	uint64_t word = 0;

	pread(fd, &word, sizeof(word), (off_t)(index * sizeof(word)));
	close(fd);
	return word;
}

/* As in Linux's pagemap.rst: bit 63 in memory, with the frame from bit 0 on; bit 62 in swap, the slot from bit 5 on. */
struct page page_of(int pid, const volatile char *at)
{
	struct page p = {NOTHING, 0, 0};
	char path[32];
	uint64_t word;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	word = word_at(path, (uintptr_t)at / PAGE);
	if (word >> 63) {
		p.kind = FRAME;
		p.number = (uint32_t)word;
		p.views = (unsigned int)word_at("/proc/kpagecount", p.number);
	} else if (word >> 62 & 1) {
		p.kind = SLOT;
		p.number = (uint32_t)(word >> 5);
	}
	return p;
}

/* ---- the disk ---- */

/* The name of the first area of /proc/swaps in /proc/diskstats, such as hda. */
static int swap_disk(char name[16])
{
	FILE *file = fopen("/proc/swaps", "r");
	int n = file ? fscanf(file, "%*[^\n] /dev/%15s", name) : 0;

	if (file)
		fclose(file);
	return n == 1;
}

bool swap_is_on(void)
{
	char disk[16];

	return swap_disk(disk);
}

struct sectors swap_sectors(void)
{
	struct sectors s = {0, 0};
	char disk[16], name[16], line[256];
	FILE *file;

	if (!swap_disk(disk))
		return s;
	file = fopen("/proc/diskstats", "r");
	while (file && fgets(line, sizeof(line), file)) {
		unsigned long read, written;

		if (sscanf(line, "%*d %*d %15s %*u %*u %lu %*u %*u %*u %lu", name, &read,
			   &written) == 3 &&
		    strcmp(name, disk) == 0)
			s = (struct sectors){read, written};
	}
	if (file)
		fclose(file);
	return s;
}
