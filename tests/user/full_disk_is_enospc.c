/*
 * A disk that is full says so to whoever writes, in the middle of a call too; what was written is
 * whole, nothing can be made that needs a block, and all room comes back.
 *
 * quire-only
 * disk: 4M -b 1024 -m 0
 * mem: 32M
 */
#include "files.h"

#include <sys/statvfs.h>

#define PART 3000

static long room(void)
{
	struct statvfs figures;

	CHECK(statvfs(".", &figures) == 0);
	return figures.f_bfree;
}

/* Write until it is full. Bytes. */
static long fill(int fd)
{
	char part[PART];
	long total = 0;
	ssize_t n;

	do {
		memset(part, 'a' + total % 23, PART);
		n = write(fd, part, PART);
		total += n > 0 ? n : 0;
	} while (n == PART);
	CHECK(n >= 0 || errno == ENOSPC);
	CHECK_ERRNO(write(fd, part, PART), ENOSPC);
	return total;
}

/* Take the last blocks, which are less than a page, or give them back. */
static void last_blocks(bool take)
{
	for (int i = 0; i < 4; i++) {
		char name[] = {'l', '0' + i, '\0'};

		if (take && room() > 0)
			file_make(name, "x");
		else if (!take)
			unlink(name);
	}
}

static void verify(int fd, long total)
{
	char part[PART], want[PART];

	for (long at = 0; at < total; at += PART) {
		long n = total - at < PART ? total - at : PART;

		memset(want, 'a' + at % 23, PART);
		CHECK(pread(fd, part, PART, at) == n && memcmp(part, want, n) == 0);
	}
}

int main(void)
{
	long before = room();

	for (int i = 0; i < 3; i++) {
		int fd = open("file", O_CREAT | O_RDWR, 0644), hole;
		long total = fill(fd);

		last_blocks(true);
		CHECK(total > 3 << 20 && total <= before * 1024 && room() == 0);
		hole = open("hole", O_CREAT | O_RDWR, 0644); /* Names have room, blocks do not. */
		CHECK(hole >= 0 && ftruncate(hole, 100000) == 0);
		CHECK_ERRNO(pwrite(hole, "x", 1, 50000), ENOSPC);
		CHECK_ERRNO(mkdir("folder", 0755), ENOSPC);
		CHECK(fsync(fd) == 0);
		verify(fd, total);
		CHECK(close(fd) == 0 && close(hole) == 0);
		last_blocks(false);
		CHECK(unlink("file") == 0 && unlink("hole") == 0);
		CHECK(room() == before);
	}
	return 0;
}
