/* exec_stack.c: the first stack of a program. */

#include "kernel/exec_stack.h"

#include "arch/x86/cpu.h"
#include "arch/x86/uaccess.h"
#include "drivers/random.h"
#include "kernel/abi/auxvec.h"
#include "kernel/abi/elf.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/resource.h"
#include "kernel/lib/string.h"
#include "kernel/sigframe.h"
#include "mm/kmalloc.h"

#define PLATFORM "i686"
#define RANDOM_BYTES 16u
#define AUX_ENTRIES 23u /* With AT_NULL. */
#define WORD sizeof(uint32_t)

struct aux_entry {
	uint32_t type, value;
};

/* ---- scripts ---- */

static int push_prefix(struct exec_stack *s, const char *string)
{
	char *copy;

	if (s->prefix_count == EXEC_PREFIX_MAX)
		return -ELOOP;
	copy = kstrdup(string);
	if (!copy)
		return -ENOMEM;
	s->prefix[s->prefix_count++] = copy;
	s->prefix_bytes += strlen(string) + 1;
	return 0;
}

/* The script's path takes the place of argument 0. An interpreter that is a script itself has
 * its path there already: it was pushed as the interpreter of the first. */
int exec_stack_script(struct exec_stack *s, const char *path, const char *interp, const char *arg)
{
	int err = 0;

	if (s->prefix_count == 0)
		err = push_prefix(s, path);
	s->skip = 1;
	if (!err && arg)
		err = push_prefix(s, arg);
	return err ? err : push_prefix(s, interp);
}

void exec_stack_free(struct exec_stack *s)
{
	for (uint32_t i = 0; i < s->prefix_count; i++)
		kfree(s->prefix[i]);
	s->prefix_count = 0;
}

/* ---- addresses ---- */

static void compute_addresses(struct exec_stack *s, const struct exec_args *args,
			      const struct exec_layout *l)
{
	uint32_t skipped = s->skip ? exec_strings_first_size(&args->argv) : 0;
	uint32_t arg_bytes = s->prefix_bytes + args->argv.bytes - skipped;
	uint32_t words;

	s->argc = s->prefix_count + args->argv.count - s->skip;
	s->envc = args->envp.count;
	s->execfn_va = l->stack_top - WORD - (strlen(s->execfn) + 1);
	s->env_va = s->execfn_va - args->envp.bytes;
	s->arg_va = s->env_va - arg_bytes;
	s->platform_va = ALIGN_DOWN(s->arg_va, 16) - l->stack_skip - sizeof(PLATFORM);
	s->random_va = s->platform_va - RANDOM_BYTES;
	words = 1 + s->argc + 1 + s->envc + 1 + 2 * AUX_ENTRIES;
	s->sp = ALIGN_DOWN(s->random_va - words * WORD, 16);
	s->argv_va = s->sp + WORD;
	s->envp_va = s->argv_va + (s->argc + 1) * WORD;
	s->auxv_va = s->envp_va + (s->envc + 1) * WORD;
}

int exec_stack_map(struct exec_stack *s, const struct exec_args *args, struct aspace *as,
		   const struct exec_layout *l, bool executable)
{
	uint32_t start, size;
	uint32_t flags = VM_READ | VM_WRITE | VM_MAYWRITE | VM_GROWSDOWN | VM_STACK;
	int32_t result;

	compute_addresses(s, args, l);
	/* lab stack: a program starts with the pages that are filled here. More come when it touches them. */
	start = ALIGN_DOWN(s->sp, PAGE_SIZE);
	/* lab end: start = ALIGN_DOWN(s->sp, PAGE_SIZE) - 128 * PAGE_SIZE; */
	size = l->stack_top - start;
	if (size > as->stack_limit)
		return -E2BIG;
	if (executable)
		flags |= VM_EXEC;
	result = aspace_map(as, start, size, flags, MAP_HOW_FIXED, NULL, 0);
	if (IS_MAP_ERROR(result))
		return result;
	as->image.stack_start = s->sp;
	as->image.arg_start = s->arg_va;
	as->image.arg_end = s->env_va;
	as->image.env_start = s->env_va;
	as->image.env_end = s->execfn_va;
	return 0;
}

/* ---- contents ---- */

/* The strings of scripts come before the arguments, last pushed first. */
static int fill_prefix(const struct exec_stack *s, uint32_t *va, uint32_t *vector_va)
{
	for (uint32_t i = s->prefix_count; i-- > 0;) {
		size_t size = strlen(s->prefix[i]) + 1;

		if (copy_to_user((void __user *)*va, s->prefix[i], size) ||
		    put_user_u32((void __user *)*vector_va, *va))
			return -EFAULT;
		*va += size;
		*vector_va += WORD;
	}
	return 0;
}

static int fill_strings(const struct exec_stack *s, const struct exec_args *args)
{
	uint32_t va = s->arg_va, vector_va = s->argv_va;

	if (fill_prefix(s, &va, &vector_va) ||
	    exec_strings_to_user(&args->argv, s->skip, va, vector_va) ||
	    exec_strings_to_user(&args->envp, 0, s->env_va, s->envp_va) ||
	    copy_to_user((void __user *)s->execfn_va, s->execfn, strlen(s->execfn) + 1))
		return -EFAULT;
	return 0;
}

static int fill_random(const struct exec_stack *s)
{
	uint8_t bytes[RANDOM_BYTES];

	random_fill(bytes, sizeof(bytes));
	return copy_to_user((void __user *)s->random_va, bytes, sizeof(bytes));
}

static int fill_auxv(const struct exec_stack *s, const struct exec_aux *aux)
{
	const struct aux_entry auxv[AUX_ENTRIES] = {
		{aux->vdso ? AT_SYSINFO : AT_IGNORE, aux->vsyscall},
		{aux->vdso ? AT_SYSINFO_EHDR : AT_IGNORE, aux->vdso},
		{AT_MINSIGSTKSZ, SIGFRAME_MAX},
		{AT_HWCAP, cpu_features.cpuid1_edx},
		{AT_PAGESZ, PAGE_SIZE},
		{AT_CLKTCK, USER_HZ},
		{AT_PHDR, aux->phdr},
		{AT_PHENT, sizeof(struct elf_phdr)},
		{AT_PHNUM, aux->phnum},
		{AT_BASE, aux->base},
		{AT_FLAGS, 0},
		{AT_ENTRY, aux->entry},
		{AT_UID, aux->uid},
		{AT_EUID, aux->euid},
		{AT_GID, aux->gid},
		{AT_EGID, aux->egid},
		{AT_SECURE, aux->secure},
		{AT_RANDOM, s->random_va},
		{AT_HWCAP2, 0},
		{AT_EXECFN, s->execfn_va},
		{AT_PLATFORM, s->platform_va},
		{AT_NULL, 0},
	};

	return copy_to_user((void __user *)s->auxv_va, auxv, sizeof(auxv));
}

int exec_stack_fill(const struct exec_stack *s, const struct exec_args *args,
		    const struct exec_aux *aux)
{
	if (put_user_u32((void __user *)s->sp, s->argc) || fill_strings(s, args) ||
	    fill_random(s) ||
	    copy_to_user((void __user *)s->platform_va, PLATFORM, sizeof(PLATFORM)) ||
	    fill_auxv(s, aux))
		return -EFAULT;
	return 0; /* The NULLs between are zero as the area is. */
}
