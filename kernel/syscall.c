/*
 * syscall.c: the one table of system calls.
 *
 * Each entry says how many words its call takes; the compiler checks that the function agrees. A
 * number without an entry gives -ENOSYS, and one line in the log the first time.
 */

#include "kernel/syscall.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/restart.h"
#include "kernel/abi/unistd.h"
#include "kernel/lib/atomic.h"
#include "kernel/lib/bitmap.h"
#include "kernel/lib/log.h"
#include "kernel/proc.h"
#include "kernel/process_vm.h"
#include "kernel/sys_file.h"
#include "kernel/sys_misc.h"
#include "kernel/sys_mm.h"
#include "kernel/sys_proc.h"
#include "kernel/sys_signal.h"
#include "kernel/sys_time.h"
#include "kernel/sysv_shm.h"

typedef uint32_t word;

struct syscall {
	uint8_t words;
	union {
		int32_t (*call0)(void);
		int32_t (*call1)(word);
		int32_t (*call2)(word, word);
		int32_t (*call3)(word, word, word);
		int32_t (*call4)(word, word, word, word);
		int32_t (*call5)(word, word, word, word, word);
		int32_t (*call6)(word, word, word, word, word, word);
	};
};

#define CALL(n, fn)                                                                                \
	{                                                                                          \
		.words = n, .call##n = fn                                                          \
	}

/* A call that Linux can be built without too, and that C libraries only try: glibc does so with rseq
 * at the start of every program. That is no news for the log. */
static int32_t sys_left_out(void)
{
	return -ENOSYS;
}

