/* sample.c: see sample.h. The numbers of /proc are those of proc(5) and of Linux's pagemap.rst. */

#include "user/vmtop/sample.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WORDS 2048u /* Of kpageflags and its like, at a time. */

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void *array_grow(void *array, size_t count, size_t size)
{
	if ((count & (count - 1)) == 0) /* Powers of two double. */
		array = realloc(array, (count ? 2 * count : 1) * size);
	if (!array)
		fail("vmtop");
	return array;
}

/* ---- frames ---- */

/* Bits of kpageflags. */
#define KPF_DIRTY (1ull << 4)
#define KPF_LRU (1ull << 5)
#define KPF_BUDDY (1ull << 10)
#define KPF_MMAP (1ull << 11)
#define KPF_ANON (1ull << 12)
#define KPF_SWAPCACHE (1ull << 13)
#define KPF_UNEVICTABLE (1ull << 18)
#define KPF_ZERO_PAGE (1ull << 24)
#define KPF_PGTABLE (1ull << 26)

static enum state frame_state(uint64_t flags, uint64_t mapped)
{
	if (flags & KPF_BUDDY)
		return FREE;
	if (flags & KPF_ZERO_PAGE)
		return ZERO;
	if (flags & KPF_PGTABLE)
		return TABLE;
	if (flags & KPF_UNEVICTABLE)
		return PINNED;
	if (flags & KPF_SWAPCACHE)
		return CACHED;
	if (flags & KPF_ANON)
		return mapped > 1 ? COW : ANON;
	if (flags & (KPF_LRU | KPF_MMAP)) /* On Linux a young page is not yet on a list. */
		return flags & KPF_DIRTY ? DIRTY : FILED;
	return KERNEL;
}

static int proc_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		fail(path);
	return fd;
}

static void frames_take(struct sample *s)
{
	static uint64_t flags[WORDS], counts[WORDS];
	int flags_fd = proc_open("/proc/kpageflags"), counts_fd = proc_open("/proc/kpagecount");
	size_t n;
	ssize_t got;

	s->frame_count = 0;
	memset(s->counts, 0, sizeof(s->counts));
	while ((got = read(flags_fd, flags, sizeof(flags))) > 0) {
		n = (size_t)got / sizeof(flags[0]);
		if (read(counts_fd, counts, (size_t)got) != got)
			fail("/proc/kpagecount");
		if (s->frame_count + n > s->frame_room) {
			s->frame_room = 2 * s->frame_room + WORDS;
			s->frames = realloc(s->frames, s->frame_room);
			if (!s->frames)
				fail("vmtop");
		}
		for (size_t i = 0; i < n; i++) {
			enum state state = frame_state(flags[i], counts[i]);

			s->frames[s->frame_count++] = (uint8_t)state;
			s->counts[state < STATES ? state : KERNEL]++;
		}
	}
	close(flags_fd);
	close(counts_fd);
}

/* ---- texts ---- */

/* Read a file of /proc; false: it is gone. */
static bool text_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	ssize_t got = 0;

	while (fd >= 0 && length < size - 1 &&
	       (got = read(fd, text + length, size - 1 - length)) > 0)
		length += (size_t)got;
	text[length] = '\0';
	if (fd >= 0)
		close(fd);
	return length > 0;
}

/* The sum of the numbers in lines that begin so. */
static unsigned long text_sum(const char *text, const char *beginning)
{
	unsigned long sum = 0;

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, beginning, strlen(beginning)) == 0)
			sum += strtoul(line + strcspn(line, ": ") + 1, NULL, 10);
	}
	return sum;
}

static double rate(unsigned long now, unsigned long before, double seconds)
{
	return seconds > 0 ? (double)(now - before) / seconds : 0;
}

/* ---- processes ---- */

static struct process process_take(int pid, const struct sample *before, double seconds)
{
	const unsigned long kb = PAGE / 1024;
	char path[64], text[4096], *name, *end;
	struct process p = {.pid = pid}, *old = before ? sample_find(before, pid) : NULL;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (!text_read(path, text, sizeof(text)))
		return (struct process){0};
	name = strchr(text, '(') + 1;
	end = strrchr(text, ')');
	snprintf(p.name, sizeof(p.name), "%.*s", (int)(end - name), name);
	sscanf(end + 1, " %c %*d %*d %*d %*d %*d %*u %lu %*u %lu", &p.state, &p.faults, &p.major);
	p.faults += p.major;
	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", pid);
	text_read(path, text, sizeof(text)); /* Empty: a kernel's process, or a dead one. */
	p.resident = text_sum(text, "Rss:") / kb;
	p.shared = text_sum(text, "Shared_") / kb;
	p.pss = text_sum(text, "Pss:") / kb;
	p.swapped = text_sum(text, "Swap:") / kb;
	p.faults_rate = rate(p.faults, old ? old->faults : 0, seconds);
	p.major_rate = rate(p.major, old ? old->major : 0, seconds);
	return p;
}

