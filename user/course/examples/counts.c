/*
 * counts: what mapping, touching and forking do to the numbers of pages (IIT Jodhpur, parts 1 to 3). Numbers are
 * told as they change: what the C library and the program itself take is left out.
 */
#include "user/course/course.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define mmap iitj_mmap
#define PAGE 4096

static int virtual_before, physical_before;

/* Say what has come since the last time. */
static void report(const char *what)
{
	int v = numvp(), p = numpp();

	printf("%-24s virtual %+d physical %+d\n", what, v - virtual_before, p - physical_before);
	virtual_before = numvp();
	physical_before = numpp();
}

static void touch(char *p, int pages)
{
	for (int i = 0; i < pages; i++)
		p[i * PAGE] = 1;
}

int main(void)
{
	char *p, *q;

	setvbuf(stdout, NULL, _IONBF, 0);
	printf("%-24s virtual %+d physical %+d\n", "start", 0,
	       0); /* Brings in what printing needs. */
	virtual_before = numvp();
	physical_before = numpp();
	p = mmap(5 * PAGE);
	report("mmap of 5 pages");
	touch(p, 2);
	report("2 of them touched");
	q = mmap(3 * PAGE);
	report("mmap of 3 pages");
	touch(q, 3);
	report("all 3 touched");
	touch(p, 5);
	report("all 5 touched");
	printf("the second follows the first: %s\n", q == p + 5 * PAGE ? "yes" : "no");
	if (fork() == 0) {
		report("child");
		p[0] = 2;
		report("child wrote a page");
		return 0;
	}
	wait(NULL);
	report("parent");
	return 0;
}
