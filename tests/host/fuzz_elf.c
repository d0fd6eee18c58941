/*
 * fuzz_elf.c: no bytes make the ELF and script parsers crash, and what they accept keeps its promises.
 */

#include "arch/x86/layout.h"
#include "kernel/elf_parse.h"
#include "kernel/lib/string.h"
#include "tests/host/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PHDRS_MAX 64

static void try_elf(const uint8_t *data, size_t size)
{
	struct elf_phdr phdrs[PHDRS_MAX];
	struct elf elf;

	if (elf_parse_header(data, size, &elf) != 0)
		return;
	CHECK(elf.phnum > 0 && elf.phnum <= ELF_PHNUM_MAX);
	elf.phnum = MIN(elf.phnum, (uint32_t)PHDRS_MAX);
	memset(phdrs, 0, sizeof(phdrs));
	memcpy(phdrs, data + ELF_HEADER_SIZE, MIN(sizeof(phdrs), size - ELF_HEADER_SIZE));
	if (elf_parse_segments(&elf, phdrs) != 0)
		return;
	CHECK(elf.low < elf.high && elf.high <= USER_END);
	CHECK(((elf.low | elf.high) & ~PAGE_MASK) == 0);
	CHECK(elf.end > elf.low && elf.end <= elf.high);
	CHECK(elf.align >= PAGE_SIZE && (elf.align & (elf.align - 1)) == 0);
}

static void try_script(const uint8_t *data, size_t size)
{
	char line[SCRIPT_LINE_MAX + 1], *interp, *arg;
	size_t n = MIN(size, (size_t)SCRIPT_LINE_MAX);

	memcpy(line, data, n);
	if (script_parse(line, n, &interp, &arg) != 0)
		return;
	CHECK(interp >= line + 2 && interp < line + n && *interp);
	CHECK(!strchr(interp, ' ') && !strchr(interp, '\n'));
	CHECK(!arg || (arg > interp && arg < line + n && *arg && !strchr(arg, '\n')));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try_elf(data, size);
	try_script(data, size);
	return 0;
}
