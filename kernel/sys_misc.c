/* sys_misc.c: calls about the system as a whole: its state, its log, its end, randomness. */

#include "kernel/syscall.h"

#include "arch/x86/clock.h"
#include "arch/x86/uaccess.h"
#include "drivers/debugexit.h"
#include "drivers/random.h"
#include "fs/super.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/reboot.h"
#include "kernel/abi/restart.h"
#include "kernel/abi/sysinfo.h"
#include "kernel/cred.h"
#include "kernel/lib/log.h"
#include "kernel/loadavg.h"
#include "kernel/signal.h"
#include "mm/kmalloc.h"
#include "mm/pmm.h"
#include "mm/swap.h"

/* ---- sysinfo ---- */

int32_t sys_sysinfo(uint32_t info_user)
{
	uint32_t ram = frame_total_count(), swap = swap_total_pages();
	/* Bytes, if all there is fits. */
	uint32_t unit = (uint64_t)ram + swap < UINT32_MAX / PAGE_SIZE ? 1 : PAGE_SIZE;
	struct sysinfo si = {
		.uptime = (int32_t)(clock_now() / NSEC_PER_SEC),
		.totalram = ram * (PAGE_SIZE / unit),
		.freeram = frame_free_count() * (PAGE_SIZE / unit),
		.totalswap = swap * (PAGE_SIZE / unit),
		.freeswap = swap_free_pages() * (PAGE_SIZE / unit),
		.procs = (uint16_t)task_count(),
		.mem_unit = unit,
	};

	loadavg_get(si.loads);
	for (uint32_t i = 0; i < 3; i++)
		si.loads[i] <<= SI_LOAD_SHIFT - LOAD_SHIFT;
	return copy_to_user((void __user *)info_user, &si, sizeof(si));
}

/* ---- the log: syslog(2) ---- */

enum syslog_type {
	SYSLOG_CLOSE,
	SYSLOG_OPEN,
	SYSLOG_READ, /* What no such call has read yet; waits for some. */
	SYSLOG_READ_ALL,
	SYSLOG_READ_CLEAR,
	SYSLOG_CLEAR,
	SYSLOG_CONSOLE_OFF,
	SYSLOG_CONSOLE_ON,
	SYSLOG_CONSOLE_LEVEL,
	SYSLOG_SIZE_UNREAD,
	SYSLOG_SIZE_BUFFER,
};

#define LOG_CHUNK 512u
/* The log cannot wake anybody: it may be called from anywhere. */
#define LOG_POLL_NS (NSEC_PER_SEC / 10)

static uint64_t log_read_pos;  /* SYSLOG_READ goes on here. */
static uint64_t log_clear_pos; /* SYSLOG_READ_ALL starts here. */

/* Copy the log from *pos to the user. Bytes, or -EFAULT. */
static int32_t log_to_user(uint64_t *pos, uint32_t buf_user, uint32_t len)
{
	uint32_t done = 0;
	char chunk[LOG_CHUNK];

	while (done < len) {
		size_t n = log_read(pos, chunk, MIN(len - done, LOG_CHUNK));

		if (n == 0)
			break;
		if (copy_to_user((void __user *)(buf_user + done), chunk, n))
			return -EFAULT;
		done += n;
	}
	return (int32_t)done;
}

static int32_t log_read_new(uint32_t buf_user, uint32_t len)
{
	while (log_read_pos == log_end()) {
		thread_sleep_prepare(THREAD_SLEEPING_INTERRUPTIBLE);
		if (thread_sleep(clock_now() + LOG_POLL_NS) == -EINTR)
			return -ERESTARTSYS;
	}
	return log_to_user(&log_read_pos, buf_user, len);
}

/* The last len bytes since the last clear, as dmesg wants them. */
static int32_t log_read_all(uint32_t buf_user, uint32_t len, bool clear)
{
	uint64_t end = log_end(), pos = log_clear_pos;
	int32_t n;

	if (end - pos > len)
		pos = end - len;
	n = log_to_user(&pos, buf_user, len);
	if (clear && n >= 0)
		log_clear_pos = end;
	return n;
}

