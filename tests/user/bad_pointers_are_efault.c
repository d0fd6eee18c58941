/*
 * Every pointer argument of every system call, tried with each kind of bad address, is EFAULT where
 * Linux says so, and with a good address that nobody touched yet it is not. The kernel survives all
 * of it, and so does everyone but the caller.
 *
 * rows: A5 B11 E6 E32 E33 E36
 * mem: 64M
 * timeout: 300
 */
#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>

/* ---- what an argument is ---- */

/* An argument word in this range is no value but says what the pointer there means. */
enum role {
	IN = 0x5A5A0000, /* Read: EFAULT when any of it is missing. */
	OUT,		 /* Written: that, and EFAULT when it is read-only. */
	OPT_IN,		 /* The same, but a null pointer means none. */
	OPT_OUT,
	BUF_IN, /* Data of 64 bytes: what there is may be transferred. */
	BUF_OUT,
	VEC_IN, /* An iovec is good, but points at such data. */
	VEC_OUT,
	STRINGS, /* A null-terminated array is good, but its first string is not. */
	PATH,	 /* A string; the good one names a file. */
	EXE,	 /* The same; it names this program, which is also a link. */
	WORD,	 /* Must be aligned, so it never lies across a line. */
	ANY,	 /* Used in ways for which the only promise is that the kernel survives. */
	ROLE_END,
};

/* Files that each child has open; argument words in this range. */
enum file {
	FILE_RW = 20,
	FILE_DIR,
	FILE_ZERO,
	FILE_READ_END,
	FILE_WRITE_END,
	FILE_TTY,
};

#define QUIRE_ONLY 1 /* Would change the host, or needs root there. */
#define ZOMBIE 2     /* The caller has a dead child. */

