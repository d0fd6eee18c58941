/*
 * RLIMIT_AS stops mmap, the break and the stack's growth; it is inherited by fork and lifted by
 * raising it.
 *
 * rows: C5
 */
#include "brk.h"

#include <alloca.h>
#include <sys/resource.h>

static void hit_the_limit(void *arg)
{
	(void)arg;
	CHECK_ERRNO(mmap(NULL, 16 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), ENOMEM);
	CHECK_ERRNO(mmap(NULL, 16 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), ENOMEM);
	CHECK(!brk_move(16 << 20));
	CHECK(map_anon(1 << 20));
	CHECK(brk_move(PAGE));
}

static void grow_stack(void *arg)
{
	(void)arg;
	while (mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
		;
	touch_write(alloca(1 << 20), 1 << 20, 1);
}

int main(void)
{
	struct rlimit old, limit;

	CHECK(getrlimit(RLIMIT_AS, &old) == 0);
	limit = (struct rlimit){12 << 20, old.rlim_max};
	CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
	hit_the_limit(NULL);
	CHECK(child_run(hit_the_limit, NULL) == 0);
	CHECK(child_signal(grow_stack, NULL) == SIGSEGV);
	CHECK(setrlimit(RLIMIT_AS, &old) == 0);
	CHECK(map_anon(16 << 20));
	return 0;
}
