/*
 * The lines of meminfo add up to MemTotal but for a handful of frames that the kernel took before it
 * could say what for; slabinfo, buddyinfo, zoneinfo and vmstat agree with it.
 *
 * rows: A51
 * quire-only
 */
#include "procfs.h"

#define TEXTS 16    /* kB: the texts of the files themselves, while they are read. */
#define KEPT 48	    /* kB: the zero page, a driver's buffers, pages in pipes. */
#define POOLED 4096 /* kB: freed or zeroed frames that wait outside the buddy lists. */

static const char *const parts[] = {"MemFree", "Buffers",     "Cached",	   "AnonPages",
				    "Slab",    "KernelStack", "PageTables"};

static void lines_add_up(void)
{
	char *text = proc_text("/proc/meminfo");
	long sum = 0;

	for (int i = 0; i < 7; i++)
		sum += text_sum(text, parts[i]);
	CHECK(sum <= text_sum(text, "MemTotal") && sum + KEPT >= text_sum(text, "MemTotal"));
}

static long slab_kb(void)
{
	long used, all, size, per, pages, active, slabs, sum = 0;

	for (char *line = strtok(proc_text("/proc/slabinfo"), "\n"); line;
	     line = strtok(NULL, "\n"))
		if (sscanf(line, "%*s %ld %ld %ld %ld %ld : tunables 0 0 0 : slabdata %ld %ld 0",
			   &used, &all, &size, &per, &pages, &active, &slabs) == 7)
			sum += slabs * pages * 4;
	return sum;
}

static long buddy_kb(void)
{
	char *text = proc_text("/proc/buddyinfo"), *at;
	long sum = 0;

	for (char *line = strtok_r(text, "\n", &text); line; line = strtok_r(NULL, "\n", &text)) {
		at = strstr(line, "zone") + 13;
		for (int order = 0; order <= 10; order++)
			sum += strtol(at, &at, 10) * 4 << order;
	}
	return sum;
}

static long zones_kb(void)
{
	long sum = 0;

	for (char *at = proc_text("/proc/zoneinfo"); (at = strstr(at, "managed")) != NULL; at++)
		sum += strtol(at + 7, NULL, 10) * 4;
	return sum;
}

int main(void)
{
	char *p = map_anon(300 * PAGE), *shared = map_shared(200 * PAGE);
	long anon = proc_sum("/proc/meminfo", "AnonPages"),
	     shmem = proc_sum("/proc/meminfo", "Shmem");
	long mapped = proc_sum("/proc/meminfo", "Mapped"), free;

	lines_add_up();
	touch_write(p, 300 * PAGE, 1);
	touch_write(shared, 200 * PAGE, 1);
	lines_add_up();
	CHECK(proc_sum("/proc/meminfo", "AnonPages") == anon + 300 * 4);
	CHECK(proc_sum("/proc/meminfo", "Shmem") == shmem + 200 * 4);
	CHECK(proc_sum("/proc/meminfo", "Mapped") == mapped + 200 * 4);
	CHECK(proc_sum("/proc/vmstat", "nr_anon_pages") == anon / 4 + 300);
	CHECK(proc_sum("/proc/vmstat", "nr_shmem") == shmem / 4 + 200);
	CHECK(labs(slab_kb() - proc_sum("/proc/meminfo", "Slab")) <= TEXTS);
	CHECK(zones_kb() == proc_sum("/proc/meminfo", "MemTotal"));
	free = proc_sum("/proc/meminfo", "MemFree");
	CHECK(buddy_kb() <= free && buddy_kb() + POOLED >= free);
	return 0;
}