static const struct call {
	const char *name;
	int number;
	long args[6];
	int flags;
} calls[] = {
#define C(n, ...)                                                                                  \
	{                                                                                          \
		.name = #n, .number = SYS_##n, .flags = 0, .args = { __VA_ARGS__ }                 \
	}
#define Q(n, ...)                                                                                  \
	{                                                                                          \
		.name = #n, .number = SYS_##n, .flags = QUIRE_ONLY, .args = { __VA_ARGS__ }        \
	}
#define Z(n, ...)                                                                                  \
	{                                                                                          \
		.name = #n, .number = SYS_##n, .flags = ZOMBIE, .args = { __VA_ARGS__ }            \
	}
	/* Data. */
	C(read, FILE_ZERO, BUF_OUT, 64),
	C(write, FILE_WRITE_END, BUF_IN, 64),
	C(read, FILE_RW, BUF_OUT, 64),
	C(write, FILE_RW, BUF_IN, 64),
	C(read, FILE_READ_END, BUF_OUT, 64),
	C(read, FILE_READ_END, BUF_OUT, 65536),
	C(pread64, FILE_RW, BUF_OUT, 64),
	C(pwrite64, FILE_RW, BUF_IN, 64),
	C(readv, FILE_ZERO, IN, 1),
	C(writev, FILE_WRITE_END, IN, 1),
	C(readv, FILE_ZERO, VEC_OUT, 1),
	C(writev, FILE_WRITE_END, VEC_IN, 1),
	C(preadv, FILE_RW, IN, 1),
	C(pwritev, FILE_RW, IN, 1),
	C(preadv, FILE_RW, VEC_OUT, 1),
	C(pwritev, FILE_RW, VEC_IN, 1),
	C(getrandom, BUF_OUT, 64),
	C(sendfile64, FILE_WRITE_END, FILE_RW, OPT_OUT, 16),
	C(getdents64, FILE_DIR, OUT, 1024),
	/* Names. */
	C(open, PATH),
	C(openat, AT_FDCWD, PATH),
	C(link, PATH, PATH),
	C(linkat, AT_FDCWD, PATH, AT_FDCWD, PATH),
	C(unlink, PATH),
	C(unlinkat, AT_FDCWD, PATH),
	C(symlink, PATH, PATH),
	C(symlinkat, PATH, AT_FDCWD, PATH),
	C(rename, PATH, PATH),
	C(renameat, AT_FDCWD, PATH, AT_FDCWD, PATH),
	C(renameat2, AT_FDCWD, PATH, AT_FDCWD, PATH),
	C(readlink, EXE, OUT, 64),
	C(readlinkat, AT_FDCWD, EXE, OUT, 64),
	C(mkdir, PATH, 0700),
	C(mkdirat, AT_FDCWD, PATH, 0700),
	C(rmdir, PATH),
	C(mknod, PATH, S_IFREG | 0600),
	C(mknodat, AT_FDCWD, PATH, S_IFREG | 0600),
	C(chdir, PATH),
	C(chroot, PATH),
	C(getcwd, OUT, 4096),
	C(access, PATH),
	C(faccessat, AT_FDCWD, PATH),
	C(faccessat2, AT_FDCWD, PATH),
	C(chmod, PATH, 0600),
	C(fchmodat, AT_FDCWD, PATH, 0600),
	C(chown32, PATH, -1, -1),
	C(lchown32, PATH, -1, -1),
	C(fchownat, AT_FDCWD, PATH, -1, -1),
	C(truncate, PATH),
	C(truncate64, PATH),
	C(utimensat, AT_FDCWD, PATH, OPT_IN),
	C(utimensat_time64, AT_FDCWD, PATH, OPT_IN),
	C(stat64, PATH, OUT),
	C(lstat64, PATH, OUT),
	C(fstat64, FILE_RW, OUT),
	C(fstatat64, AT_FDCWD, PATH, OUT),
	C(statx, AT_FDCWD, PATH, 0, 0x7FF, OUT),
	C(statfs64, PATH, 84, OUT),
	C(fstatfs64, FILE_RW, 84, OUT),
	Q(mount, OPT_IN, PATH, ANY, 0, ANY),
	Q(umount2, PATH),
	/* Open files. */
	C(pipe, OUT),
	C(pipe2, OUT),
	C(ioctl, FILE_READ_END, FIONREAD, OUT),
	C(ioctl, FILE_TTY, TCGETS, OUT),
	C(ioctl, FILE_TTY, TIOCGWINSZ, OUT),
	C(ioctl, FILE_TTY, TCSETS, ANY),
	C(ioctl, FILE_TTY, TIOCSPGRP, ANY),
	C(fcntl64, FILE_RW, 12 /* F_GETLK64 */, OUT),
	C(fcntl64, FILE_RW, 13 /* F_SETLK64 */, IN),
	C(_newselect, 1, OPT_OUT, OPT_OUT, OPT_OUT, OPT_IN),
	C(pselect6, 1, OPT_OUT, OPT_OUT, OPT_OUT, OPT_IN, OPT_IN),
	C(pselect6_time64, 1, OPT_OUT, OPT_OUT, OPT_OUT, OPT_IN, OPT_IN),
	C(poll, OUT, 1, 0),
	C(ppoll, OUT, 1, OPT_IN, OPT_IN, 8),
	C(ppoll_time64, OUT, 1, OPT_IN, OPT_IN, 8),
	/* Memory. */
	C(mmap2, ANY, 4096, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1),
	C(munmap, ANY, 4096),
	C(mprotect, ANY, 4096, 1),
	C(madvise, ANY, 4096, 4),
	C(msync, ANY, 4096, 4),
	C(brk, ANY),
	/* Processes. */
	C(execve, PATH),
	C(execve, EXE, OPT_IN, OPT_IN),
	C(execve, EXE, STRINGS),
	C(execve, EXE, ANY, STRINGS),
	C(execveat, AT_FDCWD, EXE, OPT_IN, OPT_IN),
	Z(wait4, -1, OPT_OUT, 0, OPT_OUT),
	Z(waitid, 0, 0, OPT_OUT, WEXITED, OPT_OUT),
	C(getrusage, 0, OUT),
	C(times, OPT_OUT),
	C(clone, CLONE_PARENT_SETTID | SIGCHLD, 0, ANY),
	C(clone, CLONE_CHILD_SETTID | SIGCHLD, 0, 0, 0, ANY),
	C(clone, CLONE_CHILD_CLEARTID | SIGCHLD, 0, 0, 0, ANY),
	C(clone, CLONE_SETTLS | SIGCHLD, 0, 0, IN),
	C(clone, CLONE_VM | CLONE_VFORK | SIGCHLD, ANY),
	C(set_thread_area, IN),
	C(get_thread_area, IN),
	C(set_tid_address, ANY),
	C(set_robust_list, ANY, 12),
	C(get_robust_list, 0, OUT, OUT),
	C(futex, WORD, 0, 1, OPT_IN),
	C(futex, WORD, 0 /* WAIT */, 0, ANY),
	C(futex, ANY, 1, 1),
	C(futex, ANY, 3 /* REQUEUE */, 1, 1, ANY),
	C(futex_time64, WORD, 0, 1, OPT_IN),
	C(prctl, PR_SET_NAME, IN),
	C(prctl, PR_GET_NAME, OUT),
	C(prctl, PR_GET_PDEATHSIG, OUT),
	C(capget, OUT, ANY),
	C(capset, OUT, ANY),
	C(ugetrlimit, 7, OUT),
	C(setrlimit, 4, IN),
	C(prlimit64, 0, 7, OPT_IN, OPT_OUT),
	C(getgroups32, 1, ANY),
	Q(setgroups32, 1, IN),
	C(getresuid32, OUT, OUT, OUT),
	C(getresgid32, OUT, OUT, OUT),
	C(sched_setparam, 0, ANY),
	C(sched_getparam, 0, ANY),
	C(sched_setscheduler, 0, 0, ANY),
	C(sched_rr_get_interval, 0, OUT),
	C(sched_setaffinity, 0, 4, IN),
	C(sched_getaffinity, 0, 128, OUT),
	C(getcpu, OPT_OUT, OPT_OUT),
	/* Signals. */
	C(rt_sigaction, SIGUSR1, OPT_IN, OPT_OUT, 8),
	C(rt_sigprocmask, 0, OPT_IN, OPT_OUT, 8),
	C(rt_sigpending, OUT, 8),
	C(rt_sigsuspend, IN, 8),
	C(rt_sigtimedwait, IN, ANY, OPT_IN, 8),
	C(rt_sigtimedwait_time64, IN, ANY, OPT_IN, 8),
	C(rt_sigqueueinfo, 0, SIGUSR1, IN),
	C(rt_tgsigqueueinfo, 0, 0, SIGUSR1, IN),
	C(sigaltstack, OPT_IN),
	C(sigaltstack, 0, OPT_OUT),
	/* Time. */
	C(time, OPT_OUT),
	C(gettimeofday_time32, OPT_OUT, OPT_OUT),
	Q(settimeofday_time32, OPT_IN, OPT_IN),
	C(nanosleep, IN, ANY),
	C(clock_nanosleep_time32, 0, 0, IN, ANY),
	C(clock_nanosleep_time64, 0, 0, IN, ANY),
	C(clock_gettime32, 0, OUT),
	C(clock_gettime64, 0, OUT),
	C(clock_getres_time32, 0, OPT_OUT),
	C(clock_getres_time64, 0, OPT_OUT),
	Q(clock_settime32, 0, IN),
	Q(clock_settime64, 0, IN),
	C(getitimer, 0, OUT),
	C(setitimer, 0, OPT_IN, OPT_OUT),
	C(timer_create, 0, OPT_IN, ANY),
	C(timer_create, 0, 0, OUT),
	C(timer_settime32, 99, 0, ANY, ANY),
	C(timer_settime64, 99, 0, ANY, ANY),
	C(timer_gettime32, 99, ANY),
	C(timer_gettime64, 99, ANY),
	/* The system. */
	C(uname, OUT),
	C(sysinfo, OUT),
	C(syslog, 3, ANY, 10),
	Q(sethostname, IN, 2),
	C(reboot, 0, 0, 0, ANY),
	C(socketcall, 1, ANY),
};

