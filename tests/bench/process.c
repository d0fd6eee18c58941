/* process.c: what processes cost from their beginning to their end. */
#include "tests/bench/bench.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define FORKS 15
#define PROGRAM "/tmp/bench.program"

static void measure_fork(struct meter *meter, size_t resident)
{
	if (resident > 0)
		pages_write(memory_map(resident), resident);
	for (int round = 0; round < FORKS; round++) {
		pid_t pid;

		meter_start(meter);
		pid = fork();
		if (pid == 0)
			_exit(0);
		child_wait(pid);
		meter_stop(meter, 1);
	}
}

static void measure_fork_0(struct meter *meter)
{
	measure_fork(meter, 0);
}

static void measure_fork_4(struct meter *meter)
{
	measure_fork(meter, 4 * MIB);
}

static void measure_fork_32(struct meter *meter)
{
	measure_fork(meter, 32 * MIB);
}

static void measure_fork_128(struct meter *meter)
{
	measure_fork(meter, 128 * MIB);
}

/* A copy of this program in /tmp: the same kind of file system everywhere. */
static void program_copy(void)
{
	static char buffer[64 << 10];
	int from = open("/proc/self/exe", O_RDONLY);
	int to = open(PROGRAM, O_WRONLY | O_CREAT | O_TRUNC, 0755);
	ssize_t got;

	check(from >= 0 && to >= 0, "open");
	while ((got = read(from, buffer, sizeof(buffer))) > 0)
		check(write(to, buffer, (size_t)got) == got, "write");
	close(from);
	close(to);
}

static void measure_exec(struct meter *meter, int by_vfork)
{
	program_copy();
	for (int round = 0; round < FORKS; round++) {
		pid_t pid;

		meter_start(meter);
		pid = by_vfork ? vfork() : fork();
		if (pid == 0) {
			execl(PROGRAM, PROGRAM, "--exit", (char *)NULL);
			_exit(1);
		}
		child_wait(pid);
		meter_stop(meter, 1);
	}
	unlink(PROGRAM);
}

static void measure_vfork_exec(struct meter *meter)
{
	measure_exec(meter, 1);
}

static void measure_fork_exec(struct meter *meter)
{
	measure_exec(meter, 0);
}

const struct row process_rows[] = {
	{"fork-0", measure_fork_0},
	{"fork-4", measure_fork_4},
	{"fork-32", measure_fork_32},
	{"fork-128", measure_fork_128},
	{"vfork-exec", measure_vfork_exec},
	{"fork-exec", measure_fork_exec},
	{NULL, NULL},
};
