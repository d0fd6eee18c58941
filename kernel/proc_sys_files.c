/*
 * proc_sys_files.c: the settings below /proc/sys (proc(5)): names, numbers that can be read and
 * perhaps set, and three that do something when they are written.
 *
 * A new number is a line in the table at the end: SYSCTL("vm/name", variable, min, max), and
 * .changed when something has to follow a write.
 */

#include "drivers/block.h"
#include "fs/dcache.h"
#include "fs/inode.h"
#include "fs/procfs.h"
#include "fs/writeback.h"
#include "kernel/abi/errno.h"
#include "kernel/cred.h"
#include "kernel/exec_layout.h"
#include "kernel/explain.h"
#include "kernel/lib/ksyms.h"
#include "kernel/lib/printf.h"
#include "kernel/lib/string.h"
#include "kernel/oom.h"
#include "kernel/proc_files.h"
#include "kernel/swapper.h"
#include "kernel/uts.h"
#include "mm/balance.h"
#include "mm/check.h"
#include "mm/fail.h"
#include "mm/fault.h"
#include "mm/kmalloc.h"
#include "mm/policy_set.h"
#include "mm/pageout.h"
#include "mm/swap.h"
#include "mm/swapin.h"
#include "mm/vmtrace.h"
#include "mm/zpool.h"

/* ---- numbers ---- */

/* A 32-bit number that is one line of the table below. */
struct sysctl {
	struct procfs_entry entry;
	uint32_t *value;
	uint32_t min, max;     /* What may be written. */
	void (*changed)(void); /* Called after a write; may sleep. NULL: nothing else to do. */
};

static int show_number(struct text *t, const struct procfs_entry *e)
{
	text_printf(t, "%u\n", atomic_load(container_of(e, struct sysctl, entry)->value));
	return 0;
}

/* The number at the start of what was written, with white space around it. 0 or -EINVAL. */
static int parse_number(const char *text, uint64_t *value)
{
	char digits[24];
	size_t n = 0;

	while (*text == ' ' || *text == '\t')
		text++;
	while (text[n] && text[n] != ' ' && text[n] != '\n' && text[n] != '\t' &&
	       n < sizeof(digits) - 1) {
		digits[n] = text[n];
		n++;
	}
	digits[n] = '\0';
	return n < sizeof(digits) - 1 && parse_size(digits, value) ? 0 : -EINVAL;
}

static int store_number(const struct procfs_entry *e, const char *text)
{
	const struct sysctl *s = container_of(e, struct sysctl, entry);
	uint64_t value;

	if (parse_number(text, &value) || value < s->min || value > s->max)
		return -EINVAL;
	atomic_store(s->value, (uint32_t)value);
	if (s->changed)
		s->changed();
	return 0;
}

/* ---- names ---- */

static int show_uts(struct text *t, const struct procfs_entry *e)
{
	struct utsname names;

	uts_get(&names);
	text_printf(t, "%s\n", (const char *)&names + (uint32_t)e->arg);
	return 0;
}

static size_t line_length(const char *text)
{
	const char *newline = strchr(text, '\n');

	return newline ? (size_t)(newline - text) : strlen(text);
}

static int store_hostname(const struct procfs_entry *e, const char *text)
{
	(void)e;
	uts_set_nodename(text, MIN(line_length(text), UTS_LEN - 1u));
	return 0;
}

/* ---- what does something ---- */

static uint32_t last_check; /* Differences the last vm_check found. */

static int show_check(struct text *t, const struct procfs_entry *e)
{
	(void)e;
	text_printf(t, "%u\n", atomic_load(&last_check));
	return 0;
}

static int store_check(const struct procfs_entry *e, const char *text)
{
	uint64_t value;

	(void)e;
	if (parse_number(text, &value) || value != 1)
		return -EINVAL;
	atomic_store(&last_check, vm_check());
	return atomic_load(&last_check) ? -EIO : 0;
}

static int show_fail(struct text *t, const struct procfs_entry *e)
{
	struct fail_state s;
	uint32_t offset;

	(void)e;
	for (uint32_t p = 0; p < FAIL_POINT_COUNT; p++) {
		fail_state(p, &s);
		text_printf(t, "%s %s", s.name, s.armed ? "armed" : "off");
		for (uint32_t i = 0; i < FAIL_CALLERS && ksym_lookup(s.callers[i], &offset); i++)
			text_printf(t, " %s", ksym_lookup(s.callers[i], &offset));
		text_printf(t, "\n");
	}
	return 0;
}

static int store_fail(const struct procfs_entry *e, const char *text)
{
	char line[64];

	(void)e;
	strlcpy(line, text, sizeof(line));
	line[line_length(line)] = '\0';
	return fail_set(line);
}

static int show_task_limit(struct text *t, const struct procfs_entry *e)
{
	(void)e;
	text_printf(t, "%u\n", task_limit());
	return 0;
}

/* Clean pages of files and devices that nobody maps. */
static void drop_file_pages(void)
{
	inode_shrink_caches(UINT32_MAX);
	for (struct blockdev *dev = block_next(NULL); dev; dev = block_next(dev))
		cache_shrink(&dev->backing, UINT32_MAX);
}

static int store_drop_caches(const struct procfs_entry *e, const char *text)
{
	uint64_t what; /* 1: the pages of files; 2: what the kernel keeps of objects; 3: both. */

	(void)e;
	if (parse_number(text, &what) || what < 1 || what > 3)
		return -EINVAL;
	if (what & 1)
		drop_file_pages();
	if (what & 2) {
		dcache_shrink(NULL);
		kmalloc_shrink();
	}
	return 0;
}

static int show_policy(struct text *t, const struct procfs_entry *e)
{
	(void)e;
	text_printf(t, "%s\n", policy_set_chosen());
	return 0;
}

