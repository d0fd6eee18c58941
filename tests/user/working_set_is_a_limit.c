/*
 * A working set bounds the frames of a process and its children: pages go, right at the fault that needs room, and
 * come back as they were; without it the limit is gone.
 *
 * rows: A50
 * quire-only
 * mem: 64M
 * swap: 64M
 */
#include "pageout.h"

#define PAGES 400u

static void set(const char *text)
{
	int fd = open("/proc/self/working_set", O_WRONLY);

	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static void child(void *p)
{
	CHECK(pages_hold(p, PAGES * PAGE, 5));
	CHECK(resident(p, PAGES) <= 100);
}

int main(void)
{
	char *p = map_anon(PAGES * PAGE);

	set("100 clock");
	touch_write(p, PAGES * PAGE, 5);
	CHECK(resident(p, PAGES) <= 100 && vmstat("pgsteal_direct") >= PAGES - 100);
	CHECK(pages_hold(p, PAGES * PAGE, 5));
	CHECK(child_run(child, p) == 0);
	CHECK_ERRNO(write(open("/proc/self/working_set", O_WRONLY), "100 lru", 7), EINVAL);
	CHECK_ERRNO(write(open("/proc/self/working_set", O_WRONLY), "2", 1), EINVAL);
	return 0;
}
