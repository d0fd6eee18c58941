/*
 * shm.c: memory that several processes share and no file names.
 *
 * Its pages are born zero at the first touch and go when the last mapping does.
 */

#include "mm/shm.h"

#include "mm/aspace.h"
#include "mm/kmalloc.h"

struct shm {
	struct backing backing;
	uint32_t refs;
	uint32_t committed; /* Pages. */
};

KMEM_CACHE(shm_cache, struct shm);

int shm_punch(struct backing *b, uint32_t first, uint32_t end)
{
	cache_punch(b, first, end);
	return 0;
}

static void shm_get(struct backing *b)
{
	atomic_inc(&container_of(b, struct shm, backing)->refs);
}

static void shm_put(struct backing *b)
{
	struct shm *s = container_of(b, struct shm, backing);

	if (atomic_dec_return(&s->refs) > 0)
		return;
	atomic_store(&b->size_pages, 0);
	cache_truncate(b, 0);
	commit_uncharge(s->committed);
	kmem_cache_free(&shm_cache, s);
}

static const struct backing_ops shm_ops = {
	.read = shm_read,
	.write = shm_write,
	.punch = shm_punch,
	.get = shm_get,
	.put = shm_put,
};

struct backing *shm_create(uint32_t size_pages, uint32_t committed)
{
	struct shm *s;

	if (commit_charge(committed) != 0)
		return NULL;
	s = kmem_cache_alloc(&shm_cache);
	if (!s) {
		commit_uncharge(committed);
		return NULL;
	}
	backing_init(&s->backing, &shm_ops, size_pages);
	s->refs = 1;
	s->committed = committed;
	return &s->backing;
}
