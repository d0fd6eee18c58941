/*
 * mlock of a page behind the end of its file fails, and does not go on to the pages that follow.
 */
#include "check.h"

#include <sys/stat.h>

int main(void)
{
	int empty = memfd_create("empty", 0), full = memfd_create("full", 0);
	char *p = mmap(NULL, 4 * PAGE, PROT_READ, MAP_SHARED, empty, 0);
	struct stat st;

	CHECK(p != MAP_FAILED && ftruncate(full, 2 * PAGE) == 0);
	CHECK(mmap(p + PAGE, 2 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, full, 0) == p + PAGE);
	CHECK(mlock(p, 3 * PAGE) == -1 && errno == ENOMEM);
	CHECK(fstat(full, &st) == 0 && st.st_blocks == 0); /* It has no page yet. */
	return 0;
}
