/* Two maps that fit memory each but not together do not keep a process from forking. */
#include "fork.h"

int main(void)
{
	size_t size = (size_t)150 << 20; /* The test machine has 256 MiB. */
	char *a = map_anon(size),
	     *apart = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);
	char *b = map_anon(size);
	pid_t pid;
	int status;

	CHECK(apart != MAP_FAILED);
	a[0] = b[0] = 1;
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0)
		_exit(a[0] + b[0]);
	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 2);
	return 0;
}
