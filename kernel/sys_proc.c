/* sys_proc.c: the calls that make, change and end processes: their arguments, fetched and
 * checked. */

#include "kernel/syscall.h"

#include "arch/x86/uaccess.h"
#include "fs/path.h"
#include "kernel/abi/capability.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/prctl.h"
#include "kernel/abi/sched.h"
#include "kernel/abi/wait.h"
#include "kernel/cred.h"
#include "kernel/exec.h"
#include "kernel/lib/printf.h"
#include "kernel/lib/string.h"
#include "mm/kmalloc.h"

#define TIMER_SLACK_NS 50000 /* What Linux tells a program that never asked for another. */

/* ---- birth ---- */

int32_t sys_clone(uint32_t flags, uint32_t sp, uint32_t ptid, uint32_t tls, uint32_t ctid)
{
	const struct clone c = {
		.flags = flags & ~CSIGNAL,
		.sp = sp,
		.exit_signal = flags & CSIGNAL,
		.ptid = ptid,
		.tls = tls,
		.ctid = ctid,
	};

	return proc_clone(&c);
}

/* A structure that grows: size says which edition the program knows. What is beyond ours must be zero. 0,
 * -EINVAL, -E2BIG or -EFAULT. */
static int clone_args_from_user(struct clone_args *args, uint32_t user, uint32_t size)
{
	uint8_t byte;

	if (size < CLONE_ARGS_SIZE_VER0)
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	memset(args, 0, sizeof(*args));
	if (copy_from_user(args, (const void __user *)user, MIN(size, sizeof(*args))))
		return -EFAULT;
	for (uint32_t i = sizeof(*args); i < size; i++) {
		if (copy_from_user(&byte, (const void __user *)(user + i), 1))
			return -EFAULT;
		if (byte)
			return -E2BIG;
	}
	return 0;
}

/* Beyond what proc_clone() checks. Choosing numbers and control groups are not for us. */
static int check_clone_args(const struct clone_args *a)
{
	bool detached = a->flags & (CLONE_THREAD | CLONE_PARENT);

	if (a->flags & ~(UINT32_MAX | CLONE_CLEAR_SIGHAND) || a->flags & (CSIGNAL | CLONE_DETACHED))
		return -EINVAL;
	if (a->exit_signal > NSIG || (detached && a->exit_signal))
		return -EINVAL;
	if (!a->stack != !a->stack_size || a->stack > USER_END ||
	    a->stack_size > USER_END - a->stack)
		return -EINVAL;
	return a->set_tid || a->set_tid_size ? -EINVAL : 0;
}

int32_t sys_clone3(uint32_t args_user, uint32_t size)
{
	struct clone_args a;
	int err = clone_args_from_user(&a, args_user, size);

	if (!err)
		err = check_clone_args(&a);
	if (err)
		return err;
	const struct clone c = {
		.flags = (uint32_t)a.flags,
		.sp = (uint32_t)(a.stack + a.stack_size),
		.exit_signal = (uint32_t)a.exit_signal,
		.ptid = (uint32_t)a.parent_tid,
		.tls = (uint32_t)a.tls,
		.ctid = (uint32_t)a.child_tid,
		.clear_handlers = a.flags & CLONE_CLEAR_SIGHAND,
	};

	return proc_clone(&c);
}

/* ---- programs ---- */

/* The program that execveat names: a path below a directory, or with AT_EMPTY_PATH the
 * descriptor. */
static int open_at(uint32_t dirfd, const char *path, uint32_t flags, struct file **out)
{
	uint32_t open_flags = flags & AT_SYMLINK_NOFOLLOW ? O_NOFOLLOW : 0;
	struct file *dir;
	int err;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (*path == '\0' && !(flags & AT_EMPTY_PATH))
		return -ENOENT;
	if (*path == '/' || ((int32_t)dirfd == AT_FDCWD && *path != '\0'))
		return exec_open(NULL, path, open_flags, out);
	dir = fd_get(proc_current()->files, dirfd);
	if (!dir)
		return -EBADF;
	err = *path == '\0' ? exec_check(dir) : exec_open(&dir->path, path, open_flags, out);
	if (!err && *path == '\0')
		*out = file_get(dir);
	file_put(dir);
	return err;
}

/* What the new program is told its name is: the path, or where a descriptor can be found. */
static int name_program(uint32_t dirfd, const char *path, char **out)
{
	size_t size = strlen(path) + sizeof("/dev/fd/4294967295/");
	char *name;

	if (*path == '/' || (int32_t)dirfd == AT_FDCWD) {
		*out = kstrdup(path);
		return *out ? 0 : -ENOMEM;
	}
	name = kmalloc(size);
	if (!name)
		return -ENOMEM;
	snprintf(name, size, "/dev/fd/%u%s%s", dirfd, *path ? "/" : "", path);
	*out = name;
	return 0;
}

static int exec_path(uint32_t dirfd, const char *path, uint32_t argv, uint32_t envp, uint32_t flags)
{
	struct exec_args args;
	struct file *file;
	char *name;
	int err = open_at(dirfd, path, flags, &file);

	if (err)
		return err;
	err = name_program(dirfd, path, &name);
	if (!err) {
		err = exec_args_from_user(&args, argv, envp);
		if (!err)
			err = proc_exec(file, name, &args);
		exec_args_free(&args);
		kfree(name);
	}
	file_put(file);
	return err;
}

int32_t sys_execveat(uint32_t dirfd, uint32_t path_user, uint32_t argv, uint32_t envp,
		     uint32_t flags)
{
	char *path;
	int err = path_from_user(path_user, &path);

	if (err)
		return err;
	err = exec_path(dirfd, path, argv, envp, flags);
	path_free(path);
	return err;
}

/* ---- death ---- */

