/*
 * usertop=2G splits the addresses in halves: programs, stacks and maps stay below 2 GiB, however they ask.
 *
 * rows: C12 D14
 * quire-only
 * append: usertop=2G
 */
#include "procfs.h"

#define LIMIT 0x80000000u
#define FLAGS (MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE)

static void *map(uintptr_t at, size_t bytes, int how)
{
	return mmap((void *)at, bytes, PROT_READ, FLAGS | how, -1, 0);
}

int main(void)
{
	char *page = map_anon(PAGE), here;
	unsigned long end = 0;
	uint64_t got = 0;
	void *p;

	for (char *at = proc_text("/proc/self/maps"); at && *at; at = strchr(at, '\n') + 1)
		CHECK(sscanf(at, "%*x-%lx", &end) == 1 && end <= LIMIT);
	CHECK(end > LIMIT - (32u << 20) && &here < (char *)LIMIT);
	CHECK_ERRNO(map(LIMIT, PAGE, MAP_FIXED), ENOMEM);
	CHECK_ERRNO(map(LIMIT - PAGE, 2 * PAGE, MAP_FIXED_NOREPLACE), ENOMEM);
	CHECK(map(LIMIT, PAGE, 0) < (void *)LIMIT && map(0xB0000000, PAGE, 0) < (void *)LIMIT);
	CHECK_ERRNO(mremap(page, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, LIMIT), EINVAL);
	CHECK_ERRNO(write(1, (void *)LIMIT, 1), EFAULT);
	CHECK_ERRNO(brk((void *)LIMIT), ENOMEM);
	for (size_t size = 1u << 30; size >= PAGE; size /= 2)
		while ((p = map(0, size, 0)) != MAP_FAILED) {
			CHECK((uintptr_t)p + size <= LIMIT);
			got += size;
		}
	CHECK(errno == ENOMEM && got > LIMIT / 8 * 7 && got < LIMIT);
	return 0;
}
