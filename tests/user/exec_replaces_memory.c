/*
 * exec gives a new memory: nothing of the old one is mapped, arguments and environment arrive
 * whole.
 *
 * rows: A24 C25
 */
#include "probe.h"

#define OLD ((char *)0x30000000)

int main(int argc, char **argv, char **envp)
{
	char *args[] = {argv[0], "again", "two words", "", NULL}, *env[] = {"A=1", "B=", NULL};

	if (argc == 1) {
		CHECK(mmap(OLD, 64 * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == OLD);
		touch_write(OLD, 64 * PAGE, 'o');
		execve("/proc/self/exe", args, env);
		CHECK(!"exec returned");
	}
	CHECK(argc == 4 && !strcmp(argv[1], "again") && !strcmp(argv[2], "two words"));
	CHECK(argv[3][0] == '\0' && !argv[4]);
	CHECK(!strcmp(envp[0], "A=1") && !strcmp(envp[1], "B=") && !envp[2]);
	CHECK(probe_is_segv(probe_read(OLD), SEGV_MAPERR, OLD));
	return 0;
}