int32_t sys_exit(uint32_t code)
{
	task_exit(WSTATUS_EXIT(code));
}

int32_t sys_exit_group(uint32_t code)
{
	proc_exit_group(WSTATUS_EXIT(code));
}

/* ---- numbers ---- */

int32_t sys_getpid(void)
{
	return proc_current()->pid;
}

int32_t sys_gettid(void)
{
	return task_current()->tid;
}

int32_t sys_getppid(void)
{
	return atomic_load(&proc_current()->ppid);
}

int32_t sys_set_tid_address(uint32_t address)
{
	task_current()->clear_child_tid = address;
	return task_current()->tid;
}

/* ---- prctl ---- */

static int32_t set_name(uint32_t name_user)
{
	struct task *t = task_current();
	char name[THREAD_NAME_LEN] = "";
	ssize_t len = strncpy_from_user(name, (const char __user *)name_user, sizeof(name));

	if (len < 0 && len != -ENAMETOOLONG)
		return len;
	name[sizeof(name) - 1] = '\0';
	spin_lock(&proc_lock);
	memcpy(t->thread.name, name, sizeof(name));
	if (t->tid == t->proc->pid)
		memcpy(t->proc->comm, name, sizeof(name));
	spin_unlock(&proc_lock);
	return 0;
}

static int32_t get_name(uint32_t name_user)
{
	return copy_to_user((void __user *)name_user, thread_current()->name, THREAD_NAME_LEN);
}

static int32_t set_flag(bool *flag, uint32_t value)
{
	if (value > 1)
		return -EINVAL;
	*flag = value;
	return 0;
}

static int32_t set_no_new_privs(uint32_t b, uint32_t c, uint32_t d, uint32_t e)
{
	if (b != 1 || c || d || e)
		return -EINVAL;
	proc_current()->no_new_privs = true;
	return 0;
}

int32_t sys_prctl(uint32_t option, uint32_t b, uint32_t c, uint32_t d, uint32_t e)
{
	struct proc *p = proc_current();

	switch (option) {
	case PR_SET_NAME:
		return set_name(b);
	case PR_GET_NAME:
		return get_name(b);
	case PR_SET_PDEATHSIG:
		if (b > NSIG)
			return -EINVAL;
		p->pdeath_signal = (int)b;
		return 0;
	case PR_GET_PDEATHSIG:
		return put_user_u32((void __user *)b, (uint32_t)p->pdeath_signal);
	case PR_SET_DUMPABLE:
		return set_flag(&p->dumpable, b);
	case PR_GET_DUMPABLE:
		return p->dumpable;
	case PR_SET_NO_NEW_PRIVS:
		return set_no_new_privs(b, c, d, e);
	case PR_GET_NO_NEW_PRIVS:
		return b || c || d || e ? -EINVAL : p->no_new_privs;
	case PR_CAPBSET_READ:
		return b > CAP_LAST_CAP ? -EINVAL : 1;
	case PR_GET_TIMERSLACK:
		return TIMER_SLACK_NS;
	default:
		return -EINVAL;
	}
}

/* ---- capabilities: all for root, none for others ---- */

/* Words per set of the version the caller speaks; an unknown one is told ours, with -EINVAL. */
static int32_t cap_words(uint32_t header_user, struct cap_header *h)
{
	if (copy_from_user(h, (const void __user *)header_user, sizeof(*h)))
		return -EFAULT;
	switch (h->version) {
	case CAPABILITY_VERSION_1:
		return 1;
	case CAPABILITY_VERSION_2:
	case CAPABILITY_VERSION_3:
		return 2;
	}
	if (put_user_u32((void __user *)header_user, CAPABILITY_VERSION_3))
		return -EFAULT;
	return -EINVAL;
}

static uint32_t caps_of_word(const struct proc *p, uint32_t word)
{
	const uint64_t all = (1ull << (CAP_LAST_CAP + 1)) - 1;

	return p->euid == 0 ? (uint32_t)(all >> (32 * word)) : 0;
}

static int caps_of_pid(pid_t pid, struct cap_data data[2])
{
	struct proc *p;

	if (pid < 0)
		return -EINVAL;
	p = pid == 0 ? proc_get(proc_current()) : proc_find_by_tid(pid);
	if (!p)
		return -ESRCH;
	for (uint32_t i = 0; i < 2; i++)
		data[i] = (struct cap_data){caps_of_word(p, i), caps_of_word(p, i), 0};
	proc_put(p);
	return 0;
}

int32_t sys_capget(uint32_t header_user, uint32_t data_user)
{
	struct cap_data data[2];
	struct cap_header h;
	int32_t words = cap_words(header_user, &h);
	int err;

	if (words < 0)
		return words == -EINVAL && data_user == 0 ? 0 : words;
	err = caps_of_pid(h.pid, data);
	if (err || !data_user)
		return err;
	return copy_to_user((void __user *)data_user, data, (uint32_t)words * sizeof(data[0]));
}

/* Nothing can be given away one by one: only what holds already may be "set". */
int32_t sys_capset(uint32_t header_user, uint32_t data_user)
{
	struct cap_data wanted[2], held[2];
	struct cap_header h;
	int32_t words = cap_words(header_user, &h);
	int err;

	if (words < 0)
		return words;
	if (h.pid != 0 && h.pid != task_current()->tid)
		return -EPERM;
	if (copy_from_user(wanted, (const void __user *)data_user,
			   (uint32_t)words * sizeof(wanted[0])))
		return -EFAULT;
	err = caps_of_pid(0, held);
	for (int32_t i = 0; i < words && !err; i++)
		if (wanted[i].effective != held[i].effective ||
		    wanted[i].permitted != held[i].permitted)
			err = -EPERM;
	return err;
}
