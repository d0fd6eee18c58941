/*
 * Whichever allocation fails while pages go to swap and come back, nothing is lost, and what was taken is given
 * back.
 *
 * rows: A43 A46 A47
 * quire-only
 * mem: 32M
 * swap: 64M
 * timeout: 240
 */
#include "counters.h"
#include "outgrow.h"

#include <signal.h>

#define PAGES 512u
#define FAILURES 60

/* Out and in again, half of it through a child that shares it. */
static void swap_all(uint32_t *p, uint32_t round)
{
	int status;

	CHECK(madvise(p, PAGES * PAGE, MADV_PAGEOUT) == 0);
	if (fork() == 0) {
		for (uint32_t n = 0; n < PAGES; n += 7)
			CHECK(page_is(p + n * PAGE_WORDS, 1, n));
		page_fill(p, 2, 0);
		_exit(0);
	}
	for (uint32_t n = round % 3; n < PAGES; n += 3)
		CHECK(page_is(p + n * PAGE_WORDS, 1, n));
	CHECK(wait(&status) < 0 || status == 0 || WTERMSIG(status) == SIGKILL);
}

static void fail_set(int fd, const char *text)
{
	ssize_t len = (ssize_t)strlen(text);

	while (write(fd, text, (size_t)len) != len)
		CHECK(errno == ENOMEM); /* It was this very call's allocation that failed. */
}

int main(void)
{
	static const char *const points[] = {"frame_alloc", "kmalloc"};
	uint32_t *p = (uint32_t *)map_anon(PAGES * PAGE);
	int fd = open("/proc/sys/debug/fail", O_WRONLY);
	char arm[32];

	pages_fill(p, PAGES, 1);
	for (unsigned i = 0; i < 2; i++) {
		for (int n = 1; n <= FAILURES; n++) {
			snprintf(arm, sizeof(arm), "%s:%d", points[i], n * n / 4 + n);
			fail_set(fd, arm);
			swap_all(p, (uint32_t)n);
			fail_set(fd, "off");
			pages_check(p, PAGES, 1);
		}
	}
	CHECK(munmap(p, PAGES * PAGE) == 0);
	vm_check();
	return 0;
}
