/* calls.c: what entering the kernel costs, and moving bytes and signals through it. */
#include "tests/bench/bench.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CALLS 1000
#define READS 100
#define READ_BYTES (64 << 10)
#define ROUND_TRIPS 200
#define SLEEPERS 1000

static void measure_getppid(struct meter *meter)
{
	for (int round = 0; round < ROUNDS; round++) {
		meter_start(meter);
		for (int i = 0; i < CALLS; i++)
			syscall(SYS_getppid);
		meter_stop(meter, CALLS);
	}
}

static void measure_read(struct meter *meter)
{
	static char buffer[READ_BYTES];
	int fd = file_make(READ_BYTES);

	for (int round = 0; round < ROUNDS; round++) {
		meter_start(meter);
		for (int i = 0; i < READS; i++)
			check(pread(fd, buffer, READ_BYTES, 0) == READ_BYTES, "pread");
		meter_stop(meter, READS);
	}
}

static volatile sig_atomic_t signals;

static void count_signal(int number)
{
	(void)number;
	signals++;
}

static void measure_signal(struct meter *meter)
{
	int pid = getpid();

	signal(SIGUSR1, count_signal);
	for (int round = 0; round < ROUNDS; round++) {
		signals = 0;
		meter_start(meter);
		for (int i = 0; i < CALLS; i++)
			syscall(SYS_kill, pid, SIGUSR1);
		meter_stop(meter, CALLS);
		check(signals == CALLS, "signals");
	}
}

/* Send each byte back, until there are no more. */
static void echo(int from, int to)
{
	char byte;

	while (read(from, &byte, 1) == 1)
		check(write(to, &byte, 1) == 1, "write");
}

static void measure_pipe(struct meter *meter)
{
	int there[2], back[2];
	char byte = 0;
	pid_t pid;

	check(pipe(there) == 0 && pipe(back) == 0, "pipe");
	pid = fork();
	if (pid == 0) {
		close(there[1]);
		echo(there[0], back[1]);
		_exit(0);
	}
	for (int round = 0; round < ROUNDS; round++) {
		meter_start(meter);
		for (int i = 0; i < ROUND_TRIPS; i++)
			check(write(there[1], &byte, 1) == 1 && read(back[0], &byte, 1) == 1,
			      "round trip");
		meter_stop(meter, ROUND_TRIPS);
	}
	close(there[1]);
	child_wait(pid);
}

/* The same among many processes that sleep. */
static void measure_pipe_sleepers(struct meter *meter)
{
	pid_t sleepers[SLEEPERS];

	for (int i = 0; i < SLEEPERS; i++) {
		sleepers[i] = fork();
		check(sleepers[i] >= 0, "fork");
		if (sleepers[i] == 0)
			for (;;)
				pause();
	}
	measure_pipe(meter);
	for (int i = 0; i < SLEEPERS; i++)
		kill(sleepers[i], SIGKILL);
	for (int i = 0; i < SLEEPERS; i++)
		waitpid(sleepers[i], NULL, 0);
}

const struct row call_rows[] = {
	{"getppid", measure_getppid},	      {"read-64k", measure_read}, {"pipe", measure_pipe},
	{"pipe-1000", measure_pipe_sleepers}, {"signal", measure_signal}, {NULL, NULL},
};
