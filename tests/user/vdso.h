/* vdso.h: looking names up in the vDSO, for the programs that test it. */
#pragma once

#include "check.h"

#include <elf.h>
#include <link.h>
#include <sys/auxv.h>
#include <sys/syscall.h>

static inline const Elf32_Ehdr *vdso_header(void)
{
	const Elf32_Ehdr *header = (const Elf32_Ehdr *)getauxval(AT_SYSINFO_EHDR);

	CHECK(header && memcmp(header->e_ident, ELFMAG, SELFMAG) == 0);
	return header;
}

/* The value of a dynamic entry. */
static inline uintptr_t vdso_dynamic(uint32_t tag)
{
	const Elf32_Ehdr *header = vdso_header();
	const Elf32_Phdr *ph = (const void *)((const char *)header + header->e_phoff);
	const Elf32_Dyn *dyn;

	while (ph->p_type != PT_DYNAMIC)
		ph++;
	for (dyn = (const void *)((const char *)header + ph->p_vaddr); dyn->d_tag; dyn++)
		if ((uint32_t)dyn->d_tag == tag)
			return dyn->d_un.d_ptr;
	check_failed(__FILE__, __LINE__, "a dynamic entry is missing");
	return 0;
}

static inline const void *vdso_table(uint32_t tag)
{
	return (const char *)vdso_header() + vdso_dynamic(tag);
}

/* The name of the version that symbol i belongs to. */
static inline const char *vdso_version(uint32_t i)
{
	const Elf32_Half *versions = vdso_table(DT_VERSYM);
	const Elf32_Verdef *def = vdso_table(DT_VERDEF);
	const Elf32_Verdaux *aux;

	while (def->vd_ndx != (versions[i] & 0x7fff))
		def = (const void *)((const char *)def + def->vd_next);
	aux = (const void *)((const char *)def + def->vd_aux);
	return (const char *)vdso_table(DT_STRTAB) + aux->vda_name;
}

/* The function of this name and version. */
static inline void *vdso_find(const char *name, const char *version)
{
	const Elf32_Sym *symbols = vdso_table(DT_SYMTAB);
	const char *strings = vdso_table(DT_STRTAB);
	uint32_t count = ((const uint32_t *)vdso_table(DT_HASH))[1];

	for (uint32_t i = 1; i < count; i++)
		if (strcmp(strings + symbols[i].st_name, name) == 0 &&
		    strcmp(vdso_version(i), version) == 0)
			return (char *)vdso_header() + symbols[i].st_value;
	check_failed(__FILE__, __LINE__, name);
	return NULL;
}

/* A call through __kernel_vsyscall. */
static inline long vsyscall(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("call *%1"
			 : "=a"(result)
			 : "r"(getauxval(AT_SYSINFO)), "0"(number), "b"(a), "c"(b), "d"(c)
			 : "memory");
	return result;
}
