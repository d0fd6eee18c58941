/*
 * A process with a working set never has more frames of its own than the limit, and its memory is right all the
 * same; its children and the programs it executes share the limit; 0 takes it away.
 *
 * rows: A50
 * swap: 32M
 * quire-only
 */
#include "working_set.h"

#define PAGES 200u
#define LIMIT 32u

static void work(void *arg)
{
	uint32_t *words = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct working_set ws;

	(void)arg;
	CHECK(words != MAP_FAILED);
	for (uint32_t i = 0; i < PAGES; i++)
		words[i * 1024] = i * 7;
	for (uint32_t round = 0; round < 2; round++)
		for (uint32_t i = 0; i < PAGES; i++)
			CHECK(words[i * 1024] == i * 7);
	CHECK(working_set_get(&ws));
	CHECK(ws.limit == LIMIT && ws.pages <= LIMIT && ws.evictions > 2 * (PAGES - LIMIT));
}

static void again(void *name)
{
	execl("/proc/self/exe", name, "again", NULL);
	_exit(1);
}

int main(int argc, char **argv)
{
	struct working_set ws;

	if (argc == 1) {
		CHECK(!working_set_get(&ws) && working_set_set("32 clock\n"));
		CHECK(child_run(work, NULL) == 0 && child_run(again, argv[0]) == 0);
	}
	work(NULL);
	CHECK(working_set_set("0") && !working_set_get(&ws));
	return 0;
}
