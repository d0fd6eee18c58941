/*
 * story: what happens to eight pages: fork shares the table that shows them, a write copies the table and one
 * page, and a page goes to swap and comes back. ./quire map draws it.
 */

#include "user/lab/lab.h"

#include <signal.h>
#include <sys/wait.h>

#define PAGES 8u
#define PAGEOUT 21 /* madvise: MADV_PAGEOUT, which musl does not name. */

/* The child writes to one page and then stands still, so that both spaces can be looked at. */
static void child(unsigned char *pages)
{
	pages[2 * PAGE] = 'c';
	raise(SIGSTOP);
	_exit(0);
}

int main(void)
{
	unsigned char *pages = pages_alloc(PAGES);
	pid_t pid;

	for (uint32_t i = 0; i < PAGES; i++)
		pages[i * PAGE] = 'p';
	pid = fork();
	if (pid == 0)
		child(pages);
	waitpid(pid, NULL, WUNTRACED);
	pages[2 * PAGE] = 'q'; /* Its last owner now: nothing is copied. */
	if (madvise(pages + 2 * PAGE, PAGE, PAGEOUT) != 0)
		perror("madvise");
	pages[2 * PAGE]++; /* Comes back. */
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return pages[2 * PAGE] == 'r' ? 0 : 1;
}
