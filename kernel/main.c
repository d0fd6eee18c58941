/*
 * main.c: from the boot loader to the first process: the order in which everything starts.
 *
 * kernel_main() runs on the boot stack until there are threads, and then becomes the idle thread.
 * What may sleep (disks, file systems) starts in a thread of its own, boot_thread().
 */

#include "kernel/main.h"

#include "arch/x86/clock.h"
#include "arch/x86/cpu.h"
#include "arch/x86/mmu.h"
#include "arch/x86/multiboot.h"
#include "arch/x86/trap.h"
#include "drivers/block.h"
#include "drivers/debugexit.h"
#include "drivers/drivers.h"
#include "fs/mount.h"
#include "fs/writeback.h"
#include "kernel/abi/errno.h"
#include "kernel/cred.h"
#include "kernel/exec_layout.h"
#include "kernel/itimer.h"
#include "kernel/jobctl.h"
#include "kernel/explain.h"
#include "kernel/lib/assert.h"
#include "kernel/lib/cmdline.h"
#include "kernel/lib/log.h"
#include "kernel/loadavg.h"
#include "kernel/oom.h"
#include "kernel/options.h"
#include "kernel/proc_files.h"
#include "kernel/proc_internal.h"
#include "kernel/sigtimer.h"
#include "kernel/swapper.h"
#include "kernel/time.h"
#include "kernel/uts.h"
#include "kernel/vdso.h"
#include "mm/backing.h"
#include "mm/balance.h"
#include "mm/fault_internal.h"
#include "mm/kmalloc.h"
#include "mm/pmm.h"
#include "mm/policy_set.h"
#include "mm/pageout.h"
#include "mm/swapin.h"
#include "mm/zpool.h"
#include "tests/kernel/selftest.h"

#define OPTION_MAX 128
#define CD_SECTOR_SIZE 2048

static struct thread boot_idle_thread;
static struct boot_info boot_info;

/* ---- the machine ---- */

static void tick(void)
{
	sched_tick(this_cpu()->irq_from_user);
	itimer_tick(this_cpu()->irq_from_user);
}

static void panic_stop(void)
{
	machine_halt(EXIT_PANIC);
}

static const struct panic_ops panic_ops = {.stop = panic_stop};

static void start_cpu(uint32_t magic, uint32_t info_phys)
{
	panic_set_ops(&panic_ops);
	cpu_init();
	gdt_init();
	multiboot_parse(&boot_info, magic, info_phys);
	cmdline_init(boot_info.cmdline);
	options_expand();
	drivers_init_early();
	log("%s %s on %s\n", "Quire", UTS_RELEASE,
	    cpu_features.brand[0] ? cpu_features.brand : cpu_features.vendor);
	trap_init();
}

static void start_memory(void)
{
	pmm_early_init(&boot_info);
	mmu_init(pmm_phys_end(), pmm_early_alloc);
	pmm_init(&boot_info);
	kmalloc_init();
	policy_set_boot();
	balance_boot();
	cache_init();
	fault_init();
	zpool_init();
}

/* ---- what may sleep ---- */

static void run_selftests(void)
{
	char names[OPTION_MAX];
	uint32_t failed;

	if (!cmdline_get("selftest", names, sizeof(names)))
		return;
	failed = selftest_run(names);
	machine_halt(failed ? EXIT_SELFTEST_FAILED : EXIT_POWEROFF);
}

/* The first CD that holds a system becomes the root of the file tree. */
static void mount_root(void)
{
	int err = -ENODEV;

	for (struct blockdev *dev = block_next(NULL); dev && err; dev = block_next(dev)) {
		if (dev->sector_size != CD_SECTOR_SIZE || block_revalidate(dev) != 0)
			continue;
		err = vfs_mount_root(dev);
		if (err)
			log("root: %s holds no system (error %d)\n", dev->name, -err);
	}
	if (err)
		panic("no CD to start from: Quire boots from its ISO in an IDE CD drive");
}

static void boot_thread(void *arg)
{
	(void)arg;
	drivers_init(kproc_create);
	vfs_init();
	cred_init();
	vdso_init();
	exec_layout_init();
	time_init();
	jobctl_init();
	proc_files_init();
	if (reap_init() != 0 || oom_init() != 0 || sigtimers_init() != 0 ||
	    writeback_init(kproc_create) != 0 || pageout_init(kproc_create, writeback_wake) != 0 ||
	    balance_init(kproc_create) != 0 || swapper_init() != 0 ||
	    swapin_init(kproc_create) != 0)
		panic("no memory for the kernel's own threads");
	run_selftests();
	mount_root();
	options_set_memory();
	explain_init();
	proc_start_init("/init");
}

void kernel_main(uint32_t magic, uint32_t info_phys)
{
	clock_begin();
	sched_init(&boot_idle_thread);
	start_cpu(magic, info_phys);
	start_memory();
	clock_init(tick, timer_run);
	log_set_clock(clock_now);
	irq_enable();
	loadavg_init();
	options_set_rules();
	sched_set_idle_work(pmm_idle_work);
	if (!kthread_create("boot", boot_thread, NULL))
		panic("no memory for the first thread");
	sched_idle();
}
