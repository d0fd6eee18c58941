/*
 * abi/elf.h: 32-bit ELF files as i386 uses them (System V ABI, edition 4.1, chapters 4 and 5, and its
 * Intel386 supplement; PT_GNU_STACK is in the GNU extensions).
 */
#pragma once

#include <stdint.h>

struct elf_header {
	uint8_t ident[16];
	uint16_t type, machine;
	uint32_t version;
	uint32_t entry;
	uint32_t phoff, shoff;
	uint32_t flags;
	uint16_t ehsize, phentsize, phnum;
	uint16_t shentsize, shnum, shstrndx;
};

struct elf_phdr {
	uint32_t type;
	uint32_t offset;
	uint32_t vaddr, paddr;
	uint32_t filesz, memsz;
	uint32_t flags;
	uint32_t align;
};

_Static_assert(sizeof(struct elf_header) == 52, "Elf32_Ehdr is 52 bytes");
_Static_assert(sizeof(struct elf_phdr) == 32, "Elf32_Phdr is 32 bytes");

#define ELF_MAGIC "\177ELF"
#define EI_CLASS 4
#define EI_DATA 5
#define EI_VERSION 6
#define ELFCLASS32 1
#define ELFDATA2LSB 1
#define EV_CURRENT 1

#define ET_EXEC 2
#define ET_DYN 3
#define EM_386 3

#define PT_LOAD 1
#define PT_INTERP 3
#define PT_PHDR 6
#define PT_GNU_STACK 0x6474E551

#define PF_X 1u
#define PF_W 2u
#define PF_R 4u
