/*
 * The files of /proc have the labels and the columns that programs look for, in Linux's order.
 */
#include "procfs.h"

#include <ctype.h>

/* Each of the labels (words with a space between) begins a line, one after the other. */
static void labels_in_order(const char *path, const char *labels)
{
	char *text = proc_text(path), label[64];
	int len;

	if (strncmp(text, labels, strcspn(labels, " ")) == 0)
		labels += strcspn(labels, " ");
	for (; sscanf(labels, " %62s%n", label + 1, &len) == 1; labels += len) {
		label[0] = '\n';
		text = strstr(text, label);
		if (!text)
			dprintf(2, "%s in %s?\n", label + 1, path);
		CHECK(text);
	}
}

/* Every line reads as format says: after what scanf made of it nothing is left but white space. */
static void lines_read(const char *path, const char *format, int from)
{
	for (char *line = strtok(proc_text(path), "\n"); line; line = strtok(NULL, "\n")) {
		int len = 0;

		if (from-- > 0)
			continue;
		sscanf(line, format, &len);
		while (len > 0 && isspace((unsigned char)line[len]))
			len++;
		if (len == 0 || line[len])
			dprintf(2, "%s: %s\n", path, line);
		CHECK(len > 0 && !line[len]);
	}
}

/* Each line is "Label: number kB" in columns of 16 and 8. */
static void columns_stand(const char *path)
{
	char label[32], again[64];
	long long kb;

	for (char *line = strtok(proc_text(path), "\n"); line; line = strtok(NULL, "\n"))
		if (sscanf(line, "%31s %lld kB", label, &kb) == 2 && strlen(label) <= 16) {
			snprintf(again, sizeof(again), "%-16s%8lld kB", label, kb);
			CHECK(strcmp(line, again) == 0 || !strstr(line, "kB"));
		}
}

static void memory(void)
{
	labels_in_order("/proc/meminfo",
			"MemTotal: MemFree: MemAvailable: Buffers: Cached: SwapCached: SwapTotal: "
			"SwapFree: Dirty: Writeback: AnonPages: Mapped: Shmem: Slab: SReclaimable: "
			"SUnreclaim: KernelStack: PageTables: CommitLimit: Committed_AS:");
	columns_stand("/proc/meminfo");
	labels_in_order(
		"/proc/vmstat",
		"nr_free_pages nr_slab_unreclaimable nr_anon_pages nr_mapped nr_file_pages "
		"nr_dirty nr_writeback nr_shmem nr_kernel_stack nr_page_table_pages pgpgin "
		"pgpgout pswpin pswpout pgalloc_dma pgalloc_normal pgfree pgfault pgmajfault");
	lines_read("/proc/vmstat", "%*s %*d%n", 0);
	labels_in_order("/proc/slabinfo", "slabinfo");
	lines_read("/proc/slabinfo",
		   "%*s %*d %*d %*d %*d %*d : tunables %*d %*d %*d : slabdata %*d %*d %*d%n", 2);
	lines_read("/proc/buddyinfo",
		   "Node %*d, zone %*s %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d%n", 0);
	CHECK(strstr(proc_text("/proc/swaps"),
		     "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"));
}

static void process(void)
{
	labels_in_order("/proc/self/smaps",
			"Size: KernelPageSize: MMUPageSize: Rss: Pss: Pss_Dirty: Shared_Clean: "
			"Shared_Dirty: Private_Clean: Private_Dirty: Referenced: Anonymous: "
			"LazyFree: Swap: SwapPss: Locked: THPeligible: VmFlags:");
	columns_stand("/proc/self/smaps");
	labels_in_order(
		"/proc/self/smaps_rollup",
		"Rss: Pss: Pss_Dirty: Pss_Anon: Pss_File: Pss_Shmem: Shared_Clean: Locked:");
	labels_in_order(
		"/proc/self/status",
		"Name: Umask: State: Tgid: Pid: PPid: TracerPid: Uid: Gid: FDSize: Groups: "
		"NSpid: VmPeak: VmSize: VmLck: VmPin: VmHWM: VmRSS: RssAnon: RssFile: RssShmem: "
		"VmData: VmStk: VmExe: VmLib: VmPTE: VmSwap: Threads: SigQ: SigPnd: ShdPnd: "
		"SigBlk: SigIgn: SigCgt: CapInh: CapPrm: CapEff: CapBnd: CapAmb: NoNewPrivs: "
		"Seccomp: Cpus_allowed: Cpus_allowed_list: Mems_allowed: "
		"voluntary_ctxt_switches: nonvoluntary_ctxt_switches:");
	lines_read("/proc/self/statm", "%*d %*d %*d %*d 0 %*d 0%n", 0);
	lines_read(
		"/proc/self/stat",
		"%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d "
		"%*d %*d %*u %*u %*d %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*d %*d "
		"%*u %*u %*u %*u %*d %*u %*u %*u %*u %*u %*u %*u %*d%n",
		0);
}

static void machine(void)
{
	labels_in_order("/proc/stat",
			"cpu cpu0 intr ctxt btime processes procs_running procs_blocked");
	labels_in_order("/proc/cpuinfo",
			"processor vendor_id cpu model stepping fpu wp flags bogomips");
	lines_read("/proc/loadavg", "%*d.%*2d %*d.%*2d %*d.%*2d %*d/%*d %*d%n", 0);
	lines_read("/proc/uptime", "%*d.%*2d %*d.%*2d%n", 0);
	CHECK(strstr(proc_text("/proc/filesystems"), "nodev\tproc\n"));
	CHECK(strncmp(proc_text("/proc/version"), "Linux version ", 14) == 0);
}

int main(void)
{
	memory();
	process();
	machine();
	return 0;
}
