/*
 * Who lives in a directory of its own finds mapped files in /proc/self/maps by the names they have
 * there. (Started by somebody else than root it cannot move.)
 */
#include "files.h"

static void look_from_inside(void *arg)
{
	static char text[1 << 16];
	int maps = open("/proc/self/maps", O_RDONLY);
	ssize_t part, length = 0;

	(void)arg;
	CHECK(maps >= 0 && chroot("inside") == 0);
	while ((part = read(maps, text + length, sizeof(text) - 1 - length)) > 0)
		length += part;
	CHECK(strstr(text, " /mapped\n"));
}

int main(void)
{
	int fd;

	folder_enter();
	if (geteuid() != 0)
		return 0;
	CHECK(mkdir("inside", 0755) == 0);
	file_make("inside/mapped", "text");
	fd = open("inside/mapped", O_RDONLY);
	CHECK(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0) != MAP_FAILED);
	CHECK(child_run(look_from_inside, NULL) == 0);
	return 0;
}