static int store_policy(const struct procfs_entry *e, const char *text)
{
	char name[16];

	(void)e;
	strlcpy(name, text, sizeof(name));
	name[line_length(name)] = '\0';
	return policy_set_choose(name);
}

static int show_vmtrace(struct text *t, const struct procfs_entry *e)
{
	(void)e;
	text_printf(t, "%u\n", vmtrace_size());
	return 0;
}

static int store_vmtrace(const struct procfs_entry *e, const char *text)
{
	uint64_t events;

	(void)e;
	if (parse_number(text, &events) || events > VMTRACE_EVENTS_MAX)
		return -EINVAL;
	return vmtrace_resize((uint32_t)events);
}

/* Mode 2's limit is told in one of two ways: who sets one clears the other. */
static void ratio_forget(void)
{
	vm_overcommit_ratio = 0;
}

static void kbytes_forget(void)
{
	vm_overcommit_kbytes = 0;
}

/* ---- the tables ---- */

static uint32_t pid_max = PID_MAX, groups_max = NGROUPS_MAX, map_min_addr = MMAP_MIN_ADDR;

#define SYSCTL(name, variable, lowest, highest)                                                    \
	.entry = {.path = "sys/" name, .show = show_number, .store = store_number},                \
	.value = &(variable), .min = (lowest), .max = (highest)
#define SYSCTL_CONST(name, variable)                                                               \
	.entry = {.path = "sys/" name, .show = show_number}, .value = &(variable)

/* One line each, whatever layer the variable belongs to. */
static struct sysctl numbers[] = {
	{SYSCTL_CONST("kernel/ngroups_max", groups_max)},
	{SYSCTL_CONST("kernel/pid_max", pid_max)},
	{SYSCTL("vm/dirty_background_ratio", vm_dirty_background_ratio, 0, 100)},
	{SYSCTL("vm/dirty_expire_centisecs", vm_dirty_expire_centisecs, 0, INT32_MAX)},
	{SYSCTL("vm/dirty_ratio", vm_dirty_ratio, 0, 100)},
	{SYSCTL("vm/dirty_writeback_centisecs", vm_dirty_writeback_centisecs, 0, INT32_MAX),
	 .changed = writeback_wake},
	{SYSCTL("vm/page-cluster", swap_page_cluster, 0, 31)},
	{SYSCTL("vm/explain", vm_explain, 0, 1), .changed = explain_update},
	{SYSCTL("vm/fault_cluster", vm_fault_cluster, 1, BACKING_CLUSTER_MAX)},
	{SYSCTL_CONST("vm/mmap_min_addr", map_min_addr)},
	{SYSCTL("kernel/randomize_va_space", randomize_va_space, 0, 2)},
	{SYSCTL("vm/max_map_count", vm_max_map_count, 0, INT32_MAX)},
	{SYSCTL("vm/oom_kill_allocating_task", vm_oom_kill_allocating_task, 0, 1)},
	{SYSCTL("vm/eager_fork", vm_eager_fork, 0, 1)},
	{SYSCTL("vm/overcommit_kbytes", vm_overcommit_kbytes, 0, INT32_MAX),
	 .changed = ratio_forget},
	{SYSCTL("vm/min_free_kbytes", vm_min_free_kbytes, 64, 16384),
	 .changed = pmm_set_watermarks},
	{SYSCTL("vm/overcommit_memory", vm_overcommit_memory, 0, 2)},
	{SYSCTL("vm/overcommit_ratio", vm_overcommit_ratio, 0, INT32_MAX),
	 .changed = kbytes_forget},
	{SYSCTL("vm/panic_on_oom", vm_panic_on_oom, 0, 2)},
	{SYSCTL("vm/swapin_process", vm_swapin_process, 0, 1)},
	{SYSCTL("vm/swappiness", vm_swappiness, 0, SWAPPINESS_MAX)},
	{SYSCTL("vm/swapper_idle_secs", vm_swapper_idle_secs, 1, 86400)},
	{SYSCTL("vm/working_set_min", vm_working_set_min, 0, INT32_MAX)},
	{SYSCTL("vm/zpool", vm_zpool, 0, 1)},
	{SYSCTL("vm/zpool_max_percent", vm_zpool_max_percent, 1, 90)},
};

#define UTS_ENTRY(field) .show = show_uts, .arg = (void *)offsetof(struct utsname, field)

static struct procfs_entry entries[] = {
	{.path = "sys/kernel/hostname", UTS_ENTRY(nodename), .store = store_hostname},
	{.path = "sys/kernel/domainname", UTS_ENTRY(domainname)},
	{.path = "sys/kernel/ostype", UTS_ENTRY(sysname)},
	{.path = "sys/kernel/osrelease", UTS_ENTRY(release)},
	{.path = "sys/kernel/version", UTS_ENTRY(version)},
	{.path = "sys/kernel/threads-max", .show = show_task_limit},
	{.path = "sys/vm/check", .mode = 0600, .show = show_check, .store = store_check},
	{.path = "sys/vm/drop_caches", .mode = 0200, .store = store_drop_caches},
	{.path = "sys/vm/policy", .mode = 0644, .show = show_policy, .store = store_policy},
	{.path = "sys/vm/vmtrace", .mode = 0644, .show = show_vmtrace, .store = store_vmtrace},
	{.path = "sys/debug/fail", .mode = 0600, .show = show_fail, .store = store_fail},
};

void proc_sys_files_init(void)
{
	for (uint32_t i = 0; i < ARRAY_SIZE(numbers); i++)
		procfs_register(&numbers[i].entry);
	procfs_register_all(entries, ARRAY_SIZE(entries));
}
