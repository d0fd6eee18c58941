/*
 * random_calls.h: words for arguments of system calls: the first half of
 * random_calls_leave_the_kernel_whole.c.
 *
 * Words without a plan end in EINVAL, EBADF or EFAULT at the first look. So each call says of what kind
 * its arguments are, and most words are of that kind: good ones, and the limits of what is good.
 */
#pragma once

#include "counters.h"
#include "kernel/lib/xorshift.h"

#include <sys/syscall.h>

#define NUMBERS 451
#define WORKPLACE "/tmp/random"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static uint32_t state;

static inline uint32_t chance(uint32_t below)
{
	return xorshift32(&state) % below;
}

#define ONE_OF(array) ((array)[chance(ARRAY_SIZE(array))])

/* ---- what arguments mean ---- */

/*
 * One letter per argument: f descriptor, p path, a address, s structure, v vector, l length, o offset,
 * g flags, n small number, i process, k signal. A call that is not here gets anything.
 */
static const char *const shapes[NUMBERS] = {
	[SYS_read] = "fal",
	[SYS_write] = "fal",
	[SYS_pread64] = "faloo",
	[SYS_pwrite64] = "faloo",
	[SYS_readv] = "fvn",
	[SYS_writev] = "fvn",
	[SYS_preadv] = "fvnoo",
	[SYS_pwritev] = "fvnoo",
	[SYS_sendfile64] = "ffsl",
	[SYS_open] = "pgg",
	[SYS_openat] = "fpgg",
	[SYS_close] = "f",
	[SYS_dup] = "f",
	[SYS_dup2] = "ff",
	[SYS_dup3] = "ffg",
	[SYS_pipe] = "a",
	[SYS_pipe2] = "ag",
	[SYS_fcntl64] = "fns",
	[SYS_ioctl] = "fga",
	[SYS_flock] = "fn",
	[SYS_lseek] = "fon",
	[SYS__llseek] = "fooan",
	[SYS_ftruncate] = "fo",
	[SYS_ftruncate64] = "foo",
	[SYS_truncate] = "po",
	[SYS_fallocate] = "fgoooo",
	[SYS_getdents64] = "fal",
	[SYS_link] = "pp",
	[SYS_linkat] = "fpfpg",
	[SYS_symlink] = "pp",
	[SYS_symlinkat] = "pfp",
	[SYS_unlink] = "p",
	[SYS_unlinkat] = "fpg",
	[SYS_rename] = "pp",
	[SYS_renameat] = "fpfp",
	[SYS_renameat2] = "fpfpg",
	[SYS_mkdir] = "pg",
	[SYS_mkdirat] = "fpg",
	[SYS_rmdir] = "p",
	[SYS_mknod] = "pgn",
	[SYS_mknodat] = "fpgn",
	[SYS_chdir] = "p",
	[SYS_fchdir] = "f",
	[SYS_chroot] = "p",
	[SYS_getcwd] = "al",
	[SYS_readlink] = "pal",
	[SYS_readlinkat] = "fpal",
	[SYS_stat64] = "pa",
	[SYS_lstat64] = "pa",
	[SYS_fstat64] = "fa",
	[SYS_fstatat64] = "fpag",
	[SYS_statx] = "fpgga",
	[SYS_statfs64] = "pla",
	[SYS_access] = "pn",
	[SYS_chmod] = "pg",
	[SYS_fchmod] = "fg",
	[SYS_chown32] = "pii",
	[SYS_fchown32] = "fii",
	[SYS_utimensat] = "fpsg",
	[SYS_utimensat_time64] = "fpsg",
	[SYS_mount] = "pppga",
	[SYS_umount2] = "pg",
	[SYS_mmap2] = "algmfo",
	[SYS_munmap] = "al",
	[SYS_mprotect] = "aln",
	[SYS_madvise] = "aln",
	[SYS_msync] = "aln",
	[SYS_brk] = "a",
	[SYS_execve] = "pvv",
	[SYS_execveat] = "fpvvg",
	[SYS_clone] = "gasas",
	[SYS_wait4] = "iaga",
	[SYS_waitid] = "niaga",
	[SYS_kill] = "ik",
	[SYS_tkill] = "ik",
	[SYS_tgkill] = "iik",
	[SYS_rt_sigqueueinfo] = "iks",
	[SYS_rt_sigaction] = "kssn",
	[SYS_rt_sigprocmask] = "nssn",
	[SYS_rt_sigtimedwait] = "sasn",
	[SYS_rt_sigsuspend] = "sn",
	[SYS_sigaltstack] = "sa",
	[SYS_set_thread_area] = "s",
	[SYS_get_thread_area] = "s",
	[SYS_futex] = "annssn",
	[SYS_futex_time64] = "annssn",
	[SYS_set_robust_list] = "sl",
	[SYS_prctl] = "naann",
	[SYS_setrlimit] = "ns",
	[SYS_prlimit64] = "insa",
	[SYS_setpriority] = "nin",
	[SYS_setpgid] = "ii",
	[SYS_sched_setscheduler] = "ins",
	[SYS_sched_setaffinity] = "ils",
	[SYS_nanosleep] = "sa",
	[SYS_clock_nanosleep_time64] = "ngsa",
	[SYS_setitimer] = "nsa",
	[SYS_timer_create] = "nsa",
	[SYS_timer_settime32] = "ngsa",
	[SYS_timer_settime64] = "ngsa",
	[SYS_timer_delete] = "n",
	[SYS_poll] = "snn",
	[SYS__newselect] = "lssss",
	[SYS_pselect6] = "lsssss",
	[SYS_ppoll] = "snssn",
	[SYS_setgroups32] = "ns",
	[SYS_syslog] = "nal",
	[SYS_getrandom] = "alg",
};