int32_t sys_syslog(uint32_t type, uint32_t buf, uint32_t len)
{
	bool reads = type >= SYSLOG_READ && type <= SYSLOG_READ_CLEAR;

	if (type != SYSLOG_READ_ALL && type != SYSLOG_SIZE_BUFFER && !cred_is_root())
		return -EPERM;
	if (reads && (!buf || (int32_t)len < 0))
		return -EINVAL;
	if (reads && len == 0)
		return 0;
	switch (type) {
	case SYSLOG_READ:
		return log_read_new(buf, len);
	case SYSLOG_READ_ALL:
	case SYSLOG_READ_CLEAR:
		return log_read_all(buf, len, type == SYSLOG_READ_CLEAR);
	case SYSLOG_CLEAR:
		log_clear_pos = log_end();
		return 0;
	case SYSLOG_CONSOLE_LEVEL:
		return len >= 1 && len <= 8 ? 0 : -EINVAL;
	case SYSLOG_SIZE_UNREAD:
		return (int32_t)MIN(log_end() - log_read_pos, LOG_SIZE);
	case SYSLOG_SIZE_BUFFER:
		return LOG_SIZE;
	case SYSLOG_CLOSE:
	case SYSLOG_OPEN:
	case SYSLOG_CONSOLE_OFF:
	case SYSLOG_CONSOLE_ON:
		return 0; /* Which devices show the log is chosen at boot. */
	}
	return -EINVAL;
}

/* ---- the end ---- */

static bool reboot_magic_ok(uint32_t magic1, uint32_t magic2)
{
	return magic1 == REBOOT_MAGIC1 && (magic2 == REBOOT_MAGIC2 || magic2 == REBOOT_MAGIC2A ||
					   magic2 == REBOOT_MAGIC2B || magic2 == REBOOT_MAGIC2C);
}

int32_t sys_reboot(uint32_t magic1, uint32_t magic2, uint32_t command, uint32_t arg)
{
	(void)arg;
	if (!cred_is_root())
		return -EPERM;
	if (!reboot_magic_ok(magic1, magic2))
		return -EINVAL;
	switch (command) {
	case REBOOT_CMD_CAD_ON:
	case REBOOT_CMD_CAD_OFF:
		return 0; /* The keyboard driver gives Ctrl-Alt-Del no meaning. */
	case REBOOT_CMD_POWER_OFF:
	case REBOOT_CMD_HALT:
	case REBOOT_CMD_RESTART:
	case REBOOT_CMD_RESTART2:
		break;
	default:
		return -EINVAL;
	}
	super_stop_all();
	if (command == REBOOT_CMD_POWER_OFF)
		machine_power_off();
	if (command == REBOOT_CMD_HALT)
		machine_halt(EXIT_POWEROFF);
	machine_reboot();
}

/* ---- randomness ---- */

#define GRND_NONBLOCK 0x1u
#define GRND_RANDOM 0x2u
#define GRND_INSECURE 0x4u
#define GETRANDOM_MAX 0x1FFFFFFu
#define RANDOM_CHUNK 256u

int32_t sys_getrandom(uint32_t buf, uint32_t len, uint32_t flags)
{
	uint8_t chunk[RANDOM_CHUNK];
	uint32_t done = 0;

	if (flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE) ||
	    (flags & (GRND_RANDOM | GRND_INSECURE)) == (GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	len = MIN(len, GETRANDOM_MAX);
	while (done < len) {
		uint32_t n = MIN(len - done, RANDOM_CHUNK);
		uint32_t missed;

		random_fill(chunk, n);
		missed = copy_to_user_partial((void __user *)(buf + done), chunk, n);
		done += n - missed;
		if (missed)
			return done ? (int32_t)done : -EFAULT;
		if (done < len && done >= PAGE_SIZE && signal_fatal_pending())
			break;
	}
	return (int32_t)done;
}

/* ---- the rest ---- */

#define PERSONALITY_QUERY UINT32_MAX

int32_t sys_personality(uint32_t persona)
{
	struct proc *p = proc_current();

	return (int32_t)(persona == PERSONALITY_QUERY ? atomic_load(&p->personality)
						      : atomic_xchg(&p->personality, persona));
}

#define MEMBARRIER_QUERY 0
#define MEMBARRIER_GLOBAL 1
#define MEMBARRIER_PRIVATE_EXPEDITED 8
#define MEMBARRIER_REGISTER_PRIVATE_EXPEDITED 16

/* Every thread that is not running passed a full barrier when it was switched out, so only other
 * CPUs would have to be told. */
int32_t sys_membarrier(uint32_t command, uint32_t flags, uint32_t cpu)
{
	(void)cpu;
	if (flags)
		return -EINVAL;
	switch (command) {
	case MEMBARRIER_QUERY:
		return MEMBARRIER_GLOBAL | MEMBARRIER_PRIVATE_EXPEDITED |
		       MEMBARRIER_REGISTER_PRIVATE_EXPEDITED;
	case MEMBARRIER_GLOBAL:
	case MEMBARRIER_PRIVATE_EXPEDITED:
	case MEMBARRIER_REGISTER_PRIVATE_EXPEDITED:
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		return 0;
	}
	return -EINVAL;
}

int32_t sys_socket(void)
{
	return -EAFNOSUPPORT;
}
