/* label.c: see label.h. */

#include "mm/label.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/bitmap.h"
#include "mm/area.h"
#include "mm/map.h"

static uint32_t label_of(const struct vma *v)
{
	return v->flags >> VM_LABEL_SHIFT;
}

static struct vma *find_locked(struct aspace *as, uint32_t label)
{
	struct vma *v = vma_first(&as->vmas);

	while (v && label_of(v) != label)
		v = v->next;
	return v;
}

uint32_t label_find(struct aspace *as, uint32_t label)
{
	const struct vma *v;
	uint32_t start;

	rwlock_read_lock(&as->lock);
	v = find_locked(as, label);
	start = v ? v->start : 0;
	rwlock_read_unlock(&as->lock);
	return start;
}

uint32_t label_next(struct aspace *as, uint32_t limit)
{
	uint32_t used[BITMAP_WORDS(VM_LABEL_MAX + 1)] = {0}, next = 1;

	rwlock_read_lock(&as->lock);
	for (struct vma *v = vma_first(&as->vmas); v; v = v->next) {
		bitmap_set(used, label_of(v));
		if (label_of(v) >= next && label_of(v) < limit)
			next = label_of(v) + 1;
	}
	rwlock_read_unlock(&as->lock);
	return next < limit ? next : bitmap_find_clear(used, limit, 1);
}

int label_set(struct aspace *as, uint32_t start, uint32_t end, uint32_t label)
{
	struct vma *v;
	int err = -EINVAL;

	rwlock_write_lock(&as->lock);
	v = vma_find(&as->vmas, start);
	if (v && v->end >= end)
		err = area_set_flags(as, v, start, end,
				     (v->flags & ~VM_LABEL(VM_LABEL_MAX)) | VM_LABEL(label));
	rwlock_write_unlock(&as->lock);
	return err;
}

int label_unmap(struct aspace *as, uint32_t label)
{
	struct vma *dead = NULL, *v;
	int err = -EINVAL;

	rwlock_write_lock(&as->lock);
	while ((v = find_locked(as, label)) != NULL) {
		err = map_remove_locked(as, v->start, v->end, &dead);
		if (err)
			break;
	}
	rwlock_write_unlock(&as->lock);
	area_free_list(dead);
	return err;
}