static const struct syscall table[NR_SYSCALLS] = {
	[NR_restart_syscall] = CALL(0, sys_restart_syscall),
	[NR_exit] = CALL(1, sys_exit),
	[NR_fork] = CALL(0, sys_fork),
	[NR_read] = CALL(3, sys_read),
	[NR_write] = CALL(3, sys_write),
	[NR_open] = CALL(3, sys_open),
	[NR_close] = CALL(1, sys_close),
	[NR_waitpid] = CALL(3, sys_waitpid),
	[NR_creat] = CALL(2, sys_creat),
	[NR_link] = CALL(2, sys_link),
	[NR_unlink] = CALL(1, sys_unlink),
	[NR_execve] = CALL(3, sys_execve),
	[NR_chdir] = CALL(1, sys_chdir),
	[NR_time] = CALL(1, sys_time),
	[NR_mknod] = CALL(3, sys_mknod),
	[NR_chmod] = CALL(2, sys_chmod),
	[NR_lchown] = CALL(3, sys_lchown16),
	[NR_lseek] = CALL(3, sys_lseek),
	[NR_getpid] = CALL(0, sys_getpid),
	[NR_mount] = CALL(5, sys_mount),
	[NR_swapon] = CALL(2, sys_swapon),
	[NR_swapoff] = CALL(1, sys_swapoff),
	[NR_umount] = CALL(1, sys_oldumount),
	[NR_setuid] = CALL(1, sys_setuid16),
	[NR_getuid] = CALL(0, sys_getuid16),
	[NR_stime] = CALL(1, sys_stime),
	[NR_alarm] = CALL(1, sys_alarm),
	[NR_pause] = CALL(0, sys_pause),
	[NR_utime] = CALL(2, sys_utime),
	[NR_access] = CALL(2, sys_access),
	[NR_nice] = CALL(1, sys_nice),
	[NR_sync] = CALL(0, sys_sync),
	[NR_kill] = CALL(2, sys_kill),
	[NR_rename] = CALL(2, sys_rename),
	[NR_mkdir] = CALL(2, sys_mkdir),
	[NR_rmdir] = CALL(1, sys_rmdir),
	[NR_dup] = CALL(1, sys_dup),
	[NR_pipe] = CALL(1, sys_pipe),
	[NR_times] = CALL(1, sys_times),
	[NR_brk] = CALL(1, sys_brk),
	[NR_setgid] = CALL(1, sys_setgid16),
	[NR_getgid] = CALL(0, sys_getgid16),
	[NR_signal] = CALL(2, sys_signal),
	[NR_geteuid] = CALL(0, sys_geteuid16),
	[NR_getegid] = CALL(0, sys_getegid16),
	[NR_umount2] = CALL(2, sys_umount),
	[NR_ioctl] = CALL(3, sys_ioctl),
	[NR_fcntl] = CALL(3, sys_fcntl),
	[NR_setpgid] = CALL(2, sys_setpgid),
	[NR_umask] = CALL(1, sys_umask),
	[NR_chroot] = CALL(1, sys_chroot),
	[NR_dup2] = CALL(2, sys_dup2),
	[NR_getppid] = CALL(0, sys_getppid),
	[NR_getpgrp] = CALL(0, sys_getpgrp),
	[NR_setsid] = CALL(0, sys_setsid),
	[NR_sigaction] = CALL(3, sys_sigaction),
	[NR_sgetmask] = CALL(0, sys_sgetmask),
	[NR_ssetmask] = CALL(1, sys_ssetmask),
	[NR_sigsuspend] = CALL(3, sys_sigsuspend),
	[NR_sigpending] = CALL(1, sys_sigpending),
	[NR_sethostname] = CALL(2, sys_sethostname),
	[NR_setrlimit] = CALL(2, sys_setrlimit),
	[NR_getrlimit] = CALL(2, sys_getrlimit),
	[NR_getrusage] = CALL(2, sys_getrusage),
	[NR_gettimeofday] = CALL(2, sys_gettimeofday),
	[NR_settimeofday] = CALL(2, sys_settimeofday),
	[NR_select] = CALL(1, sys_old_select),
	[NR_symlink] = CALL(2, sys_symlink),
	[NR_readlink] = CALL(3, sys_readlink),
	[NR_reboot] = CALL(4, sys_reboot),
	[NR_mmap] = CALL(1, sys_mmap),
	[NR_munmap] = CALL(2, sys_munmap),
	[NR_truncate] = CALL(2, sys_truncate),
	[NR_ftruncate] = CALL(2, sys_ftruncate),
	[NR_fchmod] = CALL(2, sys_fchmod),
	[NR_fchown] = CALL(3, sys_fchown16),
	[NR_getpriority] = CALL(2, sys_getpriority),
	[NR_setpriority] = CALL(3, sys_setpriority),
	[NR_statfs] = CALL(2, sys_statfs),
	[NR_fstatfs] = CALL(2, sys_fstatfs),
	[NR_socketcall] = CALL(0, sys_socket),
	[NR_syslog] = CALL(3, sys_syslog),
	[NR_setitimer] = CALL(3, sys_setitimer),
	[NR_getitimer] = CALL(2, sys_getitimer),
	[NR_stat] = CALL(2, sys_stat),
	[NR_lstat] = CALL(2, sys_lstat),
	[NR_fstat] = CALL(2, sys_fstat),
	[NR_wait4] = CALL(4, sys_wait4),
	[NR_sysinfo] = CALL(1, sys_sysinfo),
	[NR_ipc] = CALL(6, sys_ipc),
	[NR_fsync] = CALL(1, sys_fsync),
	[NR_sigreturn] = CALL(0, sys_sigreturn),
	[NR_clone] = CALL(5, sys_clone),
	[NR_setdomainname] = CALL(2, sys_setdomainname),
	[NR_uname] = CALL(1, sys_uname),
	[NR_adjtimex] = CALL(1, sys_adjtimex),
	[NR_mprotect] = CALL(3, sys_mprotect),
	[NR_sigprocmask] = CALL(3, sys_sigprocmask),
	[NR_getpgid] = CALL(1, sys_getpgid),
	[NR_fchdir] = CALL(1, sys_fchdir),
	[NR_personality] = CALL(1, sys_personality),
	[NR_llseek] = CALL(5, sys_llseek),
	[NR_getdents] = CALL(3, sys_getdents),
	[NR_newselect] = CALL(5, sys_select),
	[NR_flock] = CALL(2, sys_flock),
	[NR_msync] = CALL(3, sys_msync),
	[NR_readv] = CALL(3, sys_readv),
	[NR_writev] = CALL(3, sys_writev),
	[NR_getsid] = CALL(1, sys_getsid),
	[NR_fdatasync] = CALL(1, sys_fdatasync),
	[NR_mlock] = CALL(2, sys_mlock),
	[NR_munlock] = CALL(2, sys_munlock),
	[NR_mlockall] = CALL(1, sys_mlockall),
	[NR_munlockall] = CALL(0, sys_munlockall),
	[NR_sched_setparam] = CALL(2, sys_sched_setparam),
	[NR_sched_getparam] = CALL(2, sys_sched_getparam),
	[NR_sched_setscheduler] = CALL(3, sys_sched_setscheduler),
	[NR_sched_getscheduler] = CALL(1, sys_sched_getscheduler),
	[NR_sched_yield] = CALL(0, sys_sched_yield),
	[NR_sched_get_priority_max] = CALL(1, sys_sched_get_priority_max),
	[NR_sched_get_priority_min] = CALL(1, sys_sched_get_priority_min),
	[NR_sched_rr_get_interval] = CALL(2, sys_sched_rr_get_interval),
	[NR_nanosleep] = CALL(2, sys_nanosleep),
	[NR_mremap] = CALL(5, sys_mremap),
	[NR_poll] = CALL(3, sys_poll),
	[NR_prctl] = CALL(5, sys_prctl),
	[NR_rt_sigreturn] = CALL(0, sys_rt_sigreturn),
	[NR_rt_sigaction] = CALL(4, sys_rt_sigaction),
	[NR_rt_sigprocmask] = CALL(4, sys_rt_sigprocmask),
	[NR_rt_sigpending] = CALL(2, sys_rt_sigpending),
	[NR_rt_sigtimedwait] = CALL(4, sys_rt_sigtimedwait),
	[NR_rt_sigqueueinfo] = CALL(3, sys_rt_sigqueueinfo),
	[NR_rt_sigsuspend] = CALL(2, sys_rt_sigsuspend),
	[NR_pread64] = CALL(5, sys_pread64),
	[NR_pwrite64] = CALL(5, sys_pwrite64),
	[NR_chown] = CALL(3, sys_chown16),
	[NR_getcwd] = CALL(2, sys_getcwd),
	[NR_capget] = CALL(2, sys_capget),
	[NR_capset] = CALL(2, sys_capset),
	[NR_sigaltstack] = CALL(2, sys_sigaltstack),
	[NR_sendfile] = CALL(4, sys_sendfile),
	[NR_vfork] = CALL(0, sys_vfork),
	[NR_ugetrlimit] = CALL(2, sys_ugetrlimit),
	[NR_mmap2] = CALL(6, sys_mmap2),
	[NR_truncate64] = CALL(3, sys_truncate64),
	[NR_ftruncate64] = CALL(3, sys_ftruncate64),
	[NR_stat64] = CALL(2, sys_stat64),
	[NR_lstat64] = CALL(2, sys_lstat64),
	[NR_fstat64] = CALL(2, sys_fstat64),
	[NR_lchown32] = CALL(3, sys_lchown),
	[NR_getuid32] = CALL(0, sys_getuid),
	[NR_getgid32] = CALL(0, sys_getgid),
	[NR_geteuid32] = CALL(0, sys_geteuid),
	[NR_getegid32] = CALL(0, sys_getegid),
	[NR_setreuid32] = CALL(2, sys_setreuid),
	[NR_setregid32] = CALL(2, sys_setregid),
	[NR_getgroups32] = CALL(2, sys_getgroups),
	[NR_setgroups32] = CALL(2, sys_setgroups),
	[NR_fchown32] = CALL(3, sys_fchown),
	[NR_setresuid32] = CALL(3, sys_setresuid),
	[NR_getresuid32] = CALL(3, sys_getresuid),
	[NR_setresgid32] = CALL(3, sys_setresgid),
	[NR_getresgid32] = CALL(3, sys_getresgid),
	[NR_chown32] = CALL(3, sys_chown),
	[NR_setuid32] = CALL(1, sys_setuid),
	[NR_setgid32] = CALL(1, sys_setgid),
	[NR_setfsuid32] = CALL(1, sys_setfsuid),
	[NR_setfsgid32] = CALL(1, sys_setfsgid),
	[NR_mincore] = CALL(3, sys_mincore),
	[NR_madvise] = CALL(3, sys_madvise),
	[NR_getdents64] = CALL(3, sys_getdents64),
	[NR_fcntl64] = CALL(3, sys_fcntl64),
	[NR_gettid] = CALL(0, sys_gettid),
	[NR_readahead] = CALL(4, sys_readahead),
	[NR_tkill] = CALL(2, sys_tkill),
	[NR_splice] = CALL(6, sys_splice),
	[NR_copy_file_range] = CALL(6, sys_copy_file_range),
	[NR_setxattr] = CALL(1, sys_xattr),
	[NR_lsetxattr] = CALL(1, sys_lxattr),
	[NR_fsetxattr] = CALL(1, sys_fxattr),
	[NR_getxattr] = CALL(1, sys_xattr),
	[NR_lgetxattr] = CALL(1, sys_lxattr),
	[NR_fgetxattr] = CALL(1, sys_fxattr),
	[NR_listxattr] = CALL(1, sys_xattr),
	[NR_llistxattr] = CALL(1, sys_lxattr),
	[NR_flistxattr] = CALL(1, sys_fxattr),
	[NR_removexattr] = CALL(1, sys_xattr),
	[NR_lremovexattr] = CALL(1, sys_lxattr),
	[NR_fremovexattr] = CALL(1, sys_fxattr),
	[NR_sendfile64] = CALL(4, sys_sendfile64),
	[NR_futex] = CALL(6, sys_futex),
	[NR_sched_setaffinity] = CALL(3, sys_sched_setaffinity),
	[NR_sched_getaffinity] = CALL(3, sys_sched_getaffinity),
	[NR_set_thread_area] = CALL(1, sys_set_thread_area),
	[NR_get_thread_area] = CALL(1, sys_get_thread_area),
	[NR_fadvise64] = CALL(5, sys_fadvise64),
	[NR_exit_group] = CALL(1, sys_exit_group),
	[NR_set_tid_address] = CALL(1, sys_set_tid_address),
	[NR_timer_create] = CALL(3, sys_timer_create),
	[NR_timer_settime] = CALL(4, sys_timer_settime),
	[NR_timer_gettime] = CALL(2, sys_timer_gettime),
	[NR_timer_getoverrun] = CALL(1, sys_timer_getoverrun),
	[NR_timer_delete] = CALL(1, sys_timer_delete),
	[NR_clock_settime] = CALL(2, sys_clock_settime),
	[NR_clock_gettime] = CALL(2, sys_clock_gettime),
	[NR_clock_getres] = CALL(2, sys_clock_getres),
	[NR_clock_nanosleep] = CALL(4, sys_clock_nanosleep),
	[NR_statfs64] = CALL(3, sys_statfs64),
	[NR_fstatfs64] = CALL(3, sys_fstatfs64),
	[NR_tgkill] = CALL(3, sys_tgkill),
	[NR_utimes] = CALL(2, sys_utimes),
	[NR_fadvise64_64] = CALL(6, sys_fadvise64_64),
	[NR_waitid] = CALL(5, sys_waitid),
	[NR_openat] = CALL(4, sys_openat),
	[NR_mkdirat] = CALL(3, sys_mkdirat),
	[NR_mknodat] = CALL(4, sys_mknodat),
	[NR_fchownat] = CALL(5, sys_fchownat),
	[NR_futimesat] = CALL(3, sys_futimesat),
	[NR_fstatat64] = CALL(4, sys_fstatat64),
	[NR_unlinkat] = CALL(3, sys_unlinkat),
	[NR_renameat] = CALL(4, sys_renameat),
	[NR_linkat] = CALL(5, sys_linkat),
	[NR_symlinkat] = CALL(3, sys_symlinkat),
	[NR_readlinkat] = CALL(4, sys_readlinkat),
	[NR_fchmodat] = CALL(3, sys_fchmodat),
	[NR_faccessat] = CALL(3, sys_faccessat),
	[NR_pselect6] = CALL(6, sys_pselect6),
	[NR_ppoll] = CALL(5, sys_ppoll),
	[NR_set_robust_list] = CALL(2, sys_set_robust_list),
	[NR_get_robust_list] = CALL(3, sys_get_robust_list),
	[NR_getcpu] = CALL(2, sys_getcpu),
	[NR_utimensat] = CALL(4, sys_utimensat),
	[NR_fallocate] = CALL(6, sys_fallocate),
	[NR_sync_file_range] = CALL(6, sys_sync_file_range),
	[NR_dup3] = CALL(3, sys_dup3),
	[NR_pipe2] = CALL(2, sys_pipe2),
	[NR_preadv] = CALL(5, sys_preadv),
	[NR_pwritev] = CALL(5, sys_pwritev),
	[NR_rt_tgsigqueueinfo] = CALL(4, sys_rt_tgsigqueueinfo),
	[NR_prlimit64] = CALL(4, sys_prlimit64),
	[NR_clock_adjtime] = CALL(2, sys_clock_adjtime),
	[NR_syncfs] = CALL(1, sys_syncfs),
	[NR_process_vm_readv] = CALL(6, sys_process_vm_readv),
	[NR_process_vm_writev] = CALL(6, sys_process_vm_writev),
	[NR_renameat2] = CALL(5, sys_renameat2),
	[NR_getrandom] = CALL(3, sys_getrandom),
	[NR_execveat] = CALL(5, sys_execveat),
	[NR_socket] = CALL(0, sys_socket),
	[NR_socketpair] = CALL(0, sys_socket),
	[NR_membarrier] = CALL(3, sys_membarrier),
	[NR_memfd_create] = CALL(2, sys_memfd_create),
	[NR_mlock2] = CALL(3, sys_mlock2),
	[NR_statx] = CALL(5, sys_statx),
	[NR_shmget] = CALL(3, sys_shmget),
	[NR_shmctl] = CALL(3, sys_shmctl),
	[NR_shmat] = CALL(3, sys_shmat),
	[NR_shmdt] = CALL(1, sys_shmdt),
	[NR_rseq] = CALL(0, sys_left_out),
	[NR_clock_gettime64] = CALL(2, sys_clock_gettime64),
	[NR_clock_settime64] = CALL(2, sys_clock_settime64),
	[NR_clock_getres_time64] = CALL(2, sys_clock_getres_time64),
	[NR_clock_nanosleep_time64] = CALL(4, sys_clock_nanosleep_time64),
	[NR_timer_gettime64] = CALL(2, sys_timer_gettime64),
	[NR_timer_settime64] = CALL(4, sys_timer_settime64),
	[NR_utimensat_time64] = CALL(4, sys_utimensat_time64),
	[NR_pselect6_time64] = CALL(6, sys_pselect6_time64),
	[NR_ppoll_time64] = CALL(5, sys_ppoll_time64),
	[NR_rt_sigtimedwait_time64] = CALL(4, sys_rt_sigtimedwait_time64),
	[NR_futex_time64] = CALL(6, sys_futex_time64),
	[NR_sched_rr_get_interval_time64] = CALL(2, sys_sched_rr_get_interval_time64),
	[NR_close_range] = CALL(3, sys_close_range),
	[NR_clone3] = CALL(2, sys_clone3),
	[NR_faccessat2] = CALL(4, sys_faccessat2),
};

