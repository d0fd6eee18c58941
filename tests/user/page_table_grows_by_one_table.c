/*
 * getptsize counts the directory, the user's tables and the kernel's: one more at the first touch of 4 MiB, none at
 * the second, and none for mapping them.
 * rows: B3
 * quire-only
 * lab: counts
 * append: lab=iitj
 */
#include "counters.h"
#include "course.h"

int main(void)
{
	int users = (int)counter("/proc/self/status", "VmPTE") * 1024 / (int)PAGE;
	int before = getptsize(), kernels = before - 1 - users;
	char *p = map_anon(3 * TABLE_SPAN);
	char *second = (char *)(((uintptr_t)p + 2 * TABLE_SPAN - 1) & -TABLE_SPAN);

	CHECK(users >= 2 && kernels >= 1 && kernels <= 256);
	CHECK(getptsize() == before);
	second[0] = 1;
	CHECK(getptsize() == before + 1);
	second[TABLE_SPAN - 1] = 1;
	CHECK(getptsize() == before + 1);
	CHECK(munmap(p, 3 * TABLE_SPAN) == 0 && getptsize() == before);
}
