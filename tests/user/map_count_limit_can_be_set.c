/*
 * vm.max_map_count is how many areas a process may have; making one more, or cutting one in two, is ENOMEM.
 *
 * rows: A14
 * quire-only
 */
#include "maps.h"

static void set(const char *value)
{
	int fd = open("/proc/sys/vm/max_map_count", O_WRONLY);

	CHECK(fd >= 0 && write(fd, value, strlen(value)) == (ssize_t)strlen(value));
	close(fd);
}

int main(void)
{
	char *p = map_anon(100 * PAGE);
	int made = 0;

	set("50");
	while (made < 100 && mprotect(p + 2 * made * PAGE, PAGE, PROT_READ) == 0)
		made++;
	CHECK(errno == ENOMEM && made > 10 && maps_count(NULL, -1) >= 49);
	CHECK(maps_count(NULL, -1) <= 50);
	CHECK_ERRNO(mmap(NULL, PAGE, PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), ENOMEM);
	CHECK_ERRNO(munmap(p + 98 * PAGE, PAGE), ENOMEM); /* It would leave two. */
	CHECK(munmap(p, PAGE) == 0);
	set("65530");
	CHECK(munmap(p, 100 * PAGE) == 0);
	return 0;
}
