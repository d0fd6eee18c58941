/*
 * xk's sysinfo: a page that is written is one more in use and one fewer free, by one fault; what was in a file is read
 * by the disk; what cannot be stored is an error.
 * rows: B26 C19
 * quire-only
 * append: lab=xk
 * disk: 16M
 */
#include "course.h"

static struct course_sysinfo info(void)
{
	static struct course_sysinfo i;

	CHECK(xk_sysinfo(&i) == 0);
	return i;
}

int main(void)
{
	char *p = map_anon(2 * PAGE), *map;
	int fd = open("file", O_RDWR | O_CREAT, 0600);
	struct course_sysinfo before, after;

	info(); /* Its own memory. */
	p[0] = 1;
	before = info();
	p[PAGE] = 1;
	after = info();
	CHECK(after.num_page_faults == before.num_page_faults + 1);
	CHECK(after.free_pages == before.free_pages - 1);
	CHECK(after.pages_in_use == before.pages_in_use + 1 && after.pages_in_swap == 0);
	CHECK(write(fd, p, PAGE) == PAGE && fsync(fd) == 0);
	CHECK(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
	map = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	before = info();
	CHECK(map[0] == 1 && info().num_disk_reads == before.num_disk_reads + 1);
	CHECK_ERRNO(xk_sysinfo((void *)0xC0000000), EFAULT);
}
