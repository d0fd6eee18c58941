/*
 * Whichever allocation of mmap, munmap or mprotect fails, the call says ENOMEM and all areas and
 * pages are as before.
 *
 * rows: A14 A30 E15
 * quire-only
 */
#include "counters.h"
#include "fail.h"
#include "maps.h"

#define BYTES (9 * PAGE)

static int fail_fd;

/* The range is still one area of writable pages that hold 'm'. */
static void check_whole(char *p)
{
	CHECK(maps_count(p, BYTES) == 1 && maps_is(p, "rw-p") && pages_hold(p, BYTES, 'm'));
	touch_write(p, BYTES, 'm');
}

static int fail_each(char *p, const char *point, long number, long prot)
{
	int n = 0;
	long result;

	do {
		char word[32];

		snprintf(word, sizeof(word), "%s:%d", point, ++n);
		result = call_failing(fail_fd, word, number, p + 3 * PAGE, 3 * PAGE, prot);
		CHECK(result == 0 || result == -ENOMEM);
		if (result)
			check_whole(p);
	} while (result && n < 100);
	CHECK(result == 0);
	return n;
}

int main(void)
{
	char *p = map_anon(BYTES);

	fail_fd = open(FAIL_FILE, O_WRONLY);
	CHECK(fail_fd >= 0);
	touch_write(p, BYTES, 'm');
	CHECK(fail_each(p, "kmalloc", SYS_mprotect, PROT_READ) > 1);
	CHECK(maps_count(p, BYTES) == 3);
	CHECK(mprotect(p, BYTES, PROT_READ | PROT_WRITE) == 0);
	check_whole(p);
	CHECK(fail_each(p, "kmalloc", SYS_munmap, 0) > 1);
	CHECK(maps_count(p, BYTES) == 2 && p[2 * PAGE] == 'm' && p[6 * PAGE] == 'm');
	vm_check();
	return 0;
}
