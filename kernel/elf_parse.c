/* elf_parse.c: checking ELF headers and "#!" lines. Nothing here trusts the file. */

#include "kernel/elf_parse.h"

#include "arch/x86/layout.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"

static bool ident_is_ours(const uint8_t *ident)
{
	return memcmp(ident, ELF_MAGIC, 4) == 0 && ident[EI_CLASS] == ELFCLASS32 &&
	       ident[EI_DATA] == ELFDATA2LSB && ident[EI_VERSION] == EV_CURRENT;
}

int elf_parse_header(const void *bytes, size_t n, struct elf *elf)
{
	struct elf_header h;

	memset(elf, 0, sizeof(*elf));
	if (n < sizeof(h))
		return -ENOEXEC;
	memcpy(&h, bytes, sizeof(h));
	if (!ident_is_ours(h.ident) || h.machine != EM_386)
		return -ENOEXEC;
	if (h.type != ET_EXEC && h.type != ET_DYN)
		return -ENOEXEC;
	if (h.phentsize != sizeof(struct elf_phdr) || h.phnum == 0 || h.phnum > ELF_PHNUM_MAX)
		return -ENOEXEC;
	elf->relocatable = h.type == ET_DYN;
	elf->entry = h.entry;
	elf->phoff = h.phoff;
	elf->phnum = h.phnum;
	return 0;
}

static bool adds_up(uint32_t a, uint32_t b)
{
	return a + b >= a;
}

static int check_segment(const struct elf_phdr *ph)
{
	if (ph->filesz > ph->memsz || !adds_up(ph->offset, ph->filesz))
		return -ENOEXEC;
	if ((ph->offset ^ ph->vaddr) & (PAGE_SIZE - 1))
		return -ENOEXEC; /* No page of the file could be shown there. */
	if (!adds_up(ph->vaddr, ph->memsz) || ph->vaddr + ph->memsz > USER_END)
		return -ENOMEM;
	return 0;
}

static void add_code_and_data(struct elf *elf, const struct elf_phdr *ph)
{
	uint32_t file_end = ph->vaddr + ph->filesz;

	if (elf->code_start == 0 || ph->vaddr < elf->code_start)
		elf->code_start = ph->vaddr;
	if (ph->flags & PF_X)
		elf->code_end = MAX(elf->code_end, file_end);
	elf->data_start = MAX(elf->data_start, ph->vaddr);
	elf->data_end = MAX(elf->data_end, file_end);
}

static int add_segment(struct elf *elf, const struct elf_phdr *ph)
{
	int err = check_segment(ph);

	if (err)
		return err;
	if (ph->memsz == 0)
		return 0;
	elf->low = MIN(elf->low, ALIGN_DOWN(ph->vaddr, PAGE_SIZE));
	elf->high = MAX(elf->high, ALIGN_UP(ph->vaddr + ph->memsz, PAGE_SIZE));
	elf->end = MAX(elf->end, ph->vaddr + ph->memsz);
	if ((ph->align & (ph->align - 1)) == 0)
		elf->align = MAX(elf->align, ph->align);
	if (elf->phoff >= ph->offset && elf->phoff - ph->offset < ph->filesz)
		elf->phdr_va = ph->vaddr + (elf->phoff - ph->offset);
	add_code_and_data(elf, ph);
	return 0;
}

int elf_parse_segments(struct elf *elf, const struct elf_phdr *phdrs)
{
	int err = 0;

	elf->low = UINT32_MAX;
	elf->align = PAGE_SIZE;
	elf->exec_stack = true; /* Programs that do not say are old. */
	for (uint32_t i = 0; i < elf->phnum && !err; i++) {
		const struct elf_phdr *ph = &phdrs[i];

		switch (ph->type) {
		case PT_LOAD:
			err = add_segment(elf, ph);
			break;
		case PT_INTERP:
			if (ph->filesz < 2)
				return -ENOEXEC;
			elf->interp_offset = ph->offset;
			elf->interp_size = ph->filesz;
			break;
		case PT_GNU_STACK:
			elf->exec_stack = (ph->flags & PF_X) != 0;
			break;
		}
	}
	if (!err && elf->high == 0)
		err = -ENOEXEC; /* Nothing to load. */
	return err;
}

/* ---- scripts ---- */

static char *skip_blanks(char *s)
{
	while (*s == ' ' || *s == '\t')
		s++;
	return s;
}

static char *skip_word(char *s)
{
	while (*s != '\0' && *s != ' ' && *s != '\t')
		s++;
	return s;
}

static void trim_end(char *start)
{
	char *end = start + strlen(start);

	while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
}

int script_parse(char *line, size_t n, char **interp, char **arg)
{
	char *newline, *end;
	bool cut;

	if (n < 2 || line[0] != '#' || line[1] != '!')
		return -ENOEXEC;
	line[n] = '\0';
	newline = strchr(line, '\n');
	cut = !newline && n == SCRIPT_LINE_MAX;
	if (newline)
		*newline = '\0';
	*interp = skip_blanks(line + 2);
	end = skip_word(*interp);
	if (end == *interp || (cut && *end == '\0'))
		return -ENOEXEC; /* No name, or one that does not end in what we have. */
	*arg = NULL;
	if (*end == '\0')
		return 0;
	*end = '\0';
	*arg = skip_blanks(end + 1);
	trim_end(*arg);
	if (**arg == '\0')
		*arg = NULL;
	return 0;
}
