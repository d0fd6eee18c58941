/* course.c: see course.h. */

#include "user/course/course.h"

#include <stdio.h>
#include <unistd.h>

int numvp(void)
{
	return (int)syscall(NR_course_numvp);
}

int numpp(void)
{
	return (int)syscall(NR_course_numpp);
}

int getptsize(void)
{
	return (int)syscall(NR_course_getptsize);
}

int getNumFreePages(void)
{
	return (int)syscall(NR_course_free_pages);
}

/* The address that the call gave; NULL for an error. */
static char *address(long result)
{
	return result == -1 ? NULL : (char *)result;
}

char *iitj_mmap(int n)
{
	return iitj_mmap_at(n, NULL);
}

char *iitj_mmap_at(int n, void *startaddr)
{
	return address(syscall(NR_course_mmap, n, startaddr));
}

char *mapshared(void)
{
	return address(syscall(NR_course_mapshared));
}

char *getshared(void)
{
	return address(syscall(NR_course_getshared));
}

int unmapshared(void)
{
	return (int)syscall(NR_course_unmapshared);
}

uint32_t getpte(const void *va)
{
	return (uint32_t)syscall(NR_course_getpte, va);
}

void print_ptes(const void *va, int n)
{
	static const struct {
		uint32_t bit;
		char name;
	} bits[] = {
		{COURSE_PTE_P, 'P'}, {COURSE_PTE_W, 'W'}, {COURSE_PTE_U, 'U'}, {COURSE_PTE_A, 'A'},
		{COURSE_PTE_D, 'D'}, {COURSE_PTE_M, 'M'}, {COURSE_PTE_S, 'S'},
	};

	for (int page = 0; page < n; page++) {
		uint32_t pte = getpte((const char *)va + page * 4096);

		printf("%d", page);
		for (unsigned int i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
			printf(" %c", pte & bits[i].bit ? bits[i].name : '-');
		printf("\n");
	}
}

char *xk_sbrk(int n)
{
	return (char *)syscall(NR_course_sbrk, n);
}

int xk_sysinfo(struct course_sysinfo *info)
{
	return (int)syscall(NR_course_sysinfo, info);
}

int pintos_mmap(int fd, void *addr)
{
	return (int)syscall(NR_course_map_file, fd, addr);
}

bool pintos_munmap(int id)
{
	return syscall(NR_course_unmap_file, id) == 0;
}
