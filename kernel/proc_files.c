/* proc_files.c: the files of /proc about the system: time, load, CPU, interrupts, names
 * (proc(5)). */

#include "kernel/proc_files.h"
#include "kernel/sysv_shm.h"

#include "arch/x86/clock.h"
#include "arch/x86/cpu.h"
#include "arch/x86/pic.h"
#include "fs/procfs.h"
#include "kernel/lib/cmdline.h"
#include "kernel/lib/log.h"
#include "kernel/loadavg.h"
#include "kernel/sync/irq.h"
#include "kernel/time.h"
#include "kernel/usage.h"
#include "kernel/uts.h"

static int show_uptime(struct text *t, const struct procfs_entry *e)
{
	uint64_t up = ns_to_user_ticks(clock_now()), idle = ns_to_user_ticks(sched_idle_ns());

	(void)e;
	text_printf(t, "%llu.%02llu %llu.%02llu\n", up / USER_HZ, up % USER_HZ, idle / USER_HZ,
		    idle % USER_HZ);
	return 0;
}

static int show_loadavg(struct text *t, const struct procfs_entry *e)
{
	uint32_t loads[3];

	(void)e;
	loadavg_get(loads);
	for (uint32_t i = 0; i < 3; i++) {
		/* Rounded to hundredths. */
		uint32_t load = loads[i] + (1u << LOAD_SHIFT) / 200;

		text_printf(t, "%u.%02u ", load >> LOAD_SHIFT,
			    (load & ((1u << LOAD_SHIFT) - 1)) * 100 >> LOAD_SHIFT);
	}
	text_printf(t, "%u/%u %d\n", sched_runnable(), task_count(), proc_last_pid());
	return 0;
}

static int show_version(struct text *t, const struct procfs_entry *e)
{
	(void)e;
	text_printf(t, "%s version %s (%s) %s\n", UTS_SYSNAME, UTS_RELEASE, __VERSION__,
		    UTS_VERSION);
	return 0;
}

static int show_cmdline(struct text *t, const struct procfs_entry *e)
{
	(void)e;
	text_printf(t, "%s\n", cmdline_text());
	return 0;
}

/* ---- the CPU ---- */

/* Names of CPUID.1:EDX's bits (Intel SDM vol. 2, CPUID), as Linux writes them; NULL: reserved. */
static const char *const cpu_flags[32] = {
	"fpu",	"vme",	"de",	"pse", "tsc",  "msr", "pae",   "mce", "cx8",	 "apic", NULL,
	"sep",	"mtrr", "pge",	"mca", "cmov", "pat", "pse36", "pn",  "clflush", NULL,	 "dts",
	"acpi", "mmx",	"fxsr", "sse", "sse2", "ss",  "ht",    "tm",  "ia64",	 "pbe",
};

static int show_cpuinfo(struct text *t, const struct procfs_entry *e)
{
	const struct cpu_features *c = &cpu_features;
	uint32_t khz = (uint32_t)(clock_tsc_hz() / 1000);

	(void)e;
	text_printf(t, "processor\t: 0\nvendor_id\t: %s\n", c->vendor);
	text_printf(t, "cpu family\t: %u\nmodel\t\t: %u\n", c->family, c->model);
	text_printf(t, "model name\t: %s\nstepping\t: %u\n", c->brand, c->stepping);
	text_printf(t, "cpu MHz\t\t: %u.%03u\n", khz / 1000, khz % 1000);
	text_printf(t, "fdiv_bug\t: no\nf00f_bug\t: no\ncoma_bug\t: no\n");
	text_printf(
		t, "fpu\t\t: yes\nfpu_exception\t: yes\ncpuid level\t: %u\nwp\t\t: yes\nflags\t\t:",
		c->cpuid_level);
	for (uint32_t i = 0; i < ARRAY_SIZE(cpu_flags); i++)
		if (cpu_flags[i] && c->cpuid1_edx >> i & 1)
			text_printf(t, " %s", cpu_flags[i]);
	text_printf(t, "%s%s\nbugs\t\t:\n", c->smep ? " smep" : "", c->smap ? " smap" : "");
	/* Linux's measure: two loops of its delay to a tick of the TSC. */
	text_printf(t, "bogomips\t: %u.%02u\n", khz / 500, khz / 5 % 100);
	if (c->cache_line)
		text_printf(t, "clflush size\t: %u\ncache_alignment\t: %u\n", c->cache_line,
			    c->cache_line);
	text_printf(t, "address sizes\t: 32 bits physical, 32 bits virtual\npower management:\n\n");
	return 0;
}