/* ---- bad addresses, and good ones ---- */

enum kind {
	NONE,	   /* Null. */
	LOW,	   /* Near null. */
	HOLE,	   /* Nothing is mapped. */
	BARRED,	   /* PROT_NONE. */
	KERNEL,	   /* The kernel's own memory. */
	TOP,	   /* The last word of all addresses. */
	CONST,	   /* Memory that can only be read. */
	EDGE,	   /* One byte, and then nothing. */
	LAZY,	   /* Good, and never touched. */
	LAZY_LINE, /* The same, and across a page line. */
	KIND_END,
};

static const char *const kind_names[] = {"null", "low",	      "unmapped", "PROT_NONE", "kernel",
					 "top",	 "read-only", "edge",	  "lazy",      "lazy line"};
static char *addresses[KIND_END];

static void addresses_make(void)
{
	char *room = map_anon(10 * PAGE);

	CHECK(munmap(room, PAGE) == 0 && munmap(room + 2 * PAGE, PAGE) == 0);
	CHECK(mprotect(room + 3 * PAGE, PAGE, PROT_NONE) == 0);
	CHECK(mprotect(room + 4 * PAGE, PAGE, PROT_READ) == 0);
	room[2 * PAGE - 1] = 'x';
	addresses[LOW] = (char *)16;
	addresses[HOLE] = room + 2 * PAGE;
	addresses[BARRED] = room + 3 * PAGE;
	addresses[KERNEL] = (char *)0xC0100000;
	addresses[TOP] = (char *)-4;
	addresses[CONST] = room + 4 * PAGE;
	addresses[EDGE] = room + 2 * PAGE - 1;
	addresses[LAZY] = room + 5 * PAGE;
	addresses[LAZY_LINE] = room + 8 * PAGE - 2;
}

static bool is_role(long word)
{
	return word >= IN && word < ROLE_END;
}

static bool is_written(enum role role)
{
	return role == OUT || role == OPT_OUT || role == BUF_OUT || role == VEC_OUT;
}

