/*
 * kmalloc.h: kernel memory in bytes.
 *
 * Objects up to KMALLOC_SLAB_MAX come from slabs: one frame cut into equal objects. Types that are
 * allocated often have a kmem_cache of their own, so that /proc/slabinfo can say who uses what.
 * Larger requests are whole contiguous frames.
 *
 * Nothing here sleeps, so it may be called under a spinlock that stands above RANK_LEAF and from
 * interrupt handlers. NULL when there is no memory; every caller has an -ENOMEM path, and fail=kmalloc:N takes it.
 */
#pragma once

#include "kernel/lib/list.h"
#include "kernel/sync/lock.h"

#define KMALLOC_SLAB_MAX 2032

struct kmem_cache {
	const char *name;
	uint32_t size;	   /* Of one object, rounded up to 16. */
	uint32_t per_slab; /* 0 until registered. */
	struct spinlock lock;
	struct list partial; /* Slabs with a free object. */
	struct list full;
	uint32_t slabs, used; /* Slabs held; objects handed out. */
	struct list link;     /* All caches. */
};

/* Declare a cache; it registers itself at its first use. Objects are aligned to 16 bytes. */
#define KMEM_CACHE(var, type) KMEM_CACHE_SIZED(var, #type, sizeof(type))
#define KMEM_CACHE_SIZED(var, cachename, objsize)                                                  \
	static struct kmem_cache var = {                                                           \
		.name = cachename,                                                                 \
		.size = objsize,                                                                   \
		.lock = SPINLOCK_INIT(cachename, RANK_LEAF),                                       \
	}

void *kmem_cache_alloc(struct kmem_cache *c); /* Contents unspecified. */
void *kmem_cache_zalloc(struct kmem_cache *c);
void kmem_cache_free(struct kmem_cache *c, void *obj); /* NULL is allowed. */

void *kmalloc(size_t size);
void *kzalloc(size_t size);
void kfree(void *p);		    /* NULL is allowed. */
size_t kmalloc_size(const void *p); /* What p can really hold. */
char *kstrdup(const char *s);

void kmalloc_init(void);   /* Once, after pmm_init. */
void kmalloc_shrink(void); /* Give every empty slab's frame back. */

/* Call fn for every cache: slabinfo and the checker. */
void kmem_cache_each(void (*fn)(const struct kmem_cache *c, void *arg), void *arg);
uint32_t kmalloc_frames(void);		       /* Frames held by slabs and large requests. */
uint32_t kmalloc_large_blocks(uint32_t order); /* Large requests that hold 2^order frames. */
uint32_t kmalloc_check(void);		       /* Recount; the number of faults, each logged. */
