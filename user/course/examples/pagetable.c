/*
 * pagetable: what entries say about pages that are mapped only, touched, shared (IIT Jodhpur's PTE_M and PTE_S),
 * and after a fork. P present, W writable, U user, A accessed, D dirty, M mapped only, S shared.
 */
#include "user/course/course.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

int main(void)
{
	volatile char *p = iitj_mmap(3 * PAGE), *s;

	setvbuf(stdout, NULL, _IONBF, 0);
	printf("mapped\n");
	print_ptes((char *)p, 3);
	(void)p[0];
	p[PAGE] = 1;
	printf("the first read, the second written\n");
	print_ptes((char *)p, 3);
	s = mapshared();
	printf("a page to be shared\n");
	print_ptes((char *)s, 1);
	*s = 1;
	print_ptes((char *)s, 1);
	if (fork() == 0) {
		printf("in a child\n");
		print_ptes((char *)p, 3);
		print_ptes((char *)s, 1);
		return 0;
	}
	wait(NULL);
	return 0;
}
