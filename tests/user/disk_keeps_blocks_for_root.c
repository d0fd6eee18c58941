/*
 * The last blocks of a disk are root's: others get ENOSPC before.
 *
 * quire-only
 * disk: 4M -b 1024 -m 10
 */
#include "files.h"

#include <sys/statvfs.h>

static struct statvfs figures(void)
{
	struct statvfs now;

	CHECK(statvfs(".", &now) == 0);
	return now;
}

static void fill(int fd)
{
	static char part[4096];

	while (write(fd, part, sizeof(part)) > 0)
		continue;
	CHECK(errno == ENOSPC);
}

int main(void)
{
	int fd = open("file", O_CREAT | O_RDWR, 0666);
	struct statvfs before = figures(), full;

	CHECK(before.f_bfree - before.f_bavail == 409);
	CHECK(seteuid(1000) == 0);
	fill(fd);
	full = figures();
	CHECK(full.f_bavail == 0 && full.f_bfree >= 400 && full.f_bfree <= 409);
	CHECK(seteuid(0) == 0);
	fill(fd);
	CHECK(figures().f_bfree < 4);
	return 0;
}