/* ---- arguments ---- */

static char *addresses[16];
static char *scratch; /* Pages that structures are made up in. */
static int depth;     /* Of structures being made: they do not hold each other. */
#define SCRATCH_PAGES 4u

static const char *const paths[] = {
	"/",
	".",
	"..",
	"",
	"a",
	"b",
	"d/a",
	"d",
	"../x",
	"d/../d/./b",
	WORKPLACE "/m",
	"/tmp",
	"/dev/null",
	"/dev/zero",
	"/dev/full",
	"/dev/random",
	"/dev/tty",
	"/dev/kmsg",
	"/dev/hdc",
	"/dev/shm/s",
	"/dev/fd/3",
	"/proc",
	"/proc/self",
	"/proc/self/exe",
	"/proc/self/fd/4",
	"/proc/self/maps",
	"/proc/self/environ",
	"/proc/self/smaps",
	"/proc/self/pagemap",
	"/proc/self/cwd/a",
	"/proc/self/root/tmp/random/b",
	"/proc/self/oom_score_adj",
	"/proc/self/comm",
	"/proc/1/fd",
	"/proc/1/maps",
	"/proc/meminfo",
	"/proc/slabinfo",
	"/proc/kmsg",
	"/proc/sys/vm/overcommit_memory",
	"/proc/sys/vm/overcommit_ratio",
	"/proc/sys/vm/check",
	"/proc/sys/debug/fail",
	"/proc/sys/kernel/hostname",
	"/bin/busybox",
	"/bin/true",
	"tmpfs",
	"proc",
	"loop",
	"kmalloc:3",
	"frame_alloc:2",
};

static const uint32_t words[] = {
	0,	    1,		2,	    3,		4,	    7,		8,
	15,	    16,		31,	    32,		63,	    64,		100,
	255,	    256,	511,	    512,	1000,	    1023,	1024,
	4095,	    4096,	4097,	    8192,	65535,	    65536,	0x100000,
	0x3FFFFFFF, 0x40000000, 0x7FFFF000, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xBFFFF000,
	0xBFFFFFFF, 0xC0000000, 0xFFFFF000, 0xFFFFFFFE, 0xFFFFFFFF, -100,	-4096,
	-512,	    0x5401,	0x5413,	    0x540E,	0x541B,	    0xAAAAAAAA,
};

