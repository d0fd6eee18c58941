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

#include "arch/x86/pte.h"
#include "kernel/lib/atomic.h"
#include "kernel/lib/bitmap.h"
#include "kernel/lib/list.h"
#include "kernel/sync/rwlock.h"
#include "mm/vma.h"

struct backing_ops;
struct working_set;

/* How far the faults of a space read ahead in swap: pages that were of use make the window grow. */
struct swap_window {
	uint32_t size;	/* Pages to be read at once. */
	uint32_t ahead; /* Pages that the last fault read beside the one it was for, */
	uint32_t hits;	/* and how many were found in the swap cache since. */
	uint32_t last;	/* Entry that it was for. */
};

struct aspace {
	uint32_t refs; /* Threads and others that use it. */
	uint64_t id;   /* No other space had or will have it. */
	struct rwlock lock;
	struct vma_tree vmas;
	struct frame *pgdir;			  /* The page directory. */
	uint32_t pgdir_phys;			  /* Its physical address: struct thread.pgdir. */
	uint32_t tables;			  /* Page tables this directory points at. */
	uint32_t spans[BITMAP_WORDS(KERNEL_PDX)]; /* Bit per PDE that does. */
	uint32_t minor_faults, major_faults;	  /* Atomic. */
	struct swap_window swap_window;		  /* Of its faults. */
	uint32_t brk_start, brk;		  /* The heap is [brk_start, brk). */
	uint32_t mmap_top;			  /* mmap places downwards from here. */
	uint32_t stack_limit;			  /* Bytes the main stack may grow to. */
	uint32_t as_limit;			  /* RLIMIT_AS in bytes, UINT32_MAX for none. */
	uint32_t data_limit;			  /* RLIMIT_DATA in bytes. */
	uint32_t lock_limit;	/* RLIMIT_MEMLOCK in bytes, UINT32_MAX for who may lock all. */
	uint32_t lock_new;	/* VM_LOCK_BITS that new areas get: mlockall(MCL_FUTURE). */
	uint32_t committed;	/* Pages counted against the commit limit. */
	uint32_t data_pages;	/* Private, writable, no stack: what RLIMIT_DATA limits. */
	uint32_t locked_pages;	/* Of VM_LOCKED areas. */
	struct working_set *ws; /* NULL: no limit to its frames. */
	struct list link;	/* All spaces. */
	struct {		/* Where exec put things; set before it runs. */
		uint32_t code_start, code_end, data_start, data_end;
		uint32_t stack_start, arg_start, arg_end, env_start, env_end;
		uint32_t vdso, vsyscall; /* The object and its __kernel_vsyscall; 0: none. */
	} image;
};

/* An address or a negative errno in one word, as mmap(2) returns it. */
#define IS_MAP_ERROR(result) ((uint32_t)(result) >= (uint32_t)-4095)

/* When a touch below the stack grows it: the stackgrow= option. */
enum stackgrow {
	STACKGROW_LINUX,  /* Any address down to the limit. */
	STACKGROW_PINTOS, /* At most 32 bytes below the stack pointer. */
	STACKGROW_XK,	  /* Any of the first ten pages. */
};
extern enum stackgrow stackgrow_mode;

/* Where user memory ends: USER_END, or below by the usertop= option. Constant once programs run. Nothing is mapped
 * above; so whoever touches user memory need only know that it ends at USER_END. */
extern uint32_t user_top;

static inline bool user_range_fits(uint32_t addr, uint32_t len)
{
	return len <= user_top && addr <= user_top - len;
}

extern uint32_t vm_eager_fork; /* 1: fork copies every private writable page at once. */

/* A new empty space with one reference; NULL when out of memory. */
struct aspace *aspace_create(void);

/* A copy-on-write copy: page tables are shared, not copied. NULL when out of memory, and then src is
 * as it was. May sleep. */
struct aspace *aspace_fork(struct aspace *src);

static inline struct aspace *aspace_get(struct aspace *as)
{
	atomic_inc(&as->refs);
	return as;
}

/* Drop a reference; the last one unmaps and frees everything. May sleep. */
void aspace_put(struct aspace *as);

/* aspace_map's how. */
#define MAP_HOW_FIXED 0x1u     /* Exactly there, replacing what is mapped. */
#define MAP_HOW_NOREPLACE 0x2u /* Exactly there, -EEXIST when something is mapped. */
#define MAP_HOW_POPULATE 0x4u  /* Fault everything in now; failures are ignored. */

/*
 * Map len bytes (rounded up) at addr (a hint unless FIXED) with these vma flags. backing NULL:
 * anonymous (VM_SHARED: a new shared backing is made). Takes its own reference on backing. pgoff is
 * the backing's page shown first.
 * The address, or -EINVAL (len 0, unaligned FIXED addr), -ENOMEM (no room, limit, overflow),
 * -EEXIST, -EPERM (below MMAP_MIN_ADDR when FIXED; VM_LOCKED by who may lock nothing), -EAGAIN (more
 * locked than the limit allows). As an int32_t: -4095..-1 are errors.
 */
int32_t aspace_map(struct aspace *as, uint32_t addr, uint32_t len, uint32_t vmflags, uint32_t how,
		   struct backing *backing, uint32_t pgoff);

