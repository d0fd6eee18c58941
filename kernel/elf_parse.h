/*
 * elf_parse.h: what an ELF file asks for, checked. Pure: runs on the host as it does in the kernel.
 *
 *	err = elf_parse_header(bytes, n, &elf);		reading ELF_HEADER_SIZE bytes from offset 0
 *	err = elf_parse_segments(&elf, phdrs);		reading elf.phnum headers from elf.phoff
 */
#pragma once

#include "kernel/abi/elf.h"
#include "kernel/lib/types.h"

#define ELF_HEADER_SIZE sizeof(struct elf_header)
#define ELF_PHNUM_MAX 2048u /* Linux's: 64 KiB of program headers. */

struct elf {
	bool relocatable; /* ET_DYN: may stand anywhere. */
	uint32_t entry;	  /* All addresses are the file's, before any bias. */
	uint32_t phoff, phnum;
	uint32_t phdr_va;   /* Where the program headers are in memory; 0: not loaded. */
	uint32_t low, high; /* Page aligned range of all segments. */
	uint32_t align;	    /* Largest alignment a segment asks for; at least a page. */
	uint32_t end;	    /* Of the last byte that is in memory, and not page aligned. */
	uint32_t code_start, code_end, data_start, data_end;
	uint32_t interp_offset,
		interp_size; /* Of the interpreter's name with its NUL; size 0: none. */
	bool exec_stack;
};

/* Check the first n bytes of a file. 0 or -ENOEXEC: no i386 program, or one that contradicts
 * itself. */
int elf_parse_header(const void *bytes, size_t n, struct elf *elf);

/* Check the elf->phnum program headers and fill in the rest of elf. 0, -ENOEXEC, or -ENOMEM: it
 * asks for addresses that are not the user's. */
int elf_parse_segments(struct elf *elf, const struct elf_phdr *phdrs);

/* "#!" lines. Longest one that is looked at. */
#define SCRIPT_LINE_MAX 256

/*
 * Split the first line of a script: n bytes at line, which has room for one more and is changed. 0
 * with *interp and *arg (NULL: none) pointing into it; -ENOEXEC: no script, or no interpreter's
 * name.
 */
int script_parse(char *line, size_t n, char **interp, char **arg);
