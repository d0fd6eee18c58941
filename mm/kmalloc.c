/*
 * kmalloc.c: slabs: frames cut into equal objects.
 *
 * A slab is one frame: a struct slab, then the objects. Free objects are chained through their first
 * word. A cache keeps its slabs on two lists, those with a free object and those without, so alloc
 * and free are constant time. An empty slab goes back to the pmm unless it is the cache's only one with
 * room (then the next allocation would have to ask for it again), and as soon as it is not any more.
 *
 * Locks: cache->lock (RANK_LEAF, interrupts off) guards a cache and its slabs; never held while asking the
 * pmm. caches_lock guards the list of caches.
 */

#include "mm/kmalloc.h"

#include "kernel/lib/assert.h"
#include "kernel/lib/log.h"
#include "kernel/lib/string.h"
#include "mm/fail.h"
#include "mm/kmap.h"
#include "mm/pmm.h"

struct slab {
	struct list link;
	struct kmem_cache *cache;
	void *free; /* First free object; each holds the address of the next. */
	uint32_t used;
};

#define SLAB_HEADER 32 /* Objects start here, so that sizes divisible by 16 are aligned to 16. */
#define OBJECT_ALIGN 16
#define JUNK 0x6D

_Static_assert(sizeof(struct slab) <= SLAB_HEADER, "slab header");

static struct spinlock caches_lock = SPINLOCK_INIT("kmem caches", RANK_LEAF);
static struct list caches = LIST_INIT(caches);
static uint32_t slab_frames;			 /* Atomic. */
static uint32_t large_blocks[PMM_MAX_ORDER + 1]; /* Atomic: large requests by order. */

/* Sizes chosen so that little of a frame is left over: 4064 bytes / n, rounded down to 16. */
#define SIZE_CLASS(n)                                                                              \
	{                                                                                          \
		.name = "kmalloc-" #n, .size = n, .lock = SPINLOCK_INIT("kmalloc-" #n, RANK_LEAF)  \
	}
static struct kmem_cache size_classes[] = {
	SIZE_CLASS(16),	 SIZE_CLASS(32),   SIZE_CLASS(64),   SIZE_CLASS(96),   SIZE_CLASS(128),
	SIZE_CLASS(192), SIZE_CLASS(256),  SIZE_CLASS(336),  SIZE_CLASS(448),  SIZE_CLASS(576),
	SIZE_CLASS(800), SIZE_CLASS(1008), SIZE_CLASS(1344), SIZE_CLASS(2032),
};
static uint8_t class_of_size[KMALLOC_SLAB_MAX / OBJECT_ALIGN + 1]; /* By size / 16, rounded up. */

static void cache_register(struct kmem_cache *c)
{
	uint32_t flags = spin_lock_irq(&caches_lock);

	if (c->per_slab == 0) {
		list_init(&c->partial);
		list_init(&c->full);
		c->size = ALIGN_UP(c->size, OBJECT_ALIGN);
		list_add_tail(&caches, &c->link);
		atomic_store(&c->per_slab, (PAGE_SIZE - SLAB_HEADER) / c->size);
	}
	spin_unlock_irq(&caches_lock, flags);
}

void kmalloc_init(void)
{
	uint32_t class = 0;

	for (uint32_t i = 0; i < ARRAY_SIZE(size_classes); i++)
		cache_register(&size_classes[i]);
	for (uint32_t i = 0; i < ARRAY_SIZE(class_of_size); i++) {
		if (i * OBJECT_ALIGN > size_classes[class].size)
			class ++;
		class_of_size[i] = (uint8_t) class;
	}
}

/* Cut a fresh frame into objects. */
static struct slab *slab_create(struct kmem_cache *c)
{
	struct frame *f = frame_alloc(0);
	struct slab *s;
	char *obj;

	if (!f)
		return NULL;
	s = kmap(f);
	s->cache = c;
	s->used = 0;
	s->free = NULL;
	obj = (char *)s + SLAB_HEADER + (c->per_slab - 1) * c->size;
	for (uint32_t i = 0; i < c->per_slab; i++, obj -= c->size) {
		*(void **)obj = s->free;
		s->free = obj;
	}
	frame_set(f, FRAME_SLAB);
	f->slab = s;
	atomic_inc(&slab_frames);
	return s;
}

