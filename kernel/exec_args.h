/*
 * exec_args.h: the strings a program is started with, in the kernel's keeping between the old
 * memory and the new. They are kept in single pages: a megabyte of them needs no megabyte in one
 * piece.
 */
#pragma once

#include "kernel/lib/types.h"

#define EXEC_STRING_MAX (128u * 1024) /* One string with its NUL: Linux's MAX_ARG_STRLEN. */

struct exec_page;

struct exec_strings {
	struct exec_page *first, *last;
	uint32_t count;
	uint32_t bytes; /* With all NULs. */
};

struct exec_args {
	struct exec_strings argv, envp; /* argv has at least one, if only "". */
	uint32_t room;			/* Bytes of strings and pointers that may still come. */
};

/* Take copies of two NULL-terminated vectors at user addresses (0: empty). 0, -EFAULT, -ENOMEM,
 * -E2BIG. exec_args_free is due in any case. */
int exec_args_from_user(struct exec_args *args, uint32_t argv_user, uint32_t envp_user);

/* The same from the kernel's own. */
int exec_args_from_kernel(struct exec_args *args, const char *const *argv, const char *const *envp);

void exec_args_free(struct exec_args *args);

/*
 * Copy the strings from the skip-th on to user memory at va, and their addresses to the vector at
 * vector_va, without its final NULL. 0 or -EFAULT.
 */
int exec_strings_to_user(const struct exec_strings *s, uint32_t skip, uint32_t va,
			 uint32_t vector_va);

/* Bytes of the first string, with its NUL. */
uint32_t exec_strings_first_size(const struct exec_strings *s);
