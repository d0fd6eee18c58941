/*
 * course.h: the calls of the systems that Quire's courses come from, with those systems' answers.
 *
 * Three of them have a call of one name, so each name here says whose it is; a program as the handout has it
 * says "#define mmap iitj_mmap" first. These calls move the break, which the C library believes is its own:
 * do not use malloc beside them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernel/abi/course.h"

/* ---- IIT Jodhpur ---- */

int numvp(void);
int numpp(void);
int getptsize(void);
int getNumFreePages(void);

/* n bytes of whole pages at the break, or at startaddr above it. NULL when that is not possible. */
char *iitj_mmap(int n);
char *iitj_mmap_at(int n, void *startaddr);

char *mapshared(void); /* NULL: there is such a page, or no memory. */
char *getshared(void); /* NULL: there is none. */
int unmapshared(void); /* Below 0: there is none. */

/* The page table entry at va: COURSE_PTE_*. */
uint32_t getpte(const void *va);

/* A line for each of n pages from va on: "0 P W U A D" and so on; '-' for a bit that is not set. */
void print_ptes(const void *va, int n);

/* ---- UW xk ---- */

char *xk_sbrk(int n); /* The old break; (char *)-1 when it cannot move so. */
int xk_sysinfo(struct course_sysinfo *info);

/* ---- Pintos ---- */

int pintos_mmap(int fd, void *addr); /* An id from 1 on, or -1. */
bool pintos_munmap(int id);	     /* False: there is no such id. */
