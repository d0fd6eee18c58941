/*
 * exec_stack.h: the stack a program starts with, laid out as Linux i386 does (System V ABI, i386
 * supplement, 3-11):
 *
 *	stack_top	0 (a word)
 *			the program's name (AT_EXECFN)
 *			strings of the environment
 *			strings of the arguments
 *			"i686", 16 random bytes
 *			auxiliary vector
 *			pointers to the environment, 0
 *			pointers to the arguments, 0
 *	sp (16-aligned)	number of arguments
 *
 *	exec_stack_script()	for each "#!" on the way, before the rest
 *	exec_stack_map()	its addresses and its area
 *	exec_stack_fill()	its contents, from within the address space
 */
#pragma once

#include "kernel/exec_args.h"
#include "kernel/exec_layout.h"
#include "mm/aspace.h"

#define EXEC_PREFIX_MAX 16 /* Strings that scripts put before the arguments. */

struct exec_stack {
	char *prefix[EXEC_PREFIX_MAX]; /* Last one first. */
	uint32_t prefix_count, prefix_bytes;
	const char *execfn; /* The program's name: the caller's, and to be set by it. */
	uint32_t skip;	    /* Arguments that a script replaced: 0 or 1. */
	uint32_t argc, envc;
	uint32_t sp; /* From here on: addresses. */
	uint32_t argv_va, envp_va, auxv_va;
	uint32_t random_va, platform_va, arg_va, env_va, execfn_va;
};

struct exec_aux {
	uint32_t phdr, phnum, base, entry;
	uint32_t uid, euid, gid, egid;
	bool secure;
	uint32_t vdso, vsyscall; /* 0: none. */
};

/* A script at path is run by interp, with arg if not NULL. 0, -ENOMEM, -ELOOP. */
int exec_stack_script(struct exec_stack *s, const char *path, const char *interp, const char *arg);

/* Compute all addresses and map the stack's area. 0, -ENOMEM, -E2BIG (RLIMIT_STACK is too small for it). */
int exec_stack_map(struct exec_stack *s, const struct exec_args *args, struct aspace *as,
		   const struct exec_layout *l, bool executable);

/* Write everything; the current thread runs in that address space. 0 or -EFAULT. */
int exec_stack_fill(const struct exec_stack *s, const struct exec_args *args,
		    const struct exec_aux *aux);

void exec_stack_free(struct exec_stack *s);
