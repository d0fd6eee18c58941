/*
 * What a system call writes into memory shared by copy-on-write is private as well: the other
 * process keeps its contents.
 *
 * rows: A32 E33 E6
 */
#include "check.h"

#define BYTES (4 * PAGE)

static char *p;

static void receive(void *fd)
{
	CHECK(read(*(int *)fd, p, BYTES) == BYTES);
	CHECK(pages_hold(p, BYTES, 'n'));
}

int main(void)
{
	int pipes[2], zero = open("/dev/zero", O_RDONLY);
	char news[BYTES];

	p = map_anon(BYTES);
	touch_write(p, BYTES, 'o');
	memset(news, 'n', BYTES);
	CHECK(pipe(pipes) == 0 && write(pipes[1], news, BYTES) == BYTES);
	CHECK(child_run(receive, &pipes[0]) == 0);
	CHECK(pages_hold(p, BYTES, 'o'));
	CHECK(zero >= 0 && read(zero, p + PAGE, PAGE) == PAGE);
	CHECK(p[0] == 'o' && p[PAGE] == 0 && p[2 * PAGE] == 'o');
	CHECK_ERRNO(read(zero, (char *)main, 4), EFAULT); /* Read-only is no copy-on-write. */
	return 0;
}
