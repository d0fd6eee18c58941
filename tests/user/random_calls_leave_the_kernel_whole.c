/*
 * Whatever system calls programs make, with whatever arguments, the kernel stays whole: children
 * call all numbers with random, hostile and half-valid words until they die of it or are killed, and
 * afterwards all references add up and somebody else's memory is as it was.
 *
 * The arguments are a seed and the number of rounds. The seed decides what each child calls, but not
 * how the kernel interleaves the children. As every second child is root, and as a round ends with a
 * kill of all processes, this is for a machine of its own.
 *
 * rows: A5 A7 E6 E32 E33
 * quire-only
 * args: 1 250
 * mem: 64M
 * timeout: 120
 */
#include "random_calls.h"

#include <grp.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>

#define CHILDREN 3 /* At once. */
#define CALLS 1000 /* Of one child, which its children make too. */
#define ROUND_MS 400
#define END_MS 20000 /* A killed process must be gone by then. */
/* ---- calls ---- */

static bool is_root;
static uint32_t overseer; /* The process that made all the others. */

/* Init, our parent, or many at once. */
static bool is_elder(uint32_t pid)
{
	return (int32_t)pid < 0 || (pid > 0 && pid <= overseer);
}

/* Root could take away or change what others need. */
static bool is_outside(uint32_t word)
{
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		if (word == (uint32_t)paths[i])
			return paths[i][0] == '/' &&
			       strncmp(paths[i], WORKPLACE, sizeof(WORKPLACE) - 1) != 0;
	return false;
}

/* Calls that would end the test and not harm the kernel. */
static bool is_forbidden(uint32_t number, const uint32_t *args)
{
	switch (number) {
	case SYS_reboot:
		return true;
	case SYS_exit:
	case SYS_exit_group:
	case SYS_pause:
	case SYS_vfork:
	case SYS_sigreturn:
	case SYS_rt_sigreturn:
		return chance(20) != 0; /* Mostly the last that is heard of the child. */
	case SYS_kill:
	case SYS_tkill:
	case SYS_tgkill:
	case SYS_rt_sigqueueinfo:
	case SYS_rt_tgsigqueueinfo:
	case SYS_prlimit64:
	case SYS_setpriority:
	case SYS_sched_setscheduler:
	case SYS_sched_setparam:
	case SYS_setpgid:
		return is_root && (is_elder(args[0]) || is_elder(args[1]));
	case SYS_open:
	case SYS_openat:
	case SYS_access:
	case SYS_chdir:
	case SYS_chroot:
	case SYS_execve:
	case SYS_execveat:
	case SYS_readlink:
	case SYS_readlinkat:
	case SYS_stat64:
	case SYS_lstat64:
	case SYS_fstatat64:
	case SYS_statx:
		return false;
	default:
		for (int i = 0; i < 4; i++)
			if (is_root && is_outside(args[i]))
				return true;
		return false;
	}
}

/* All six argument registers loaded, whatever the C library thinks of the call. */
static int32_t call(uint32_t number, const uint32_t *args)
{
	const uint32_t regs[] = {number, args[0], args[1], args[2], args[3], args[4], args[5]};
	int32_t result;

	__asm__ volatile("pushl %%ebp\n\t"
			 "pushl %%ebx\n\t"
			 "movl 4(%%eax), %%ebx\n\t"
			 "movl 8(%%eax), %%ecx\n\t"
			 "movl 12(%%eax), %%edx\n\t"
			 "movl 16(%%eax), %%esi\n\t"
			 "movl 20(%%eax), %%edi\n\t"
			 "movl 24(%%eax), %%ebp\n\t"
			 "movl (%%eax), %%eax\n\t"
			 "int $0x80\n\t"
			 "popl %%ebx\n\t"
			 "popl %%ebp"
			 : "=a"(result)
			 : "a"(regs)
			 : "ecx", "edx", "esi", "edi", "memory", "cc");
	return result;
}

static bool verbose;

static void call_random(void)
{
	uint32_t number = chance(NUMBERS), args[6];
	const char *shape;
	int32_t result;

	/* Half of all numbers mean nothing, and say so: try those less. */
	while (!shapes[number] && chance(3) != 0)
		number = chance(NUMBERS);
	shape = shapes[number];
	for (size_t i = 0; i < ARRAY_SIZE(args); i++) {
		args[i] = argument(shape && *shape ? *shape : "aalofgnpsi"[chance(10)]);
		shape += shape && *shape;
	}
	if (is_forbidden(number, args))
		return;
	if (verbose)
		dprintf(2, "%d: %u(%x %x %x %x %x %x)\n", getpid(), number, args[0], args[1],
			args[2], args[3], args[4], args[5]);
	result = call(number, args);
	if (verbose)
		dprintf(2, "%d: %u = %d\n", getpid(), number, result);
	/* Who has become another's parent or child goes on as somebody else. */
	if (number == SYS_fork || number == SYS_clone || number == SYS_vfork)
		state = state * 2654435761u + (uint32_t)result + 1;
}