static void slab_destroy(struct slab *s)
{
	struct frame *f = frame_of_va(s);

	ASSERT(s->used == 0);
	frame_clear(f, FRAME_SLAB);
	atomic_dec(&slab_frames);
	frame_put(f);
}

/* Take an object; the cache is locked. NULL when no slab has one. */
static void *cache_take(struct kmem_cache *c)
{
	struct slab *s;
	void *obj;

	if (list_empty(&c->partial))
		return NULL;
	s = list_first(&c->partial, struct slab, link);
	obj = s->free;
	s->free = *(void **)obj;
	c->used++;
	if (++s->used == c->per_slab) {
		list_remove(&s->link);
		list_add_head(&c->full, &s->link);
	}
	return obj;
}

/* Take an object of a new slab. Apart, so that who finds one does not pay for it. */
static __attribute__((noinline)) void *cache_grow(struct kmem_cache *c)
{
	struct slab *s = slab_create(c);
	uint32_t flags;
	void *obj;

	if (!s)
		return NULL;
	flags = spin_lock_irq(&c->lock);
	list_add_head(&c->partial, &s->link);
	c->slabs++;
	obj = cache_take(c);
	spin_unlock_irq(&c->lock, flags);
	return obj;
}

void *kmem_cache_alloc(struct kmem_cache *c)
{
	uint32_t flags;
	void *obj;

	if (fail_now(FAIL_KMALLOC))
		return NULL;
	if (unlikely(atomic_load(&c->per_slab) == 0))
		cache_register(c);
	flags = spin_lock_irq(&c->lock);
	obj = cache_take(c);
	spin_unlock_irq(&c->lock, flags);
	return likely(obj) ? obj : cache_grow(c);
}

void *kmem_cache_zalloc(struct kmem_cache *c)
{
	void *obj = kmem_cache_alloc(c);

	return obj ? memset(obj, 0, c->size) : NULL;
}

/* Give an object of s back. The cache is locked. An empty slab that is one too many now, off the lists for the
 * caller to destroy; it need not be s: room in a full slab makes the one that was kept for its room
 * superfluous, which is the last of the list then. */
static struct slab *cache_give(struct kmem_cache *c, struct slab *s, void *obj)
{
	struct slab *spare;

	*(void **)obj = s->free;
	s->free = obj;
	c->used--;
	if (s->used-- == c->per_slab) {
		list_remove(&s->link);
		list_add_head(&c->partial, &s->link);
	}
	spare = s->used == 0 ? s : list_last(&c->partial, struct slab, link);
	if (spare->used > 0 || c->partial.next == c->partial.prev)
		return NULL;
	list_remove(&spare->link);
	c->slabs--;
	return spare;
}

void kmem_cache_free(struct kmem_cache *c, void *obj)
{
	struct slab *s, *spare;
	struct frame *f;
	uint32_t flags;

	if (!obj)
		return;
	f = frame_of_va(obj);
	s = f->slab;
	if (unlikely(!frame_is(f, FRAME_SLAB) || s->cache != c))
		panic("freeing %p into cache %s: frame flags %x", obj, c->name, f->flags);
	ASSERT(((uintptr_t)obj - (uintptr_t)s - SLAB_HEADER) % c->size == 0);
	if (QUIRE_DEBUG)
		memset(obj, JUNK, c->size);
	flags = spin_lock_irq(&c->lock);
	spare = cache_give(c, s, obj);
	spin_unlock_irq(&c->lock, flags);
	if (spare)
		slab_destroy(spare);
}

static uint32_t size_order(size_t size)
{
	uint32_t order = 0;

	while ((size_t)PAGE_SIZE << order < size)
		order++;
	return order;
}

static void *kmalloc_large(size_t size)
{
	struct frame *f;

	if (size > (size_t)PAGE_SIZE << PMM_MAX_ORDER || fail_now(FAIL_KMALLOC))
		return NULL;
	f = frame_alloc_contig(size_order(size), 0);
	if (!f)
		return NULL;
	for (uint32_t i = 0; i < 1u << f->order; i++)
		frame_set(f + i, FRAME_KERNEL);
	atomic_inc(&large_blocks[f->order]);
	return kmap(f);
}

