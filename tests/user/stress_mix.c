/*
 * A random mixture of everything: processes that map, protect, touch, fork, vfork, exec, signal,
 * pipe and write files for as long as asked, each knowing what every one of its pages and files
 * must hold.
 *
 * The arguments are a seed and the seconds. The seed alone decides what each process does, but not
 * how the kernel interleaves them. On Quire all references are recounted every second.
 *
 * rows: A6 A17 A29 A31 A36 A47 B27 C20 C26 D36
 * args: 1 20
 * timeout: 120
 * label: stress
 */
#include "stress.h"

#include <sched.h>
#include <signal.h>
#include <sys/stat.h>

#define WORKERS 4
#define CHILDREN 4 /* At once, of one process. */
#define GENERATIONS 3
#define FILE_BYTES (24 * PAGE)

/* ---- processes ---- */

static pid_t children[CHILDREN];
static const char *program;

static void run(unsigned steps);

static void child_wait(unsigned which)
{
	int status;

	VERIFY(waitpid(children[which], &status, 0) == children[which]);
	VERIFY(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	children[which] = 0;
}

/* A child that finds all that we have, makes it its own, and does a little of everything. */
static void process_fork(void)
{
	unsigned which = chance(CHILDREN);
	uint32_t child_state = chance(UINT32_MAX - 1) + 1;

	if (children[which])
		child_wait(which);
	if (generation == GENERATIONS)
		return;
	children[which] = fork();
	VERIFY(children[which] >= 0);
	if (children[which] > 0) {
		if (chance(2))
			child_wait(which);
		return;
	}
	memset(children, 0, sizeof(children));
	generation++;
	state = child_state;
	memory_verify(false);
	run(chance(30));
	memory_verify(false);
	_exit(0);
}

static void process_exec(void)
{
	char number[16];
	int status;
	pid_t pid;

	snprintf(number, sizeof(number), "%u", chance(100));
	pid = chance(2) ? vfork() : fork();
	if (pid == 0) {
		execl(program, program, "exec", number, NULL);
		_exit(127);
	}
	VERIFY(pid > 0 && waitpid(pid, &status, 0) == pid);
	VERIFY(WIFEXITED(status) && WEXITSTATUS(status) == atoi(number));
}

/* What exec starts: fresh memory, and the argument as the status. */
static int exec_main(const char *number)
{
	for (unsigned i = 0; i < AREAS; i++)
		VERIFY(areas[i].pages == 0);
	heap = brk_set(NULL);
	VERIFY(brk_set(heap + 8 * PAGE) == heap + 8 * PAGE && pages_hold(heap, 8 * PAGE, 0));
	return atoi(number);
}

/* A child that faults, or is killed while it writes our pages. */
static void process_kill(void)
{
	struct area *a = area_random(true);
	bool fault = chance(2);
	int status;
	pid_t pid = fork();

	VERIFY(pid >= 0);
	if (pid == 0) {
		if (fault)
			*(volatile int *)0xC0000000 = 1;
		while (true)
			if (a && a->prot & PROT_WRITE && a->kind != SHARED)
				touch_write(a->start, a->pages * PAGE, 0x55);
	}
	if (!fault) {
		sched_yield();
		VERIFY(kill(pid, SIGKILL) == 0);
	}
	VERIFY(waitpid(pid, &status, 0) == pid);
	VERIFY(WIFSIGNALED(status) && WTERMSIG(status) == (fault ? SIGSEGV : SIGKILL));
	if (a && a->kind != SHARED)
		area_verify(a);
}

static volatile sig_atomic_t signals;

static void signal_count(int number)
{
	(void)number;
	signals++;
}

/* A child answers each of our signals by one of its own. */
static void signal_exchange(void)
{
	sigset_t usr1, before, none;
	int status, rounds = 1 + chance(5);
	pid_t pid;

	sigemptyset(&none);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	VERIFY(sigprocmask(SIG_BLOCK, &usr1, &before) == 0);
	pid = fork();
	VERIFY(pid >= 0);
	signals = 0;
	for (int i = 0; i < rounds; i++) {
		if (pid)
			VERIFY(kill(pid, SIGUSR1) == 0);
		while (signals == i)
			sigsuspend(&none);
		if (!pid)
			VERIFY(kill(getppid(), SIGUSR1) == 0);
	}
	if (!pid)
		_exit(0);
	VERIFY(waitpid(pid, &status, 0) == pid && status == 0 && signals == rounds);
	VERIFY(sigprocmask(SIG_SETMASK, &before, NULL) == 0);
}

/* A child sends an area's bytes through a pipe; we read them into fresh memory. */
static void pipe_area(void)
{
	struct area *a = area_random(true);
	int pipes[2], status;
	char *copy;
	pid_t pid;

	if (!a || !(a->prot & PROT_READ) || (a->kind == SHARED && generation > 0))
		return;
	VERIFY(pipe(pipes) == 0);
	pid = fork();
	VERIFY(pid >= 0);
	if (pid == 0) {
		VERIFY(write(pipes[1], a->start, a->pages * PAGE) == (ssize_t)(a->pages * PAGE));
		_exit(0);
	}
	close(pipes[1]);
	copy = map_anon(a->pages * PAGE);
	for (size_t got = 0, n; got < a->pages * PAGE; got += n) {
		n = read(pipes[0], copy + got, a->pages * PAGE - got);
		VERIFY((ssize_t)n > 0);
	}
	VERIFY(memcmp(copy, a->start, a->pages * PAGE) == 0);
	VERIFY(close(pipes[0]) == 0 && munmap(copy, a->pages * PAGE) == 0);
	VERIFY(waitpid(pid, &status, 0) == pid && status == 0);
}

/* ---- files ---- */

static char file_model[FILE_BYTES];

/* Write, truncate, rename and read back a file of our own, against its model. */
static void file_work(void)
{
	static char text[FILE_BYTES];
	char path[] = "/tmp/test-XXXXXX", other[sizeof(path) + 2];
	int fd = mkstemp(path);
	off_t size = 0;

	VERIFY(fd >= 0);
	for (int n = 1 + chance(8); n > 0; n--) {
		off_t at = chance(FILE_BYTES / 2), len = chance(FILE_BYTES / 2);

		memset(file_model + size, 0, at > size ? at - size : 0);
		memset(file_model + at, (int)chance(256), len);
		VERIFY(pwrite(fd, file_model + at, len, at) == len);
		size = len && at + len > size ? at + len : size;
		if (chance(3) == 0 && size > 0) {
			size = chance(size);
			VERIFY(ftruncate(fd, size) == 0);
		}
	}
	snprintf(other, sizeof(other), "%s-b", path);
	VERIFY(rename(path, other) == 0 && access(path, F_OK) == -1 && errno == ENOENT);
	VERIFY(pread(fd, text, FILE_BYTES, 0) == size && memcmp(text, file_model, size) == 0);
	VERIFY(unlink(other) == 0 && close(fd) == 0);
}

static void pattern_make(void)
{
	pattern_fd = temp_file(0);
	for (uint32_t i = 0; i < AREA_PAGES; i++) {
		uint32_t page[PAGE / 4] = {i + 1};

		page[PAGE / 4 - 1] = ~(i + 1);
		VERIFY(write(pattern_fd, page, PAGE) == (ssize_t)PAGE);
	}
}

/* ---- the mixture ---- */

static const struct operation {
	void (*run)(void);
	uint32_t weight;
} operations[] = {
	{area_map, 3},	   {area_unmap, 2},	 {area_protect, 2}, {area_write, 4},
	{area_check, 2},   {heap_move, 1},	 {process_fork, 3}, {process_exec, 1},
	{process_kill, 1}, {signal_exchange, 1}, {pipe_area, 1},    {file_work, 1},
};

#define WEIGHTS 22 /* Their sum. */

static void operate(void)
{
	const struct operation *op = operations;

	step++;
	for (uint32_t left = chance(WEIGHTS); left >= op->weight; op++)
		left -= op->weight;
	op->run();
}

static void run(unsigned steps)
{
	for (; steps > 0; steps--)
		operate();
	for (unsigned i = 0; i < CHILDREN; i++)
		if (children[i])
			child_wait(i);
}

static void work(time_t end)
{
	state = seed * 2654435761u + worker * 40503u + 1;
	heap = (char *)(((uintptr_t)brk_set(NULL) + PAGE - 1) & ~(PAGE - 1));
	VERIFY(brk_set(heap) == heap);
	signal(SIGUSR1, signal_count);
	pattern_make();
	while (seconds() < end) {
		run(50);
		memory_verify(true);
	}
}

/* Every second let the kernel recount everything, where it can. */
static void watch(time_t end)
{
	int fd = open("/proc/sys/vm/check", O_WRONLY);

	while (seconds() < end) {
		sleep_ms(1000);
		if (fd >= 0)
			VERIFY(pwrite(fd, "1", 1, 0) == 1);
	}
}

int main(int argc, char **argv)
{
	time_t end;
	int status;

	if (argc == 3 && strcmp(argv[1], "exec") == 0)
		return exec_main(argv[2]);
	seed = argc > 1 ? strtoul(argv[1], NULL, 0) : (unsigned)time(NULL);
	end = seconds() + (argc > 2 ? atoi(argv[2]) : 20);
	program = argv[0];
	dprintf(1, "seed %u\n", seed);
	for (worker = 0; worker < WORKERS; worker++) {
		pid_t pid = fork();

		VERIFY(pid >= 0);
		if (pid == 0) {
			work(end);
			_exit(0);
		}
	}
	watch(end);
	for (worker = 0; worker < WORKERS; worker++)
		VERIFY(wait(&status) > 0 && status == 0);
	return 0;
}