/* ---- a child ---- */

static void limit(int which, rlim_t value)
{
	const struct rlimit l = {value, value};

	CHECK(setrlimit(which, &l) == 0);
}

static void files_open(void)
{
	static const char *const opened[] = {"/dev/zero", "/dev/null",	     "/dev/full",
					     "/proc",	  "/proc/self/maps", "/bin/busybox",
					     ".",	  "/dev/shm"};
	int ends[2];

	for (size_t i = 0; i < ARRAY_SIZE(opened); i++)
		open(opened[i], O_RDONLY);
	open("/dev/null", O_RDWR);
	for (int i = 0; i < 4; i++)
		pipe2(ends, i & 1 ? O_NONBLOCK : 0);
	for (int i = 0; i < 3; i++)
		temp_file(2 * PAGE);
}

static sigjmp_buf next_call;
static char handler_stack[4 * PAGE];

/* A call that hurt only us is no reason to stop. */
static void go_on(int signal)
{
	if (signal != SIGALRM)
		siglongjmp(next_call, 1);
}

/* Take what can be taken again: the last calls may have changed it. */
static void signals_take(void)
{
	static const int taken[] = {SIGSEGV, SIGBUS, SIGILL,  SIGFPE,
				    SIGTRAP, SIGSYS, SIGPIPE, SIGALRM};
	static const struct itimerval tick = {{0, 10000}, {0, 10000}};
	const struct sigaction action = {.sa_handler = go_on, .sa_flags = SA_NODEFER | SA_ONSTACK};
	const stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof(handler_stack)};

	scratch_make();
	sigaltstack(&stack, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++)
		sigaction(taken[i], &action, NULL);
	setitimer(ITIMER_REAL, &tick, NULL);
}

static void child(uint32_t seed)
{
	int null = open("/dev/null", O_RDWR);
	gid_t none;

	state = seed * 2654435761u | 1;
	is_root = chance(2);
	setsid();
	if (chance(4) == 0)
		chdir("/proc");
	files_open();
	addresses_make();
	limit(RLIMIT_AS, 24 << 20);
	limit(RLIMIT_FSIZE, 1 << 20);
	limit(RLIMIT_NOFILE, 64);
	limit(RLIMIT_CPU, 2);
	limit(RLIMIT_NPROC, 40);
	if (!is_root)
		CHECK(setgroups(0, &none) == 0 && setresgid(99, 99, 99) == 0 &&
		      setresuid(99, 99, 99) == 0);
	if (!verbose)
		for (int fd = 0; fd < 3; fd++)
			dup2(null, fd);
	for (volatile int i = 0; i < CALLS; i++) {
		if (i % 16 == 0)
			signals_take();
		if (sigsetjmp(next_call, 0) == 0)
			call_random();
	}
	_exit(0);
}

/* ---- the one who sees to it ---- */

static int check_fd, fail_fd;

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Wait for count children until the time has come. How many are left. */
static int children_wait(int count, long until)
{
	while (count > 0 && now_ms() < until) {
		pid_t pid = waitpid(-1, NULL, WNOHANG | __WALL);

		CHECK(pid >= 0 || errno == ECHILD || errno == EINTR);
		if (pid > 0)
			count--;
		else
			sleep_ms(5);
	}
	return count;
}

static void one_round(uint32_t seed)
{
	int left = 0;

	for (int i = 0; i < CHILDREN; i++) {
		pid_t pid = fork();

		if (pid == 0)
			child(seed * CHILDREN + (uint32_t)i);
		left += pid > 0;
		pwrite(fail_fd, "off", 3, 0);
	}
	left = children_wait(left, now_ms() + ROUND_MS);
	kill(-1, SIGKILL);
	CHECK(children_wait(left, now_ms() + END_MS) == 0);
	pwrite(fail_fd, "off", 3, 0);
	CHECK(pwrite(check_fd, "1", 1, 0) == 1);
}

int main(int argc, char **argv)
{
	uint32_t seed = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : 1;
	int rounds = argc > 2 ? atoi(argv[2]) : 10;
	char *ours = map_anon(16 * PAGE);

	verbose = argc > 3;
	overseer = (uint32_t)getpid();
	check_fd = open("/proc/sys/vm/check", O_WRONLY);
	fail_fd = open("/proc/sys/debug/fail", O_WRONLY);
	CHECK(check_fd >= 0 && fail_fd >= 0); /* It is not for other kernels. */
	for (int s = 1; s < NSIG; s++)
		signal(s, s == SIGCHLD ? SIG_DFL : SIG_IGN);
	CHECK(mkdir(WORKPLACE, 0777) == 0 && chmod(WORKPLACE, 0777) == 0 && chdir(WORKPLACE) == 0);
	memset(ours, 0x5A, 16 * PAGE);
	for (int i = 0; i < rounds; i++) {
		one_round(seed * 100000 + (uint32_t)i);
		CHECK(pages_hold(ours, 16 * PAGE, 0x5A));
	}
	return 0;
}
