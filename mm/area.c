/* area.c: see area.h. */

#include "mm/area.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/assert.h"
#include "mm/backing.h"
#include "mm/kmalloc.h"

uint32_t vm_max_map_count = 65530;

KMEM_CACHE(vma_cache, struct vma);

/* ---- objects ---- */

struct vma *area_alloc(const struct vma *like)
{
	struct vma *v = kmem_cache_alloc(&vma_cache);

	if (!v)
		return NULL;
	v->start = like->start;
	v->end = like->end;
	v->flags = like->flags;
	v->backing = like->backing;
	v->pgoff = like->pgoff;
	if (v->backing) {
		atomic_inc(&v->backing->areas);
		v->backing->ops->get(v->backing);
	}
	return v;
}

void area_free(struct vma *v)
{
	if (v->backing) {
		atomic_dec(&v->backing->areas);
		v->backing->ops->put(v->backing);
	}
	kmem_cache_free(&vma_cache, v);
}

void area_free_list(struct vma *dead)
{
	while (dead) {
		struct vma *next = dead->right;

		area_free(dead);
		dead = next;
	}
}

void area_bury(struct vma *v, struct vma **dead)
{
	v->right = *dead;
	*dead = v;
}

/* ---- what they cost ---- */

/* Committed is what only this space can lose. */
uint32_t area_account_flags(uint32_t flags)
{
	bool counts = (flags & (VM_WRITE | VM_SHARED | VM_NORESERVE)) == VM_WRITE;

	return counts ? flags | VM_ACCOUNTED : flags;
}

bool area_is_data(uint32_t flags)
{
	return (flags & (VM_WRITE | VM_SHARED | VM_GROWSDOWN)) == VM_WRITE;
}

static void count(struct aspace *as, uint32_t flags, uint32_t pages)
{
	as->committed += flags & VM_ACCOUNTED ? pages : 0;
	as->locked_pages += flags & VM_LOCKED ? pages : 0;
	as->data_pages += area_is_data(flags) ? pages : 0;
}

int area_charge(struct aspace *as, uint32_t flags, uint32_t pages)
{
	if (as->vmas.pages + pages > as->as_limit >> PAGE_SHIFT)
		return -ENOMEM;
	if (area_is_data(flags) && as->data_pages + pages > as->data_limit >> PAGE_SHIFT)
		return -ENOMEM;
	if (flags & VM_ACCOUNTED && commit_charge(pages) != 0)
		return -ENOMEM;
	count(as, flags, pages);
	return 0;
}

void area_uncharge(struct aspace *as, uint32_t flags, uint32_t pages)
{
	count(as, flags, -pages);
	if (flags & VM_ACCOUNTED)
		commit_uncharge(pages);
}

void area_recount(struct aspace *as, uint32_t before, uint32_t after, uint32_t pages)
{
	count(as, before, -pages);
	count(as, after, pages);
}

bool area_may_lock(const struct aspace *as, uint32_t pages)
{
	return as->lock_limit == UINT32_MAX ||
	       as->locked_pages + pages <= as->lock_limit >> PAGE_SHIFT;
}

/* ---- cutting and joining ---- */

/* Cut v at va, which lies in its middle. 0 or -ENOMEM. Apart, so that whole areas do not pay for it. */
static __attribute__((noinline)) int split_at(struct aspace *as, struct vma *v, uint32_t va)
{
	struct vma *upper;

	if (as->vmas.count >= vm_max_map_count)
		return -ENOMEM;
	upper = area_alloc(v);
	if (!upper)
		return -ENOMEM;
	vma_split(&as->vmas, v, upper, va);
	return 0;
}

int area_isolate(struct aspace *as, struct vma **v, uint32_t start, uint32_t end)
{
	struct vma *last;

	if ((*v)->start < start) {
		if (split_at(as, *v, start) != 0)
			return -ENOMEM;
		*v = (*v)->next;
	}
	for (last = *v; last->end < end && last->next && last->next->start < end;)
		last = last->next;
	return last->start < end && end < last->end ? split_at(as, last, end) : 0;
}

/* lower and the area behind it become one if they can be. */
static void join(struct aspace *as, struct vma *lower)
{
	if (lower && lower->next && vma_mergeable(lower, lower->next))
		area_free(vma_join(&as->vmas,
				   lower)); /* Not the last with its backing: does not sleep. */
}

void area_join(struct aspace *as, struct vma *v)
{
	join(as, v);
	join(as, v->prev);
}

void area_join_at(struct aspace *as, uint32_t va)
{
	struct vma *upper = vma_find(&as->vmas, va);

	if (upper)
		join(as, upper->prev);
}

int area_set_flags(struct aspace *as, struct vma *v, uint32_t start, uint32_t end, uint32_t flags)
{
	int err;

	if (v->flags == flags)
		return 0;
	err = area_isolate(as, &v, start, end);
	if (!err) {
		area_recount(as, v->flags, flags, (end - start) >> PAGE_SHIFT);
		v->flags = flags;
	}
	area_join(as, v);
	return err;
}

int area_each(struct aspace *as, uint32_t start, uint32_t end, bool past_holes, area_fn fn,
	      void *arg)
{
	int result = 0;

	for (uint32_t va = start, stop; va < end; va = stop) {
		struct vma *v = vma_find_from(&as->vmas, va);
		int err;

		if (!v || v->start > va) {
			result = -ENOMEM;
			if (!past_holes || !v || v->start >= end)
				break;
			va = v->start;
		}
		stop = MIN(end, v->end);
		err = fn(as, v, va, stop, arg);
		if (err)
			return err;
	}
	return result;
}