void *kmalloc(size_t size)
{
	if (size > KMALLOC_SLAB_MAX)
		return kmalloc_large(size);
	return kmem_cache_alloc(&size_classes[class_of_size[DIV_ROUND_UP(size, OBJECT_ALIGN)]]);
}

void *kzalloc(size_t size)
{
	void *p = kmalloc(size);

	return p ? memset(p, 0, size) : NULL;
}

void kfree(void *p)
{
	struct frame *f;

	if (!p)
		return;
	f = frame_of_va(p);
	if (frame_is(f, FRAME_SLAB)) {
		kmem_cache_free(f->slab->cache, p);
		return;
	}
	if (unlikely(!frame_is(f, FRAME_KERNEL)))
		panic("kfree(%p): frame flags %x", p, f->flags);
	ASSERT(((uintptr_t)p & ~PAGE_MASK) == 0);
	atomic_dec(&large_blocks[f->order]);
	frame_clear(f, FRAME_KERNEL);
	frame_free_contig(f);
}

size_t kmalloc_size(const void *p)
{
	struct frame *f = frame_of_va(p);

	return frame_is(f, FRAME_SLAB) ? f->slab->cache->size : (size_t)PAGE_SIZE << f->order;
}

char *kstrdup(const char *s)
{
	size_t len = strlen(s) + 1;
	char *copy = kmalloc(len);

	return copy ? memcpy(copy, s, len) : NULL;
}

/* Destroy the empty slabs of one cache. */
static void cache_shrink(struct kmem_cache *c)
{
	struct list empty = LIST_INIT(empty);
	struct slab *s, *tmp;
	uint32_t flags = spin_lock_irq(&c->lock);

	list_for_each_entry_safe(s, tmp, &c->partial, link) {
		if (s->used > 0)
			continue;
		list_remove(&s->link);
		list_add_tail(&empty, &s->link);
		c->slabs--;
	}
	spin_unlock_irq(&c->lock, flags);
	list_for_each_entry_safe(s, tmp, &empty, link)
		slab_destroy(s);
}

/* Caches are never unregistered, so the list may be walked without the lock. */
void kmalloc_shrink(void)
{
	struct kmem_cache *c;

	list_for_each_entry(c, &caches, link)
		cache_shrink(c);
}

void kmem_cache_each(void (*fn)(const struct kmem_cache *c, void *arg), void *arg)
{
	struct kmem_cache *c;

	list_for_each_entry(c, &caches, link)
		fn(c, arg);
}

uint32_t kmalloc_frames(void)
{
	uint32_t n = atomic_load(&slab_frames);

	for (uint32_t order = 0; order <= PMM_MAX_ORDER; order++)
		n += kmalloc_large_blocks(order) << order;
	return n;
}

uint32_t kmalloc_large_blocks(uint32_t order)
{
	return atomic_load(&large_blocks[order]);
}

/* ---- recount ---- */

static uint32_t slab_check(const struct kmem_cache *c, const struct slab *s)
{
	uint32_t free = 0;

	for (void *obj = s->free; obj && free <= c->per_slab; obj = *(void **)obj)
		free++;
	if (s->cache == c && free + s->used == c->per_slab)
		return 0;
	log("check: slab %p of %s: %u used + %u free of %u\n", (const void *)s, c->name, s->used,
	    free, c->per_slab);
	return 1;
}

static uint32_t cache_check(struct kmem_cache *c)
{
	uint32_t bad = 0, slabs = 0, used = 0, flags = spin_lock_irq(&c->lock);
	struct slab *s;

	list_for_each_entry(s, &c->partial, link) {
		bad += slab_check(c, s);
		slabs++;
		used += s->used;
	}
	list_for_each_entry(s, &c->full, link) {
		bad += slab_check(c, s);
		slabs++;
		used += s->used;
	}
	if (slabs != c->slabs || used != c->used) {
		log("check: cache %s: %u slabs %u objects counted, %u and %u said\n", c->name,
		    slabs, used, c->slabs, c->used);
		bad++;
	}
	spin_unlock_irq(&c->lock, flags);
	return bad;
}

uint32_t kmalloc_check(void)
{
	struct kmem_cache *c;
	uint32_t bad = 0;

	list_for_each_entry(c, &caches, link)
		bad += cache_check(c);
	return bad;
}
