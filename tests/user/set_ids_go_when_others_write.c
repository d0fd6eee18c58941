/*
 * Whoever but root cuts a file off, gives it room or opens it to be cut off takes its set-id bits away, as
 * writing does; chown does it even when it changes nothing; and nobody makes a program of a group that he is
 * not in by way of a folder that hands its group down.
 */
#include "files.h"

#include <grp.h>

#define BITS (S_ISUID | S_ISGID)

static bool has_bits(const char *path)
{
	return stat_of(path).st_mode & BITS;
}

static void act(void *arg)
{
	int fd = open("cut", O_RDWR);

	(void)arg;
	CHECK(setgroups(0, NULL) == 0 && setgid(1000) == 0 && setuid(1000) == 0);
	CHECK(ftruncate(fd, 2) == 0 && !has_bits("cut"));
	CHECK(open("opened", O_WRONLY | O_TRUNC) >= 0 && !has_bits("opened"));
	CHECK(posix_fallocate(open("filled", O_RDWR), 0, 100) == 0 && !has_bits("filled"));
	CHECK(chown("owned", -1, -1) == 0 && !has_bits("owned"));
	CHECK(open("of50/program", O_CREAT | O_RDWR, 02755) >= 0 && !has_bits("of50/program"));
	CHECK(mkdir("of50/below", 0755) == 0 && has_bits("of50/below"));
}

int main(void)
{
	const char *names[] = {"cut", "opened", "filled", "owned"};

	folder_enter();
	CHECK(chmod(".", 0755) == 0);
	for (int i = 0; i < 4; i++) {
		file_make(names[i], "text");
		CHECK(chown(names[i], i == 3 ? 1000 : 0, 0) == 0 &&
		      chmod(names[i], BITS | 0777) == 0);
	}
	CHECK(mkdir("of50", 0777) == 0 && chown("of50", -1, 50) == 0 && chmod("of50", 02777) == 0);
	CHECK(child_signal(act, NULL) == 0);
	CHECK(!has_bits("of50/program") && chown("owned", 0, 0) == 0);
	return 0;
}
