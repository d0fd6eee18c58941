/*
 * A page of a shared mapping is clean once it was synced, a store makes it dirty again, and the next sync
 * writes that: nothing stored is lost with the page.
 *
 * rows: E43 E45
 * disk-too: 16M -b 1024
 */
#include "procfs.h"

#include <sys/statfs.h>

#define PAGES 20

/* Linux writes files of a tmpfs nowhere, so they stay dirty; Quire's the same. */
static bool has_store(int fd)
{
	struct statfs st;

	CHECK(fstatfs(fd, &st) == 0);
	return st.f_type != 0x01021994;
}

static void expect_dirty(const char *p, long pages)
{
	char *area = smaps_area(p);

	CHECK(text_sum(area, "Private_Dirty") + text_sum(area, "Shared_Dirty") == pages * 4);
}

int main(void)
{
	char path[] = "synced-XXXXXX", byte;
	int fd = mkstemp(path), rw = PROT_READ | PROT_WRITE;
	bool store = has_store(fd);
	char *p;

	CHECK(fd >= 0 && unlink(path) == 0 && ftruncate(fd, PAGES * PAGE) == 0);
	p = mmap(NULL, PAGES * PAGE, rw, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	for (char round = 1; round <= 6; round++) {
		touch_write(p, PAGES * PAGE, round);
		expect_dirty(p, PAGES);
		if (round == 3) /* Read-only now, but dirty. */
			CHECK(mprotect(p, PAGES * PAGE, PROT_READ) == 0);
		if (round % 2)
			CHECK(msync(p, PAGES * PAGE, MS_SYNC) == 0);
		else
			CHECK(fsync(fd) == 0);
		expect_dirty(p, store ? 0 : PAGES);
		CHECK(mprotect(p, PAGES * PAGE, rw) == 0 && pages_hold(p, PAGES * PAGE, round));
		expect_dirty(p, store ? 0 : PAGES);
	}
	p[7 * PAGE] = 99;
	expect_dirty(p, store ? 1 : PAGES);
	CHECK(fdatasync(fd) == 0 && munmap(p, PAGES * PAGE) == 0);
	CHECK(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
	for (int i = 0; i < PAGES; i++)
		CHECK(pread(fd, &byte, 1, i * PAGE) == 1 && byte == (i == 7 ? 99 : 6));
	return 0;
}