/* Would aspace_map() refuse the place, whatever is mapped there? 0 or its error. */
int aspace_check_place(struct aspace *as, uint32_t addr, uint32_t len, uint32_t how);

int aspace_unmap(struct aspace *as, uint32_t addr, uint32_t len);
int aspace_protect(struct aspace *as, uint32_t addr, uint32_t len, uint32_t prot);

/* Unmap every area that shows its part of a backing of this kind as if all of it were mapped at addr, up to
 * the backing's size: shmdt(2). -EINVAL: there is none. */
int aspace_detach(struct aspace *as, uint32_t addr, const struct backing_ops *kind);

/* mremap(2) after its checks of flags; lengths are page aligned, new_len is not 0. dst is looked at with
 * REMAP_FIXED (exactly there) and REMAP_KEEP_OLD (a hint). The new address or -errno as mremap(2). */
#define REMAP_MAY_MOVE 0x1u
#define REMAP_FIXED 0x2u
#define REMAP_KEEP_OLD 0x4u /* The old area stays, empty. */
int32_t aspace_remap(struct aspace *as, uint32_t addr, uint32_t old_len, uint32_t new_len,
		     uint32_t how, uint32_t dst);

/* Advice about [start, end), page aligned, that changes or empties areas: kernel/abi/mman.h's MADV_*.
 * -EINVAL: not for such an area; -ENOMEM: part is not mapped, the rest was done. */
int aspace_advise(struct aspace *as, uint32_t start, uint32_t end, uint32_t advice);

/* msync(2) of [start, end), page aligned: with MS_SYNC what shared mappings there show is made durable. 0;
 * -ENOMEM: part is not mapped, the rest was done; -EBUSY: memory that MS_INVALIDATE is to forget is locked;
 * or as ops->sync. May sleep. */
int aspace_sync(struct aspace *as, uint32_t start, uint32_t end, uint32_t flags);

/* MADV_REMOVE: what [start, end) shows is given up by its backing and is zero from now on. -EINVAL, -EACCES:
 * not for such an area; -EOPNOTSUPP: not for such a file; -ENOMEM as above. Takes locks of files. */
int aspace_remove_pages(struct aspace *as, uint32_t start, uint32_t end);

/* VM_LOCK_BITS for the areas of [start, end), page aligned, 0 unlocks; pages are brought in. -ENOMEM:
 * the limit, a hole, a page that cannot be had; -EAGAIN: no memory for it. */
int aspace_lock(struct aspace *as, uint32_t start, uint32_t end, uint32_t lock_bits);

/* The same for all areas there are (current) and those to come (future). */
int aspace_lock_all(struct aspace *as, bool current, bool future, uint32_t lock_bits);

/* Of count pages from va on, say in vec which are in memory (1) or not (0). may_tell(backing) says whether
 * the caller may know; else a page counts as in memory. -ENOMEM: a page is not mapped. */
int aspace_residence(struct aspace *as, uint32_t va, uint32_t count, uint8_t *vec,
		     bool (*may_tell)(struct backing *b));

/* Linux's brk: moves the break if it can; returns the break that holds afterwards. */
uint32_t aspace_brk(struct aspace *as, uint32_t new_brk);

/* Moves the break by n bytes from where it is, rounded up to align. That place, or as an int32_t -EINVAL,
 * -ENOMEM, -EAGAIN. */
int32_t aspace_sbrk(struct aspace *as, int32_t n, uint32_t align);

/* Copy bytes of, or into, another space through its pages, as it might do itself. Returns bytes copied. May
 * sleep. */
size_t aspace_read(struct aspace *as, uint32_t va, void *buf, size_t n);
size_t aspace_write(struct aspace *as, uint32_t va, const void *buf, size_t n);

/* Is va in an area with PROT_READ? What can only be written is readable to the CPU all the same. */
bool aspace_grants_read(struct aspace *as, uint32_t va);

/* Resident pages: what ps calls RSS. */
uint32_t aspace_resident(struct aspace *as);

/* Private pages that are in swap. */
uint32_t aspace_swapped(struct aspace *as);

/* Page table entries that show a frame, the shared zero frame too. */
uint32_t aspace_entries(struct aspace *as);

/* Grow the stack above va down to it, if its rule and limits allow. 0, or -EFAULT. Takes the lock. */
int aspace_grow_stack(struct aspace *as, uint32_t va, uint32_t sp);

/* The space after as (NULL: the first) with a reference; drops the caller's on as. NULL at the end. Spaces
 * that come or go meanwhile may or may not be seen. May sleep. */
struct aspace *aspace_next(struct aspace *as);

/* Call fn for every address space, under a spinlock: fn must not sleep. */
void aspace_each(void (*fn)(struct aspace *as, void *arg), void *arg);

/* Promise and take back pages under vm.overcommit_memory. 0 or -ENOMEM. */
int commit_charge(uint32_t pages);
void commit_uncharge(uint32_t pages);
uint32_t commit_total(void);
uint32_t commit_limit(void);
extern uint32_t vm_overcommit_memory; /* 0, 1, 2: proc_sys_vm(5). */
extern uint32_t vm_overcommit_ratio;  /* Percent of memory for mode 2, */
extern uint32_t vm_overcommit_kbytes; /* or KiB if it is not 0. */
extern uint32_t vm_max_map_count;     /* Areas a space may have. */
