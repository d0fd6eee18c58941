/*
 * A chain of fifty generations, each writing one page of its own: every one sees all that its
 * ancestors wrote and nothing its descendants did.
 *
 * rows: C21 D36
 */
#include "check.h"

#define DEPTH 50

static void check_pages(const char *p, int generation)
{
	for (int i = 0; i < DEPTH; i++)
		CHECK(p[i * PAGE] == (i <= generation ? (char)(100 + i) : 1));
}

int main(void)
{
	char *p = map_anon(DEPTH * PAGE);
	int generation = 0, status = 0;
	pid_t pid = 0;

	touch_write(p, DEPTH * PAGE, 1);
	for (; generation < DEPTH; generation++) {
		p[generation * PAGE] = (char)(100 + generation);
		pid = generation < DEPTH - 1 ? fork() : -1;
		if (pid != 0)
			break;
	}
	check_pages(p, generation);
	if (pid > 0)
		CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	check_pages(p, generation); /* After all of our descendants have gone. */
	return 0;
}
