/*
 * When the disk cannot give a page of a mapped file, who touches it gets SIGBUS; later it can be
 * read after all, and no frame is lost.
 *
 * rows: E14 A19
 * quire-only
 */
#include "counters.h"
#include "probe.h"

#include <sys/stat.h>

#define FAIL_FILE "/proc/sys/debug/fail"

int main(void)
{
	int fd = open("/bin/busybox", O_RDONLY);
	struct stat st;
	char *p, *bad = NULL;
	long before;

	CHECK(fd >= 0 && fstat(fd, &st) == 0);
	p = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	CHECK(p != MAP_FAILED);
	switch_set(FAIL_FILE, "off"); /* With all of our own text present: */
	image_settle();
	CHECK(probe_read(p).number == 0);
	before = frames_free();
	switch_set(FAIL_FILE, "cache_read:1+");
	for (char *q = p; q < p + st.st_size && !bad; q += PAGE)
		if (probe_read(q).number == SIGBUS)
			bad = q;
	CHECK(bad && probe_read(bad).code == BUS_ADRERR && probe_read(bad).addr == bad);
	CHECK(pread(fd, &st, 1, bad - p) == -1 && errno == EIO);
	switch_set(FAIL_FILE, "off");
	CHECK(before - frames_free() <= 2);
	CHECK(probe_read(bad).number == 0 && pread(fd, &st, 1, bad - p) == 1);
	CHECK(*(char *)&st == *bad);
	return 0;
}
