/*
 * Programs that eat all memory end in ENOMEM or SIGKILL, by any way of eating; their parent and its
 * memory stay.
 *
 * rows: A14 C5
 * mem: 32M
 * timeout: 180
 */
#include "brk.h"

#include <signal.h>
#include <sys/resource.h>

static void eat_mmap(void *arg)
{
	char *p;

	(void)arg;
	while ((p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			 0)) != MAP_FAILED)
		touch_write(p, 1 << 20, 1);
	CHECK(errno == ENOMEM);
}

static void eat_brk(void *arg)
{
	char *p;

	(void)arg;
	while ((p = brk_move(64 * PAGE)) != NULL)
		touch_write(p, 64 * PAGE, 1);
}

static void eat_malloc(void *arg)
{
	char *p;

	(void)arg;
	while ((p = malloc(5000)) != NULL)
		memset(p, 1, 5000);
	CHECK(errno == ENOMEM);
}

/* Few pages, many page tables. */
static void eat_tables(void *arg)
{
	char *p;

	(void)arg;
	while ((p = mmap(NULL, TABLE_SPAN, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) != MAP_FAILED)
		*p = 1;
	CHECK(errno == ENOMEM);
}

/* Children that each take some until nobody can have more. */
static void eat_with_children(void *arg)
{
	int status;

	for (int i = 0; i < 8; i++)
		if (fork() == 0) {
			eat_mmap(arg);
			_exit(0);
		}
	while (wait(&status) > 0)
		CHECK(status == 0 || WTERMSIG(status) == SIGKILL);
}

int main(void)
{
	static void (*const eaters[])(void *) = {eat_mmap, eat_brk, eat_malloc, eat_tables,
						 eat_with_children};
	struct rlimit limit = {256 << 20, 256 << 20};
	char *ours = map_anon(1 << 20), *again;

	CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
	touch_write(ours, 1 << 20, 'o');
	for (unsigned i = 0; i < 5; i++) {
		int status = child_run(eaters[i], NULL);

		CHECK(status == 0 || (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
		CHECK(pages_hold(ours, 1 << 20, 'o'));
		again = map_anon(4 << 20); /* There is memory again. */
		touch_write(again, 4 << 20, 1);
		CHECK(munmap(again, 4 << 20) == 0);
	}
	return 0;
}
