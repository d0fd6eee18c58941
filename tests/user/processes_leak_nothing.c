/*
 * Two hundred times fork, exec, exit leave as many free frames as before, however the process
 * ended.
 *
 * rows: A6 A24 E7
 * quire-only
 * timeout: 120
 */
#include "counters.h"

#include <signal.h>

static void use_memory(void)
{
	int fd = temp_file(10 * PAGE);
	char *file = mmap(NULL, 10 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);

	touch_write(map_anon(100 * PAGE), 100 * PAGE, 1);
	touch_write(map_shared(10 * PAGE), 10 * PAGE, 1);
	touch_write(file, 5 * PAGE, 1);
	touch_read(file, 10 * PAGE);
}

static char *program;

static void run_and_die(void *arg)
{
	int how = *(int *)arg;

	use_memory();
	if (how % 4 == 0)
		execl(program, program, "child", NULL);
	if (how % 4 == 1)
		*(volatile int *)4 = 1;
	if (how % 4 == 2)
		raise(SIGKILL);
}

int main(int argc, char **argv)
{
	long before = 0;

	program = argv[0];
	if (argc > 1) {
		use_memory();
		return 0;
	}
	for (int i = 0; i < 220; i++) {
		if (i == 20)
			before = frames_free();
		child_run(run_and_die, &i);
	}
	CHECK(before - frames_free() <= 2);
	vm_check();
	return 0;
}
