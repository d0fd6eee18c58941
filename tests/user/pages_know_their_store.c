/*
 * /proc/self/pagemap tells where a page belongs: nowhere before it is touched, to its process alone, to memory
 * that is shared, or to a file until a private copy is written.
 *
 * rows: A12 B14 B18 D34 D37
 */
#include "procfs.h"

static uint64_t word(const void *p)
{
	return pagemap_at(p) & (PM_PRESENT | PM_FILE);
}

static void child(void *file)
{
	CHECK(madvise(file, 2 * PAGE, MADV_PAGEOUT) == 0 || errno == EINVAL);
	CHECK(((char *)file)[0] == 17 && ((char *)file)[PAGE] == 2);
}

int main(void)
{
	int fd = temp_file(2 * PAGE), rw = PROT_READ | PROT_WRITE;
	char *anon = map_anon(PAGE), *shared = map_shared(PAGE);
	char *file = mmap(NULL, 2 * PAGE, rw, MAP_PRIVATE, fd, 0);
	char *same = mmap(NULL, 2 * PAGE, rw, MAP_SHARED, fd, 0);

	CHECK(file != MAP_FAILED && same != MAP_FAILED);
	CHECK(!word(anon) && !word(shared) && !word(same));
	anon[0] = shared[0] = 1;
	CHECK(word(anon) == PM_PRESENT && word(shared) == (PM_PRESENT | PM_FILE));
	CHECK(file[0] == 1 && word(file) == (PM_PRESENT | PM_FILE));
	file[0] = 17; /* From now on the process's own, in a child too. */
	CHECK(word(file) == PM_PRESENT && same[0] == 1 && word(same) == (PM_PRESENT | PM_FILE));
	CHECK(child_run(child, file) == 0 && file[0] == 17);
	CHECK(madvise(file, PAGE, MADV_DONTNEED) == 0 && !word(file) && file[0] == 1);
	return 0;
}
