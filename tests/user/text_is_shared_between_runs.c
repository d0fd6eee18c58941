/*
 * Processes of one program share its text and read-only data: each further one takes few frames,
 * and none of it is read from the disk again.
 *
 * rows: A26 C27 E1
 * quire-only
 */
#include "counters.h"

#include <signal.h>

#define RUNS 8
#define BYTES (128 * PAGE)

static const char constant[BYTES] = {1};

static void run_child(int pipe_out)
{
	dup2(pipe_out, 1);
	execl("/proc/self/exe", "text_is_shared", "child", NULL);
	_exit(1);
}

int main(int argc, char **argv)
{
	int pipes[2];
	pid_t pids[RUNS];
	long free, reads;
	char byte;

	(void)argv;
	touch_read(constant, BYTES);
	if (argc > 1) {
		CHECK(write(1, "r", 1) == 1);
		pause();
	}
	CHECK(pipe(pipes) == 0);
	free = frames_free();
	reads = VMSTAT(page_read);
	for (int i = 0; i < RUNS; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			run_child(pipes[1]);
		CHECK(read(pipes[0], &byte, 1) == 1);
	}
	free -= frames_free();
	dprintf(1, "%ld frames for %d processes of %u pages\n", free, RUNS, BYTES / PAGE);
	CHECK(free < 32 * RUNS);
	CHECK(VMSTAT(page_read) - reads <=
	      16); /* Startup code that we had not run ourselves yet. */
	for (int i = 0; i < RUNS; i++)
		CHECK(kill(pids[i], SIGKILL) == 0 && waitpid(pids[i], NULL, 0) == pids[i]);
	return 0;
}