static int by_pid(const void *a, const void *b)
{
	return ((const struct process *)a)->pid - ((const struct process *)b)->pid;
}

static void processes_take(struct sample *s, const struct sample *before, double seconds)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;

	if (!dir)
		fail("/proc");
	while ((entry = readdir(dir))) {
		int pid = atoi(entry->d_name);
		struct process p = {0};

		if (pid > 0)
			p = process_take(pid, before, seconds);
		if (p.pid == 0)
			continue;
		s->processes = array_grow(s->processes, s->process_count, sizeof(p));
		s->processes[s->process_count++] = p;
	}
	closedir(dir);
	qsort(s->processes, s->process_count, sizeof(struct process), by_pid);
}

struct process *sample_find(const struct sample *s, int pid)
{
	struct process key = {.pid = pid};

	return s->process_count ? bsearch(&key, s->processes, s->process_count, sizeof(key), by_pid)
				: NULL;
}

/* ---- samples ---- */

void sample_take_memory(struct sample *s)
{
	static char text[16384];
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	s->time = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
	text_read("/proc/meminfo", text, sizeof(text));
	s->swap_total = text_sum(text, "SwapTotal:") / (PAGE / 1024);
	s->swap_free = text_sum(text, "SwapFree:") / (PAGE / 1024);
	text_read("/proc/vmstat", text, sizeof(text));
	s->faults = text_sum(text, "pgfault ");
	s->swapins = text_sum(text, "pswpin ");
	s->swapouts = text_sum(text, "pswpout ");
	frames_take(s);
}

void sample_take(struct sample *s, const struct sample *before)
{
	double seconds;

	memset(s, 0, sizeof(*s));
	sample_take_memory(s);
	seconds = before ? s->time - before->time : 0;
	s->faults_rate = rate(s->faults, before ? before->faults : 0, seconds);
	s->swapins_rate = rate(s->swapins, before ? before->swapins : 0, seconds);
	s->swapouts_rate = rate(s->swapouts, before ? before->swapouts : 0, seconds);
	processes_take(s, before, seconds);
}

void sample_free(struct sample *s)
{
	free(s->frames);
	free(s->processes);
}

/* ---- address spaces ---- */

bool area_each(int pid, void (*fn)(void *arg, const struct area *a), void *arg)
{
	char path[32], line[512];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		struct area a = {.name = ""};

		if (sscanf(line, "%llx-%llx %4s %*s %*s %*s %63[^\n]",
			   (unsigned long long *)&a.start, (unsigned long long *)&a.end, a.rights,
			   a.name) >= 3)
			fn(arg, &a);
	}
	if (file)
		fclose(file);
	return file;
}

#define PM_PRESENT (1ull << 63)
#define PM_SWAP (1ull << 62)
#define PM_FRAME ((1ull << 55) - 1)

bool cells_open(struct cells *c, const struct sample *s, int pid)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	*c = (struct cells){.pagemap = open(path, O_RDONLY | O_CLOEXEC), .s = s};
	return c->pagemap >= 0;
}

/* The frames were looked at before: one that came since is shown as it was. */
static enum state cell_state(const struct sample *s, uint64_t word)
{
	uint64_t frame = word & PM_FRAME;

	if (word & PM_PRESENT)
		return frame < s->frame_count ? s->frames[frame] : KERNEL;
	return word & PM_SWAP ? SWAPPED : EMPTY;
}

void cells_get(const struct cells *c, uint64_t address, size_t count, uint8_t *states)
{
	uint64_t words[count];
	ssize_t got =
		pread(c->pagemap, words, sizeof(words), (off_t)(address / PAGE * sizeof(words[0])));
	size_t n = got > 0 ? (size_t)got / sizeof(words[0]) : 0;

	for (size_t i = 0; i < count; i++)
		states[i] = i < n ? cell_state(c->s, words[i]) : EMPTY;
}

void cells_close(struct cells *c)
{
	close(c->pagemap);
}