static uint32_t reported[BITMAP_WORDS(NR_SYSCALLS)]; /* Atomic: numbers already in the log. */

static int32_t unknown(uint32_t number)
{
	const struct proc *p = proc_current();
	uint32_t bit = 1u << number % 32;

	if (number >= NR_SYSCALLS)
		return -ENOSYS;
	if (!(__atomic_fetch_or(&reported[number / 32], bit, __ATOMIC_SEQ_CST) & bit))
		log("syscall: %s[%d] called number %u, which there is not\n", p->comm, p->pid,
		    number);
	return -ENOSYS;
}

static int32_t call(const struct syscall *s, const struct trapframe *tf)
{
	switch (s->words) {
	case 0:
		return s->call0();
	case 1:
		return s->call1(tf->ebx);
	case 2:
		return s->call2(tf->ebx, tf->ecx);
	case 3:
		return s->call3(tf->ebx, tf->ecx, tf->edx);
	case 4:
		return s->call4(tf->ebx, tf->ecx, tf->edx, tf->esi);
	case 5:
		return s->call5(tf->ebx, tf->ecx, tf->edx, tf->esi, tf->edi);
	default:
		return s->call6(tf->ebx, tf->ecx, tf->edx, tf->esi, tf->edi, tf->ebp);
	}
}

/* An interrupted call is finished on the way to user mode, even if another task has taken the
 * signal that interrupted it. */
static void finish_interrupted(int32_t result)
{
	if (result <= -ERESTARTSYS && result >= -ERESTART_RESTARTBLOCK)
		atomic_store(&thread_current()->signal_pending, true);
}

bool syscall_dispatch(struct trapframe *tf)
{
	uint32_t number = tf->orig_eax;
	const struct syscall *s = number < NR_SYSCALLS ? &table[number] : NULL;
	int32_t result = s && s->call0 ? call(s, tf) : unknown(number);

	if (unlikely(tf->orig_eax != number))
		return false;
	tf->eax = (uint32_t)result;
	finish_interrupted(result);
	return true;
}
