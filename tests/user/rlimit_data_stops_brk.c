/*
 * RLIMIT_DATA stops the break, and private memory that can be written; raising it again lets them
 * go on.
 *
 * rows: C5 C6
 */
#include "brk.h"

#include <sys/resource.h>

int main(void)
{
	struct rlimit old, limit;

	CHECK(getrlimit(RLIMIT_DATA, &old) == 0);
	limit = (struct rlimit){4 << 20, old.rlim_max};
	CHECK(setrlimit(RLIMIT_DATA, &limit) == 0);
	CHECK(brk_move(1 << 20));
	CHECK(!brk_move(4 << 20));
	CHECK(brk_move(1 << 20));
	CHECK_ERRNO(mmap(NULL, 4 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
		    ENOMEM);
	CHECK(mmap(NULL, 4 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
	CHECK(map_shared(4 << 20));
	CHECK(setrlimit(RLIMIT_DATA, &old) == 0);
	CHECK(brk_move(4 << 20));
	return 0;
}
