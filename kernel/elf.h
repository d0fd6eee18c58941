/*
 * elf.h: putting an ELF file into an address space. Segments become areas over the file's own
 * pages, which are read when they are touched; only headers are read here.
 */
#pragma once

#include "kernel/elf_parse.h"
#include "mm/aspace.h"

struct file;

struct elf_file {
	struct file *file; /* The caller's reference. */
	struct elf elf;
	struct elf_phdr *phdrs;
	uint32_t bias; /* Added to the file's addresses; set by elf_map. */
};

/* Read and check the headers. 0; -ENOEXEC, -ENOMEM, -EIO. On success elf_close frees them. */
int elf_open(struct elf_file *ef, struct file *file);
void elf_close(struct elf_file *ef);

/* Map all segments into as, relocated by bias. 0 or -errno. */
int elf_map(struct elf_file *ef, struct aspace *as, uint32_t bias);

/* A bias with which ef fits into as below mmap_top. 0 or -ENOMEM. */
int elf_find_bias(const struct elf_file *ef, struct aspace *as, uint32_t *bias);

/* Zero what lies behind the file's part in the last file page of each segment; the current
 * thread runs in that address space. 0 or -EFAULT. */
int elf_clear_tails(const struct elf_file *ef);