static int show_interrupts(struct text *t, const struct procfs_entry *e)
{
	(void)e;
	text_printf(t, "           CPU0       \n");
	for (uint32_t irq = 0; irq < IRQ_COUNT; irq++)
		if (irq_name(irq))
			text_printf(t, "%3u: %10llu    XT-PIC      %s\n", irq, irq_count(irq),
				    irq_name(irq));
	return 0;
}

static bool count_blocked(struct proc *p, void *arg)
{
	struct task *t;

	list_for_each_entry(t, &p->tasks, proc_link)
		*(uint32_t *)arg += t->thread.state == THREAD_SLEEPING ||
				    t->thread.state == THREAD_AWAITS_STACK;
	return true;
}

/* user and system of the line "cpu": busy time is what idle left, split as the processes' times
 * are. */
static int show_stat(struct text *t, const struct procfs_entry *e)
{
	uint64_t now = clock_now(), idle = sched_idle_ns(), user = usage_user_ns(), interrupts = 0;
	uint32_t blocked = 0;
	uint64_t system = now > idle + user ? now - idle - user : 0;
	const uint64_t times[] = {user, system, idle};
	uint64_t ticks[3];

	(void)e;
	proc_each(count_blocked, &blocked);
	for (uint32_t i = 0; i < 3; i++)
		ticks[i] = ns_to_user_ticks(times[i]);
	for (uint32_t irq = 0; irq < IRQ_COUNT; irq++)
		interrupts += irq_count(irq);
	for (uint32_t i = 0; i < 2; i++)
		text_printf(t, "cpu%s %llu 0 %llu %llu 0 0 0 0 0 0\n", i == 0 ? " " : "0", ticks[0],
			    ticks[1], ticks[2]);
	text_printf(t, "intr %llu", interrupts);
	for (uint32_t irq = 0; irq < IRQ_COUNT; irq++)
		text_printf(t, " %llu", irq_count(irq));
	text_printf(t,
		    "\nctxt %llu\nbtime %llu\nprocesses %u\nprocs_running %u\nprocs_blocked %u\n",
		    sched_switches(), (realtime_now() - now) / NSEC_PER_SEC, usage_forks(),
		    sched_runnable(), blocked);
	return 0;
}

/* ---- the log ---- */

static int show_kmsg(struct text *t, const struct procfs_entry *e)
{
	char chunk[256];
	uint64_t pos = 0;
	size_t n;

	(void)e;
	while ((n = log_read(&pos, chunk, sizeof(chunk))) > 0)
		text_append(t, chunk, n);
	return 0;
}

static struct procfs_entry entries[] = {
	{.path = "uptime", .show = show_uptime},
	{.path = "loadavg", .show = show_loadavg},
	{.path = "version", .show = show_version},
	{.path = "cmdline", .show = show_cmdline},
	{.path = "cpuinfo", .show = show_cpuinfo},
	{.path = "interrupts", .show = show_interrupts},
	{.path = "stat", .show = show_stat},
	{.path = "kmsg", .mode = 0400, .show = show_kmsg},
};

void proc_system_files_init(void)
{
	procfs_register_all(entries, ARRAY_SIZE(entries));
}

void proc_files_init(void)
{
	proc_system_files_init();
	proc_memory_files_init();
	proc_trace_files_init();
	proc_disk_files_init();
	proc_sys_files_init();
	sysv_shm_init();
	proc_pid_files_init();
}
