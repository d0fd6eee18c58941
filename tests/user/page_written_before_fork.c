/*
 * A page of a private file mapping that was written before fork: the child sees that value, and
 * never what the parent writes later.
 *
 * rows: D33 D35 A25
 */
#include "check.h"

int main(void)
{
	int fd = temp_file(4 * PAGE), status;
	char *p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	volatile char *turn = map_shared(PAGE);
	pid_t pid;

	CHECK(p != MAP_FAILED && p[2 * PAGE] == 3);
	p[0] = 17; /* Written, seen, and neither. */
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		CHECK(p[0] == 17);
		*turn = 1;
		while (*turn != 2)
			sleep_ms(1);
		CHECK(p[0] == 17 && p[PAGE] == 2 && p[2 * PAGE] == 3);
		p[0] = p[2 * PAGE] = 19;
		_exit(0);
	}
	while (*turn != 1)
		sleep_ms(1);
	p[0] = p[PAGE] = p[2 * PAGE] = 18;
	*turn = 2;
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	CHECK(p[0] == 18 && p[PAGE] == 18 && p[2 * PAGE] == 18 && p[3 * PAGE] == 4);
	return 0;
}
