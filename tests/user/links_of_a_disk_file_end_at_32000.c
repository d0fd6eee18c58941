/*
 * A file on ext2 has 32000 names at most.
 *
 * quire-only
 * disk: 64M -b 4096 -N 40000
 */
#include "files.h"

static const char *name_of(int i)
{
	static char name[40];

	snprintf(name, sizeof(name), "%d/%d", i / 500, i);
	if (i % 500 == 0)
		CHECK(mkdir((char[]){name[0], name[1] == '/' ? '\0' : name[1], '\0'}, 0755) == 0);
	return name;
}

int main(void)
{
	file_make(name_of(0), "x");
	for (int i = 1; i < 32000; i++)
		CHECK(link("0/0", name_of(i)) == 0);
	CHECK_ERRNO(link("0/0", "0/more"), EMLINK);
	CHECK(stat_of("0/0").st_nlink == 32000);
	CHECK(unlink("0/17") == 0 && link("0/0", "0/more") == 0);
	return 0;
}
