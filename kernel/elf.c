/*
 * elf.c: the loader.
 *
 * A segment is up to two areas: the pages that hold bytes of the file, mapped from its page cache,
 * and anonymous memory behind them. A page that holds the end of one segment and the begin of the
 * next is mapped twice, at two addresses. The last file page of a segment shows bytes of the file
 * behind its part; where memory goes on there it must be zero.
 */

#include "kernel/elf.h"

#include "arch/x86/uaccess.h"
#include "fs/file.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "mm/kmalloc.h"

/* Read exactly len bytes. 0, -ENOEXEC when the file is too short, or what reading says. */
static int read_exactly(struct file *file, void *buf, size_t len, uint32_t offset)
{
	ssize_t n = file_read_kernel(file, buf, len, offset);

	if (n < 0)
		return n;
	return (size_t)n == len ? 0 : -ENOEXEC;
}

int elf_open(struct elf_file *ef, struct file *file)
{
	struct elf_header header;
	size_t size;
	int err = read_exactly(file, &header, sizeof(header), 0);

	ef->file = file;
	ef->phdrs = NULL;
	ef->bias = 0;
	if (!err)
		err = elf_parse_header(&header, sizeof(header), &ef->elf);
	if (err)
		return err;
	size = ef->elf.phnum * sizeof(*ef->phdrs);
	ef->phdrs = kmalloc(size);
	if (!ef->phdrs)
		return -ENOMEM;
	err = read_exactly(file, ef->phdrs, size, ef->elf.phoff);
	if (!err)
		err = elf_parse_segments(&ef->elf, ef->phdrs);
	if (err)
		elf_close(ef);
	return err;
}

void elf_close(struct elf_file *ef)
{
	kfree(ef->phdrs);
	ef->phdrs = NULL;
}

static uint32_t segment_vmflags(const struct elf_phdr *ph)
{
	uint32_t flags = VM_MAYWRITE;

	flags |= ph->flags & PF_R ? VM_READ : 0;
	flags |= ph->flags & PF_W ? VM_WRITE : 0;
	flags |= ph->flags & PF_X ? VM_EXEC : 0;
	return flags;
}

static int map_fixed(struct aspace *as, uint32_t start, uint32_t end, uint32_t vmflags,
		     struct backing *backing, uint32_t pgoff)
{
	int32_t result;

	if (start == end)
		return 0;
	result = aspace_map(as, start, end - start, vmflags, MAP_HOW_FIXED, backing, pgoff);
	return IS_MAP_ERROR(result) ? result : 0;
}

static int map_segment(struct elf_file *ef, struct aspace *as, const struct elf_phdr *ph)
{
	struct backing *backing = ef->file->ops->mmap(ef->file);
	uint32_t vaddr = ef->bias + ph->vaddr, flags = segment_vmflags(ph);
	uint32_t start = ALIGN_DOWN(vaddr, PAGE_SIZE);
	uint32_t end = ALIGN_UP(vaddr + ph->memsz, PAGE_SIZE);
	uint32_t file_end = ph->filesz ? ALIGN_UP(vaddr + ph->filesz, PAGE_SIZE) : start;
	int err = map_fixed(as, start, file_end, flags, backing, ph->offset >> PAGE_SHIFT);

	return err ? err : map_fixed(as, file_end, end, flags, NULL, 0);
}

int elf_map(struct elf_file *ef, struct aspace *as, uint32_t bias)
{
	int err = 0;

	if (!ef->file->ops->mmap)
		return -ENOEXEC;
	if (bias + ef->elf.high > user_top || bias + ef->elf.high <= bias + ef->elf.low)
		return -ENOMEM;
	ef->bias = bias;
	for (uint32_t i = 0; i < ef->elf.phnum && !err; i++)
		if (ef->phdrs[i].type == PT_LOAD && ef->phdrs[i].memsz > 0)
			err = map_segment(ef, as, &ef->phdrs[i]);
	return err;
}

int elf_find_bias(const struct elf_file *ef, struct aspace *as, uint32_t *bias)
{
	const struct elf *elf = &ef->elf;
	uint32_t offset = elf->low & (elf->align - 1); /* Of the start from its alignment. */
	uint64_t room = (uint64_t)(elf->high - elf->low) + offset + elf->align - PAGE_SIZE;
	int32_t start;

	if (room > USER_END)
		return -ENOMEM;
	/* Take the room to learn where it is, and leave it: nobody else uses this space yet. */
	start = aspace_map(as, 0, (uint32_t)room, VM_NORESERVE, 0, NULL, 0);
	if (IS_MAP_ERROR(start))
		return start;
	*bias = ALIGN_UP((uint32_t)start, elf->align) + offset - elf->low;
	return aspace_unmap(as, (uint32_t)start, (uint32_t)room);
}

static int clear_tail(const struct elf_file *ef, const struct elf_phdr *ph)
{
	uint32_t file_end = ef->bias + ph->vaddr + ph->filesz;
	uint32_t page_end = ALIGN_UP(file_end, PAGE_SIZE);
	bool goes_on = ph->memsz > ph->filesz && ph->filesz > 0;

	if (ph->type != PT_LOAD || !goes_on || !(ph->flags & PF_W))
		return 0; /* What nobody may write was meant as the file has it. */
	return clear_user((void __user *)file_end, page_end - file_end);
}

int elf_clear_tails(const struct elf_file *ef)
{
	int err = 0;

	for (uint32_t i = 0; i < ef->elf.phnum && !err; i++)
		err = clear_tail(ef, &ef->phdrs[i]);
	return err;
}