/* What must come of it: 1 EFAULT, 0 anything else, -1 either. */
static int expected(enum role role, enum kind kind)
{
	bool data = role >= BUF_IN && role <= VEC_OUT;

	if (role == ANY)
		return -1;
	switch (kind) {
	case NONE:
		return role == STRINGS ? 0 : role != OPT_IN && role != OPT_OUT;
	case CONST:
		return role == WORD ? -1 : is_written(role);
	case EDGE:
		return role == WORD || data ? -1 : 1;
	case LAZY:
		return 0;
	case LAZY_LINE:
		return role == WORD ? -1 : 0;
	default:
		return 1;
	}
}

/* ---- one call ---- */

static char file_path[] = "/tmp/test-XXXXXX";

struct report {
	bool returned;
	long result; /* As the kernel gave it: negative errno. */
};

/* A word that makes the call good, or, when bad is set, what bad makes of it. */
static long argument(enum role role, char *bad, bool use_bad)
{
	static char zeroes[2 * PAGE];
	static char *pair[3];

	if (role == VEC_IN || role == VEC_OUT || role == STRINGS) {
		pair[0] = use_bad ? bad : zeroes;
		pair[1] = role == STRINGS ? NULL : (char *)64;
		return (long)pair;
	}
	if (use_bad)
		return (long)bad;
	if (role == PATH)
		return (long)file_path;
	return role == EXE ? (long)"/proc/self/exe" : (long)zeroes;
}

static void files_open(void)
{
	int pipes[2], tty = open("/dev/ptmx", O_RDWR | O_NOCTTY);

	if (tty < 0)
		tty = open("/dev/console", O_RDWR | O_NOCTTY);
	CHECK(pipe(pipes) == 0 && write(pipes[1], file_path, sizeof(file_path)) > 0);
	CHECK(dup2(pipes[0], FILE_READ_END) >= 0 && dup2(pipes[1], FILE_WRITE_END) >= 0);
	CHECK(dup2(open(file_path, O_RDWR), FILE_RW) >= 0);
	CHECK(dup2(open("/tmp", O_RDONLY), FILE_DIR) >= 0);
	CHECK(dup2(open("/dev/zero", O_RDONLY), FILE_ZERO) >= 0);
	CHECK(dup2(tty, FILE_TTY) >= 0);
}

/* In a child: make the call with its which-th argument bad, unless the call never returns. */
static void call_make(const struct call *c, int which, char *bad, struct report *report)
{
	const struct itimerval patience = {.it_value = {.tv_usec = 200000}};
	const pid_t self = getpid();
	long a[6], result;

	files_open();
	if (c->flags & ZOMBIE && fork() == 0)
		_exit(0);
	for (int i = 0; i < 6; i++)
		a[i] = is_role(c->args[i]) ? argument(c->args[i], bad, i == which) : c->args[i];
	CHECK(setitimer(ITIMER_REAL, &patience, NULL) == 0); /* Some calls wait for ever. */
	result = syscall(c->number, a[0], a[1], a[2], a[3], a[4], a[5]) == -1 ? -errno : 0;
	/* A child that the call made may come so late that it spoils another try. */
	if (getpid() == self) {
		report->result = result;
		report->returned = true;
	}
	_exit(0);
}

/* False when the outcome is not the expected one. */
static bool call_try(const struct call *c, int which, enum kind kind, struct report *report)
{
	int want = expected(c->args[which], kind), status;
	pid_t pid;

	*report = (struct report){0};
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0)
		call_make(c, which, addresses[kind], report);
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(!WIFEXITED(status) || WEXITSTATUS(status) == 0); /* One of the CHECKs above. */
	if (report->returned && report->result == -ENOSYS)
		return true;
	return want < 0 || want == (report->returned && report->result == -EFAULT);
}

int main(int argc, char **argv)
{
	struct report *report = map_shared(PAGE);
	bool on_quire = access("/proc/sys/vm/check", F_OK) == 0;
	int wrong = 0, tries = 0, fd;

	if (argc == 0 || !argv[0] || !argv[0][0])
		return 0; /* One of the execve calls above succeeded. */
	addresses_make();
	fd = mkstemp(file_path);
	CHECK(fd >= 0 && write(fd, file_path, sizeof(file_path)) == sizeof(file_path));
	for (const struct call *c = calls; c < calls + sizeof(calls) / sizeof(*c); c++) {
		if (c->flags & QUIRE_ONLY && !on_quire)
			continue;
		for (int which = 0; which < 6; which++) {
			for (enum kind kind = 0; is_role(c->args[which]) && kind < KIND_END;
			     kind++) {
				tries++;
				if (call_try(c, which, kind, report))
					continue;
				wrong++;
				printf("%s, argument %d %s: %s %ld\n", c->name, which + 1,
				       kind_names[kind], report->returned ? "result" : "no result",
				       report->result);
			}
		}
	}
	printf("%d tries, %d wrong\n", tries, wrong);
	unlink(file_path);
	return wrong ? 1 : 0;
}
