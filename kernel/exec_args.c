/* exec_args.c: strings between two programs. No locks: an exec_args belongs to one execve. */

#include "kernel/exec_args.h"

#include "arch/x86/uaccess.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/resource.h"
#include "kernel/lib/string.h"
#include "kernel/proc.h"
#include "kernel/signal.h"
#include "mm/kmalloc.h"

#define ARGS_MIN (128u * 1024)	    /* However small the stack may be (POSIX's ARG_MAX on Linux). */
#define ARGS_MAX (6u * 1024 * 1024) /* However large. */

struct exec_page {
	struct exec_page *next;
	uint32_t used;
	char bytes[PAGE_SIZE - sizeof(struct exec_page *) - sizeof(uint32_t)];
};

static uint32_t args_limit(void)
{
	uint32_t stack = proc_current()->limits[RLIMIT_STACK].cur;

	return MAX(MIN(stack / 4, ARGS_MAX), ARGS_MIN);
}

/* A page with room for at least a byte, at the end; NULL when out of memory. */
static struct exec_page *page_with_room(struct exec_strings *s)
{
	struct exec_page *page = s->last;

	if (page && page->used < sizeof(page->bytes))
		return page;
	page = kmalloc(sizeof(*page));
	if (!page)
		return NULL;
	page->next = NULL;
	page->used = 0;
	if (s->last)
		s->last->next = page;
	else
		s->first = page;
	s->last = page;
	return page;
}

/* Copy n bytes of a string's inside; a NUL among them means that somebody is changing it beside
 * us. */
static int fill(char *dst, uint32_t src, size_t n, bool is_user)
{
	if (!is_user) {
		memcpy(dst, (const char *)src, n);
		return 0;
	}
	if (copy_from_user(dst, (const void __user *)src, n) || memchr(dst, '\0', n))
		return -EFAULT;
	return 0;
}

static int append_bytes(struct exec_strings *s, uint32_t src, size_t len, bool is_user)
{
	while (len > 0) {
		struct exec_page *page = page_with_room(s);
		size_t n;

		if (!page)
			return -ENOMEM;
		n = MIN(len, sizeof(page->bytes) - page->used);
		if (fill(page->bytes + page->used, src, n, is_user))
			return -EFAULT;
		page->used += n;
		src += n;
		len -= n;
	}
	return 0;
}

/* Add a string of len bytes without its NUL. */
static int append(struct exec_args *args, struct exec_strings *s, uint32_t src, size_t len,
		  bool is_user)
{
	static const char nul = '\0';
	uint32_t cost = len + 1 + sizeof(uint32_t);
	int err;

	if (cost > args->room)
		return -E2BIG;
	args->room -= cost;
	err = append_bytes(s, src, len, is_user);
	if (!err)
		err = append_bytes(s, (uint32_t)&nul, 1, false);
	s->count++;
	s->bytes += len + 1;
	return err;
}

static int append_vector(struct exec_args *args, struct exec_strings *s, uint32_t vector)
{
	for (;; vector += sizeof(uint32_t)) {
		uint32_t string;
		ssize_t len;
		int err;

		if (get_user_u32(&string, (const void __user *)vector))
			return -EFAULT;
		if (string == 0)
			return 0;
		len = strnlen_user((const char __user *)string, EXEC_STRING_MAX - 1);
		if (len < 0)
			return len;
		err = append(args, s, string, (size_t)len, true);
		if (err)
			return err;
		if (signal_fatal_pending())
			return -EINTR;
	}
}

int exec_args_from_user(struct exec_args *args, uint32_t argv_user, uint32_t envp_user)
{
	int err = 0;

	memset(args, 0, sizeof(*args));
	args->room = args_limit();
	if (argv_user)
		err = append_vector(args, &args->argv, argv_user);
	if (!err && args->argv.count == 0)
		err = append(args, &args->argv, 0, 0, false);
	if (!err && envp_user)
		err = append_vector(args, &args->envp, envp_user);
	return err;
}

static int append_kernel(struct exec_args *args, struct exec_strings *s, const char *const *vector)
{
	int err = 0;

	for (; *vector && !err; vector++)
		err = append(args, s, (uint32_t)*vector, strlen(*vector), false);
	return err;
}

int exec_args_from_kernel(struct exec_args *args, const char *const *argv, const char *const *envp)
{
	int err;

	memset(args, 0, sizeof(*args));
	args->room = ARGS_MAX;
	err = append_kernel(args, &args->argv, argv);
	return err ? err : append_kernel(args, &args->envp, envp);
}

static void strings_free(struct exec_strings *s)
{
	while (s->first) {
		struct exec_page *next = s->first->next;

		kfree(s->first);
		s->first = next;
	}
	s->last = NULL;
}

void exec_args_free(struct exec_args *args)
{
	strings_free(&args->argv);
	strings_free(&args->envp);
}

uint32_t exec_strings_first_size(const struct exec_strings *s)
{
	uint32_t size = 0;

	for (const struct exec_page *page = s->first; page; page = page->next) {
		const char *nul = memchr(page->bytes, '\0', page->used);

		if (nul)
			return size + (uint32_t)(nul - page->bytes) + 1;
		size += page->used;
	}
	return size;
}

/* ---- into the new program's memory ---- */

/* Copy everything behind the first skip bytes to va. */
static int copy_bytes(const struct exec_strings *s, uint32_t skip, uint32_t va)
{
	for (const struct exec_page *page = s->first; page; page = page->next) {
		uint32_t from = MIN(skip, page->used), n = page->used - from;

		if (n && copy_to_user((void __user *)va, page->bytes + from, n))
			return -EFAULT;
		skip -= from;
		va += n;
	}
	return 0;
}

/* Write the address of each string from number skip on, the first of which stands at va. */
static int write_vector(const struct exec_strings *s, uint32_t skip, uint32_t va,
			uint32_t vector_va)
{
	bool at_start = true;

	for (const struct exec_page *page = s->first; page; page = page->next) {
		for (uint32_t i = 0; i < page->used; i++) {
			if (at_start && skip == 0) {
				if (put_user_u32((void __user *)vector_va, va))
					return -EFAULT;
				vector_va += sizeof(uint32_t);
			}
			va += skip == 0;
			at_start = page->bytes[i] == '\0';
			if (at_start && skip > 0)
				skip--;
		}
	}
	return 0;
}

int exec_strings_to_user(const struct exec_strings *s, uint32_t skip, uint32_t va,
			 uint32_t vector_va)
{
	uint32_t skip_bytes = skip ? exec_strings_first_size(s) : 0;
	int err = copy_bytes(s, skip_bytes, va);

	return err ? err : write_vector(s, skip, va, vector_va);
}
