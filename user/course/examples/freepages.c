/* freepages: what fork and a write after it cost in frames (IIT Jodhpur, copy-on-write). */
#include "user/course/course.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 64

int main(void)
{
	volatile char *p = iitj_mmap(PAGES * PAGE);
	int before, forked, written;

	setvbuf(stdout, NULL, _IONBF, 0);
	for (int i = 0; i < PAGES; i++)
		p[i * PAGE] = 1;
	printf("%d pages, all touched\n", PAGES);
	/* The first round pays for what the program itself needs. */
	for (int round = 0; round < 2; round++) {
		fflush(stdout);
		before = getNumFreePages();
		if (fork() == 0) {
			getNumFreePages();
			p[0] = 2; /* Pays for its page table. */
			forked = getNumFreePages();
			p[PAGE] = 2;
			p[2 * PAGE] = 2;
			written = getNumFreePages();
			if (round == 1) {
				printf("fork took fewer than %d frames: %s\n", PAGES / 2,
				       before - forked < PAGES / 2 ? "yes" : "no");
				printf("2 writes took %d frames\n", forked - written);
			}
			return 0;
		}
		wait(NULL);
	}
	return 0;
}
