/*
 * A process can make 60 000 areas, and when no more are to be had, mmap says ENOMEM and all else
 * still works.
 *
 * rows: A14
 * timeout: 120
 */
#include "check.h"

/* Every second page has other rights, so that none merge. */
static void map_all(void *arg)
{
	int *made = arg;

	while (*made < 200000) {
		int prot = *made % 2 ? PROT_READ : PROT_READ | PROT_WRITE;
		char *p = mmap(NULL, PAGE, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			break;
		(*made)++;
	}
	CHECK(errno == ENOMEM);
	CHECK_ERRNO(mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), ENOMEM);
}

int main(void)
{
	int *made = map_shared(PAGE);

	for (int round = 0; round < 2; round++) { /* All is given back when the child exits. */
		*made = 0;
		CHECK(child_run(map_all, made) == 0);
		CHECK(*made > 60000 && *made < 70000);
	}
	return 0;
}
