/*
 * abi/course.h: the calls that only one of the source systems has, under numbers of their own.
 *
 * Linux gives new calls the same number on every machine, and has 512 to 547 taken on x86-64 (by x32): so no call
 * of Linux i386 will ever have them. user/course/course.h has these calls as functions with the systems' own
 * names and answers. Here errors are -errno.
 */
#pragma once

#include <stdint.h>

/* IIT Jodhpur: counts of pages. */
#define NR_course_numvp 512 /* Virtual pages, the stack's guard page counted. */
#define NR_course_numpp 513 /* Entries of the page table that show a frame. */
/* Frames of the page table: the directory, the user's tables and the kernel's. */
#define NR_course_getptsize 514
#define NR_course_free_pages 515 /* Free frames. */

/* (bytes, start): bytes, whole pages, at the break (start 0) or where it is free above the break. The address;
 * -EINVAL, -ENOMEM, -EEXIST. No frame is taken. */
#define NR_course_mmap 516

/* One page at the break that children share. The address; -EEXIST: there is one; -ENOMEM. */
#define NR_course_mapshared 517
#define NR_course_getshared 518	  /* Its address; -EINVAL: there is none. */
#define NR_course_unmapshared 519 /* 0; -EINVAL: there is none. */

/* (address): the page table entry there as the CPU has it, with the frame's number for root only, and two of the
 * bits that the CPU leaves to the kernel. */
#define NR_course_getpte 520
#define COURSE_PTE_P 0x001u /* Present, */
#define COURSE_PTE_W 0x002u /* writable, here and in the directory, */
#define COURSE_PTE_U 0x004u /* for the user; with P clear: in swap; */
#define COURSE_PTE_A 0x020u /* accessed, */
#define COURSE_PTE_D 0x040u /* dirty. */
#define COURSE_PTE_M 0x400u /* Mapped only: nothing is there yet, but a touch will bring it. */
#define COURSE_PTE_S 0x800u /* mapshared()'s page. */

/* UW xk. (bytes): sbrk to the byte, in one step; the old break, or -EINVAL, -ENOMEM. */
#define NR_course_sbrk 521

#define NR_course_sysinfo 522 /* (struct course_sysinfo *) */
struct course_sysinfo {
	uint32_t pages_in_use, pages_in_swap, free_pages;
	uint32_t num_page_faults;
	uint32_t num_disk_reads; /* Requests. */
};

/* Pintos. (fd, address): map the whole file there, shared. An id, from 1; -EBADF (0 and 1, too), -EINVAL: empty,
 * misaligned, address 0; -EEXIST: in use; or as mmap(2). */
#define NR_course_map_file 523
#define NR_course_unmap_file 524 /* (id): 0; -EINVAL: there is no such id. */