static inline uint32_t word_any(void)
{
	switch (chance(8)) {
	case 0:
		return chance(UINT32_MAX);
	case 1:
		return 1u << chance(32);
	case 2:
		return ONE_OF(words) + ONE_OF(words);
	default:
		return ONE_OF(words);
	}
}

static inline uint32_t address(void)
{
	uint32_t a = (uint32_t)ONE_OF(addresses);

	switch (chance(6)) {
	case 0:
		return a + chance(PAGE);
	case 1:
		return a - chance(64);
	default:
		return a;
	}
}

static inline uint32_t argument(char shape);

/* A page of words that may be pointers, descriptors or numbers, at a place of its own. */
static inline uint32_t structure(const char *kinds)
{
	uint32_t *s = (uint32_t *)(scratch + chance(SCRATCH_PAGES - 1) * PAGE + chance(64) * 4);
	uint32_t filled = chance(3) ? 16 : 200;

	for (uint32_t i = 0; i < filled; i++)
		s[i] = argument(kinds[chance(strlen(kinds))]);
	if (chance(10) == 0)
		return address();
	return (uint32_t)s;
}

/* A process that is not ours to kill is init or our parent: others are as random as we. */
static inline uint32_t process(void)
{
	switch (chance(4)) {
	case 0:
		return 0;
	case 1:
		return (uint32_t)getpid() + chance(4);
	default:
		return (uint32_t)getpid();
	}
}

static inline uint32_t argument(char shape)
{
	uint32_t word;

	if (chance(16) == 0)
		return chance(2) ? word_any() : address();
	switch (shape) {
	case 'f':
		return chance(12) ? chance(24) : ONE_OF(words);
	case 'p':
		return chance(16) ? (uint32_t)ONE_OF(paths) : address();
	case 'a':
		return address();
	case 's':
	case 'v':
		if (depth > 0)
			return address();
		depth++;
		word = structure(shape == 's' ? "nnlaofk" : "alap");
		depth--;
		return word;
	case 'l':
		return chance(3) ? chance(3 * PAGE) : word_any();
	case 'o':
		return chance(2) ? 0 : word_any();
	case 'g':
		return chance(3) ? 1u << chance(32) | 1u << chance(16) : word_any();
	case 'm':
		return chance(4) ? 0x22u : 1u + chance(64);
	case 'i':
		return process();
	case 'k':
		return chance(66);
	default:
		return chance(20);
	}
}

/* ---- where they point ---- */

/* Make the room for structures, again if a call has taken it away. */
static inline void scratch_make(void)
{
	void *at = mmap(scratch, SCRATCH_PAGES * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | (scratch ? MAP_FIXED : 0), -1, 0);

	if (at != MAP_FAILED)
		scratch = at;
	depth = 0;
}

static inline void addresses_make(void)
{
	static char data[3 * PAGE]; /* Of the program, and in nobody's way. */
	char *room = map_anon(12 * PAGE);
	size_t n = 0;

	scratch_make();
	CHECK(munmap(room + 2 * PAGE, PAGE) == 0);
	CHECK(mprotect(room + 3 * PAGE, PAGE, PROT_NONE) == 0);
	CHECK(mprotect(room + 4 * PAGE, PAGE, PROT_READ) == 0);
	addresses[n++] = NULL;
	addresses[n++] = (char *)16;
	addresses[n++] = room;
	addresses[n++] = room + 2 * PAGE - 1;
	addresses[n++] = room + 2 * PAGE;
	addresses[n++] = room + 3 * PAGE;
	addresses[n++] = room + 4 * PAGE;
	addresses[n++] = room + 6 * PAGE;
	addresses[n++] = room + 8 * PAGE - 3;
	addresses[n++] = scratch;
	addresses[n++] = (char *)map_shared(4 * PAGE);
	addresses[n++] =
		mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, temp_file(PAGE), 0);
	addresses[n++] = (char *)0xBFFFF000;
	addresses[n++] = (char *)0xC0100000;
	addresses[n++] = (char *)0xFFFFFFFC;
	addresses[n++] = data + PAGE;
}
