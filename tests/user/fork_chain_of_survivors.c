/*
 * In a chain of fifty forks in which each parent dies first, the last one still has every page.
 *
 * rows: A31 D36
 */
#include "check.h"

#define DEPTH 50

int main(void)
{
	char *p = map_anon(DEPTH * PAGE), verdict;
	int pipes[2];

	CHECK(pipe(pipes) == 0);
	touch_write(p, DEPTH * PAGE, 1);
	if (fork() == 0) {
		for (int i = 0; i < DEPTH; i++) {
			p[i * PAGE] = (char)(50 + i);
			if (fork() != 0)
				_exit(0);
		}
		for (int i = 0; i < DEPTH; i++)
			CHECK(p[i * PAGE] == 50 + i);
		CHECK(write(pipes[1], "k", 1) == 1);
		_exit(0);
	}
	close(pipes[1]);
	CHECK(read(pipes[0], &verdict, 1) == 1 && verdict == 'k');
	CHECK(pages_hold(p, DEPTH * PAGE, 1));
	return 0;
}
