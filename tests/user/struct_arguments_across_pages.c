/*
 * A structure given to a system call may lie across a page line, in memory not touched yet; if its
 * second page is missing, the call fails with EFAULT.
 *
 * rows: A36 E32 E33 E36
 */
#include "check.h"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

int main(void)
{
	int first = open("/dev/null", O_RDONLY);

	for (unsigned before = 1; before < 8; before++) {
		char *p = map_anon(4 * PAGE), *line = p + PAGE, *edge = p + 4 * PAGE;
		struct stat *st = (struct stat *)(line + PAGE - before);
		int *pipes = (int *)(line - before);
		char *path = line + PAGE + 100 - before;

		CHECK(pipe(pipes) == 0 && pipes[0] >= 0 && pipes[1] > pipes[0]);
		CHECK(close(pipes[0]) == 0 && close(pipes[1]) == 0);
		CHECK(stat("/", st) == 0 && S_ISDIR(st->st_mode));
		CHECK(syscall(SYS_nanosleep, line + 2 * PAGE - before, NULL) == 0);
		path = strcpy(line - before, "/dev/null");
		CHECK(access(path, F_OK) == 0);
		CHECK(munmap(p + 3 * PAGE, PAGE) == 0);
		edge = p + 3 * PAGE;
		CHECK_ERRNO(syscall(SYS_pipe, edge - before), EFAULT);
		CHECK_ERRNO(syscall(SYS_nanosleep, edge - before, NULL), EFAULT);
		CHECK_ERRNO(uname((struct utsname *)(edge - before)), EFAULT);
		memset(edge - before, 'p', before);
		CHECK_ERRNO(access(edge - before, F_OK), EFAULT);
		edge[-1] = '\0';
		CHECK_ERRNO(access(edge - before, F_OK), ENOENT);
		CHECK(munmap(p, 3 * PAGE) == 0);
	}
	CHECK(open("/dev/null", O_RDONLY) == first + 1); /* A failed pipe left nothing open. */
	return 0;
}
