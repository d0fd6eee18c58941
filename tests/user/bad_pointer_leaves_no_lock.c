/*
 * A system call that meets a bad pointer in the middle of its work leaves no lock behind: others,
 * and the caller, use the same files after it.
 *
 * rows: E6 E34
 */
#include "check.h"

static void use_files(void *arg)
{
	int *fds = arg;
	char text[8] = "";

	CHECK(pwrite(fds[0], "abcd", 4, 0) == 4 && pread(fds[0], text, 4, 0) == 4);
	CHECK(write(fds[2], "pipe", 4) == 4 && read(fds[1], text, 4) == 4);
	CHECK(memcmp(text, "pipe", 4) == 0);
}

int main(void)
{
	int fds[3] = {temp_file(4 * PAGE)};
	char *p = map_anon(2 * PAGE), *edge = p + PAGE;

	CHECK(munmap(edge, PAGE) == 0 && pipe(fds + 1) == 0);
	for (int round = 0; round < 4; round++) {
		void *bad = round % 2 ? (void *)0xC0100000 : (void *)16;

		CHECK_ERRNO(pread(fds[0], bad, 4 * PAGE, 0), EFAULT);
		CHECK_ERRNO(pwrite(fds[0], bad, PAGE, PAGE), EFAULT);
		CHECK(pread(fds[0], edge - 100, 2 * PAGE, 0) == 100 || errno == EFAULT);
		CHECK(pwrite(fds[0], edge - 100, 2 * PAGE, PAGE) == 100 || errno == EFAULT);
		CHECK(write(fds[2], "x", 1) == 1);
		CHECK_ERRNO(read(fds[1], bad, 1), EFAULT);
		while (read(fds[1], p, 1) != 1) /* Linux keeps what it could not hand out. */
			CHECK(errno == EFAULT);
		CHECK_ERRNO(write(fds[2], bad, PAGE), EFAULT);
		use_files(fds);
		CHECK(child_run(use_files, fds) == 0);
	}
	return 0;
}
