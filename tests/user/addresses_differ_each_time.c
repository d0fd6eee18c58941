/*
 * Stack, heap, mappings and vDSO stand elsewhere in each run of a program; with ADDR_NO_RANDOMIZE, which
 * fork and exec pass on, always at the same place.
 */
#include "check.h"

#include <sys/auxv.h>
#include <sys/personality.h>

#define RUNS 12
#define PLACES 4

static char *const args[] = {"self", "show", NULL};

/* The places of one run of this program. */
static void run(uintptr_t *places)
{
	int fds[2];
	pid_t pid;

	CHECK(pipe(fds) == 0);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		dup2(fds[1], 1);
		execv("/proc/self/exe", args);
		_exit(1);
	}
	CHECK(read(fds[0], places, PLACES * sizeof(*places)) == PLACES * sizeof(*places));
	CHECK(close(fds[0]) == 0 && close(fds[1]) == 0 && waitpid(pid, NULL, 0) == pid);
}

static int show(void)
{
	uintptr_t places[PLACES] = {getauxval(AT_RANDOM), (uintptr_t)sbrk(0), 0,
				    getauxval(AT_SYSINFO_EHDR)};

	places[2] = (uintptr_t)mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(write(1, places, sizeof(places)) == sizeof(places));
	return 0;
}

int main(int argc, char **argv)
{
	uintptr_t places[RUNS][PLACES];

	(void)argv;
	if (argc > 1)
		return show();
	for (int fixed = 0; fixed < 2; fixed++) {
		for (int i = 0; i < RUNS; i++)
			run(places[i]);
		for (int place = 0; place < PLACES; place++) {
			int same = 0;

			for (int i = 1; i < RUNS; i++)
				same += places[i][place] == places[0][place];
			CHECK(fixed ? same == RUNS - 1 : same < RUNS / 2);
		}
		CHECK(fixed || personality(ADDR_NO_RANDOMIZE) == 0);
	}
	CHECK(personality(0xffffffff) == ADDR_NO_RANDOMIZE);
	return 0;
}
