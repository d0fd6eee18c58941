/*
 * exec loads nothing of a program before it is touched: a large image starts with few pages
 * resident.
 *
 * rows: A18 E1
 */
#include "check.h"

#define PAGES 256

static const char constant[PAGES * PAGE] = {1};
static char data[PAGES * PAGE] = {2};

static long resident(void)
{
	char text[128] = "";
	int fd = open("/proc/self/statm", O_RDONLY);
	long pages, found;

	CHECK(fd >= 0 && read(fd, text, sizeof(text) - 1) > 0);
	CHECK(sscanf(text, "%ld %ld", &pages, &found) == 2 && pages > 2 * PAGES);
	close(fd);
	return found;
}

int main(void)
{
	CHECK(resident() < PAGES);
	touch_read(constant, sizeof(constant));
	CHECK(constant[0] == 1 && constant[sizeof(constant) - 1] == 0);
	touch_write(data, sizeof(data), 3);
	CHECK(resident() >= PAGES);
	return 0;
}
