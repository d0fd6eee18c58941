/*
 * aspace.h: an address space: its VMAs, its page directory, its counters.
 *
 * aspace->lock (RANK_ASPACE, sleeping, read/write): shared while a fault is handled or the VMAs are
 * read, exclusive to change VMAs and to fork. All functions here take it themselves unless they end
 * in _locked. Addresses are user addresses; lengths are in bytes; errors are Linux's for mmap(2),
 * munmap(2), mprotect(2), brk(2).
 *
 *	as = aspace_create();			exec
 *	aspace_map(as, ...);
 *	thread->aspace = as; thread->pgdir = as->pgdir_phys;
 *	...
 *	aspace_put(as);				exit, exec
 */
#pragma once

#include "kernel/sync/rwlock.h"
#include "mm/vma.h"

struct aspace {
	uint32_t refs; /* Threads and others that use it. */
	struct rwlock lock;
	struct vma_tree vmas;
	struct frame *pgdir;	/* The page directory. */
	uint32_t pgdir_phys;	/* Its physical address: struct thread.pgdir. */
	uint32_t rss;		/* Atomic: present user PTEs in tables this space points at. */
	uint32_t tables;	/* Page tables this directory points at. */
	uint32_t minor_faults, major_faults; /* Atomic. */
	uint32_t brk_start, brk;	     /* The heap is [brk_start, brk). */
	uint32_t mmap_top;		     /* mmap places downwards from here. */
	uint32_t stack_limit;		     /* Bytes the main stack may grow to. */
	uint32_t as_limit;		     /* RLIMIT_AS in bytes, UINT32_MAX for none. */
	uint32_t data_limit;		     /* RLIMIT_DATA for brk. */
	uint32_t committed;		     /* Pages counted against the commit limit. */
	/* Where exec put things, for /proc/PID/{cmdline,environ,stat}: set once before it runs. */
	uint32_t code_start, code_end, data_start, data_end;
	uint32_t stack_start, arg_start, arg_end, env_start, env_end;
};

/* A new empty space with one reference; NULL when out of memory. */
struct aspace *aspace_create(void);

/* A copy-on-write copy: page tables are shared, not copied. NULL when out of memory, and then src is
 * as it was. May sleep. */
struct aspace *aspace_fork(struct aspace *src);

static inline struct aspace *aspace_get(struct aspace *as);

/* Drop a reference; the last one unmaps and frees everything. May sleep. */
void aspace_put(struct aspace *as);

/* aspace_map's how. */
#define MAP_HOW_FIXED 0x1u	/* Exactly there, replacing what is mapped. */
#define MAP_HOW_NOREPLACE 0x2u	/* Exactly there, -EEXIST when something is mapped. */
#define MAP_HOW_POPULATE 0x4u	/* Fault everything in now; failures are ignored. */

/*
 * Map len bytes (rounded up) at addr (a hint unless FIXED) with these vma flags. backing NULL:
 * anonymous (VM_SHARED: a new shared backing is made). Takes its own reference on backing. pgoff is
 * the backing's page shown first.
 * The address, or -EINVAL (len 0, unaligned FIXED addr), -ENOMEM (no room, limit, overflow),
 * -EEXIST, -EPERM (below MMAP_MIN_ADDR when FIXED). As an int32_t: -4095..-1 are errors.
 */
int32_t aspace_map(struct aspace *as, uint32_t addr, uint32_t len, uint32_t vmflags, uint32_t how,
		   struct backing *backing, uint32_t pgoff);

int aspace_unmap(struct aspace *as, uint32_t addr, uint32_t len);
int aspace_protect(struct aspace *as, uint32_t addr, uint32_t len, uint32_t prot);

/* Linux's brk: moves the break if it can; returns the break that holds afterwards. */
uint32_t aspace_brk(struct aspace *as, uint32_t new_brk);

/* Copy bytes of another space through its pages (ptrace-like: /proc/PID/cmdline). Returns bytes copied. */
size_t aspace_read(struct aspace *as, uint32_t va, void *buf, size_t n);

/* Recount all of it from the directory; the number of faults, each logged. Takes the lock. */
uint32_t aspace_check(struct aspace *as);

/* Promise and take back pages under vm.overcommit_memory. 0 or -ENOMEM. */
int commit_charge(uint32_t pages);
void commit_uncharge(uint32_t pages);
uint32_t commit_total(void);
uint32_t commit_limit(void);

#include "kernel/lib/atomic.h"

static inline struct aspace *aspace_get(struct aspace *as)
{
	atomic_inc(&as->refs);
	return as;
}
