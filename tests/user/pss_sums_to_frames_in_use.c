/*
 * Over all processes, the proportional sizes add up to the frames that programs use, to the page:
 * with forks that share tables, shared memory, and files mapped by several.
 *
 * rows: A49 B15 D1 D34
 * quire-only
 */
#include "procfs.h"

#include <dirent.h>
#include <signal.h>
#include <sys/prctl.h>

#define CHILDREN 4
#define WHOLE 27720u /* A page in parts that any number of owners up to 12 divides. */

static uint8_t seen[1 << 15]; /* A bit for each frame of a gigabyte. */
static uint64_t words[4096];
static long frames, pss_kb, processes;
static uint64_t parts;

static void add_page(uint64_t word)
{
	uint64_t frame = PM_FRAME(word), count;

	if (!(word & PM_PRESENT) || page_word("/proc/kpageflags", frame) >> 24 & 1)
		return; /* Nothing, or the page of zeroes, which nobody owns. */
	count = page_word("/proc/kpagecount", frame);
	CHECK(count > 0 && count <= 12);
	parts += WHOLE / count;
	frames += !(seen[frame / 8] >> frame % 8 & 1);
	seen[frame / 8] |= 1 << frame % 8;
}

static void add_process(const char *pid)
{
	char path[32], *text;
	uint32_t from, to;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/maps", pid);
	if (!*proc_text(path))
		return; /* A kernel process has no memory. */
	snprintf(path, sizeof(path), "/proc/%s/pagemap", pid);
	fd = open(path, O_RDONLY);
	snprintf(path, sizeof(path), "/proc/%s/smaps_rollup", pid);
	pss_kb += proc_sum(path, "Pss");
	processes++;
	snprintf(path, sizeof(path), "/proc/%s/maps", pid);
	text = proc_text(path);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		CHECK(sscanf(line, "%x-%x", &from, &to) == 2);
		for (uint32_t n; from < to; from += n * PAGE) {
			n = to - from < sizeof(words) / 8 * PAGE ? (to - from) / PAGE
								 : sizeof(words) / 8;
			CHECK(pread64(fd, words, n * 8, (off64_t)(from / PAGE) * 8) ==
			      (ssize_t)n * 8);
			for (uint32_t i = 0; i < n; i++)
				add_page(words[i]);
		}
	}
	close(fd);
}

static void add_all(DIR *proc)
{
	struct dirent *entry;

	rewinddir(proc);
	frames = pss_kb = processes = 0;
	parts = 0;
	memset(seen, 0, sizeof(seen));
	while ((entry = readdir(proc)) != NULL)
		if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9')
			add_process(entry->d_name);
}

/* What the children differ in. */
static void child(int n, char *private, char *shared, int fd)
{
	char *file = mmap(NULL, 32 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, n * PAGE);

	touch_read(file, (20 - n) * PAGE);
	touch_write(file, n * PAGE, 2);
	touch_write(private, 5 * n * PAGE, 3);
	touch_read(private, 64 * PAGE);
	touch_write(shared, 8 * n * PAGE, 4);
	if (n == CHILDREN)
		CHECK(munmap(private + 30 * PAGE, 10 * PAGE) == 0 && fork() >= 0);
	CHECK(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
	pause();
}

int main(void)
{
	char *private = map_anon(64 * PAGE), *shared = map_shared(64 * PAGE);
	int fd = temp_file(64 * PAGE);
	DIR *proc = opendir("/proc");

	touch_write(private, 64 * PAGE, 1);
	touch_write(shared, 30 * PAGE, 1);
	for (int n = 1; n <= CHILDREN; n++)
		if (fork() == 0)
			child(n, private, shared, fd);
	sleep_ms(300);
	add_all(proc); /* Once for the pages that we take ourselves. */
	add_all(proc);
	CHECK(processes >= CHILDREN + 3 && frames > 64 + 30 + 20);
	CHECK(parts == (uint64_t)frames * WHOLE);
	CHECK(pss_kb <= frames * 4 && pss_kb + processes > frames * 4);
	CHECK(frames ==
	      proc_sum("/proc/vmstat", "nr_anon_pages") + proc_sum("/proc/vmstat", "nr_mapped"));
	return 0; /* The children die with us. */
}
