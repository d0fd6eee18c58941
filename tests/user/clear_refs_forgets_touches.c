/*
 * After 1 is written to clear_refs no page counts as referenced until it is touched again; 2 is for
 * anonymous pages, 3 for those of files.
 */
#include "procfs.h"

static char *anon, *file;

static void clear(const char *what)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY);

	CHECK(fd >= 0 && write(fd, what, strlen(what)) == (ssize_t)strlen(what));
	close(fd);
	/* Linux leaves it to chance when the CPU forgets that it has seen these pages. */
	CHECK(mprotect(anon, 8 * PAGE, PROT_READ) == 0);
	CHECK(mprotect(anon, 8 * PAGE, PROT_READ | PROT_WRITE) == 0);
}

static void expect(long anon_pages, long file_pages)
{
	CHECK(text_sum(smaps_area(anon), "Referenced") == anon_pages * 4);
	CHECK(text_sum(smaps_area(file), "Referenced") == file_pages * 4);
	CHECK(text_sum(smaps_area(anon), "Rss") == 8 * 4);
}

int main(void)
{
	int fd = temp_file(8 * PAGE);

	anon = map_anon(8 * PAGE);
	file = mmap(NULL, 8 * PAGE, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
	CHECK(file != MAP_FAILED);
	touch_write(anon, 8 * PAGE, 1);
	touch_read(file, 8 * PAGE);
	expect(8, 8);
	clear("2");
	expect(0, 8);
	touch_read(anon, 3 * PAGE);
	clear("3\n");
	expect(3, 0);
	touch_read(file, 2 * PAGE);
	clear("1");
	expect(0, 0);
	CHECK_ERRNO(write(open("/proc/self/clear_refs", O_WRONLY), "0", 1), EINVAL);
	CHECK_ERRNO(write(open("/proc/self/clear_refs", O_WRONLY), "x", 1), EINVAL);
	return 0;
}
