/* fdtable.c: see fdtable.h. */
#include "fs/fdtable.h"

#include "fs/filelock.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/bitmap.h"
#include "kernel/lib/string.h"
#include "mm/kmalloc.h"

#define FD_INITIAL 64u

KMEM_CACHE(fdtable_cache, struct fdtable);

/* ---- storage ---- */

/* A descriptor of ours is gone: the process's record locks on the file go too, as POSIX says. */
static void descriptor_closed(struct fdtable *t, struct file *f)
{
	filelock_release_owner(f->inode, t);
	file_put(f);
}

/* Slots and bitmap in one piece, all empty; NULL. */
static struct file **slots_alloc(uint32_t size)
{
	return kzalloc(size * sizeof(struct file *) + BITMAP_WORDS(size) * sizeof(uint32_t));
}

static uint32_t *slots_bitmap(struct file **slots, uint32_t size)
{
	return (uint32_t *)(slots + size);
}

static struct fdtable *table_alloc(uint32_t size)
{
	struct fdtable *t = kmem_cache_alloc(&fdtable_cache);
	struct file **slots = t ? slots_alloc(size) : NULL;

	if (!slots) {
		kmem_cache_free(&fdtable_cache, t);
		return NULL;
	}
	*t = (struct fdtable){.refs = 1, .size = size, .files = slots};
	t->cloexec = slots_bitmap(slots, size);
	spin_init(&t->lock, "fdtable", RANK_POLICY);
	return t;
}

struct fdtable *fdtable_create(void)
{
	return table_alloc(FD_INITIAL);
}

/* Make room for descriptor fd. The lock is not held; somebody else may grow it beside us. */
static int table_grow(struct fdtable *t, uint32_t fd)
{
	uint32_t size = FD_INITIAL;
	struct file **slots, **old;

	while (size <= fd)
		size *= 2;
	slots = slots_alloc(size);
	if (!slots)
		return -ENOMEM;
	spin_lock(&t->lock);
	old = slots;
	if (t->size < size) {
		memcpy(slots, t->files, t->size * sizeof(*slots));
		memcpy(slots_bitmap(slots, size), t->cloexec,
		       BITMAP_WORDS(t->size) * sizeof(uint32_t));
		old = t->files;
		t->files = slots;
		t->cloexec = slots_bitmap(slots, size);
		t->size = size;
	}
	spin_unlock(&t->lock);
	kfree(old);
	return 0;
}

/* Copy what from has into to while that is large enough. lock of from held; to is unknown to
 * others. */
static bool copy_slots(struct fdtable *to, const struct fdtable *from)
{
	if (from->size > to->size)
		return false;
	for (uint32_t fd = 0; fd < from->size; fd++)
		if (from->files[fd])
			to->files[fd] = file_get(from->files[fd]);
	memcpy(to->cloexec, from->cloexec, BITMAP_WORDS(from->size) * sizeof(uint32_t));
	return true;
}

struct fdtable *fdtable_fork(struct fdtable *t)
{
	struct fdtable *copy;
	bool done = false;

	do {
		copy = table_alloc(atomic_load(&t->size));
		if (!copy)
			return NULL;
		spin_lock(&t->lock);
		done = copy_slots(copy, t);
		spin_unlock(&t->lock);
		if (!done)
			fdtable_put(copy);
	} while (!done);
	return copy;
}

struct fdtable *fdtable_get(struct fdtable *t)
{
	atomic_inc(&t->refs);
	return t;
}

void fdtable_put(struct fdtable *t)
{
	if (!t || atomic_dec_return(&t->refs) > 0)
		return;
	for (uint32_t fd = 0; fd < t->size; fd++) /* Nobody else knows it any more. */
		if (t->files[fd])
			descriptor_closed(t, t->files[fd]);
	kfree(t->files);
	kmem_cache_free(&fdtable_cache, t);
}

/* ---- slots ---- */

static struct file *slot_locked(const struct fdtable *t, uint32_t fd)
{
	return fd < t->size ? t->files[fd] : NULL;
}

static void slot_set_locked(struct fdtable *t, uint32_t fd, struct file *f, bool cloexec)
{
	t->files[fd] = f;
	if (cloexec)
		bitmap_set(t->cloexec, fd);
	else
		bitmap_clear(t->cloexec, fd);
}

/* The lowest free descriptor >= from; at least t->size when the table is full. */
static uint32_t find_free_locked(const struct fdtable *t, uint32_t from)
{
	while (slot_locked(t, from))
		from++;
	return from;
}

int fd_install(struct fdtable *t, struct file *f, uint32_t from, uint32_t limit, bool cloexec)
{
	uint32_t fd;
	int err;

	limit = MIN(limit, FD_MAX);
	if (from >= limit)
		return -EINVAL;
	for (;;) {
		spin_lock(&t->lock);
		fd = find_free_locked(t, from);
		if (fd < t->size && fd < limit) {
			slot_set_locked(t, fd, f, cloexec);
			spin_unlock(&t->lock);
			return (int)fd;
		}
		spin_unlock(&t->lock);
		if (fd >= limit)
			return -EMFILE;
		err = table_grow(t, fd);
		if (err)
			return err;
	}
}

int fd_replace(struct fdtable *t, uint32_t fd, struct file *f, uint32_t limit, bool cloexec)
{
	struct file *old;
	int err = 0;

	if (fd >= MIN(limit, FD_MAX))
		return -EBADF;
	if (fd >= atomic_load(&t->size))
		err = table_grow(t, fd);
	if (err)
		return err;
	spin_lock(&t->lock);
	old = t->files[fd];
	slot_set_locked(t, fd, f, cloexec);
	spin_unlock(&t->lock);
	if (old)
		descriptor_closed(t, old);
	return (int)fd;
}

struct file *fd_get(struct fdtable *t, uint32_t fd)
{
	struct file *f;

	spin_lock(&t->lock);
	f = slot_locked(t, fd);
	if (f)
		file_get(f);
	spin_unlock(&t->lock);
	return f;
}

int fd_close(struct fdtable *t, uint32_t fd)
{
	struct file *f;

	spin_lock(&t->lock);
	f = slot_locked(t, fd);
	if (f)
		slot_set_locked(t, fd, NULL, false);
	spin_unlock(&t->lock);
	if (!f)
		return -EBADF;
	descriptor_closed(t, f);
	return 0;
}

int fd_cloexec(struct fdtable *t, uint32_t fd)
{
	int result = -EBADF;

	spin_lock(&t->lock);
	if (slot_locked(t, fd))
		result = bitmap_test(t->cloexec, fd);
	spin_unlock(&t->lock);
	return result;
}

int fd_set_cloexec(struct fdtable *t, uint32_t fd, bool on)
{
	struct file *f;

	spin_lock(&t->lock);
	f = slot_locked(t, fd);
	if (f)
		slot_set_locked(t, fd, f, on);
	spin_unlock(&t->lock);
	return f ? 0 : -EBADF;
}

void fdtable_close_on_exec(struct fdtable *t)
{
	for (uint32_t fd = 0; fd < t->size; fd++)
		if (fd_cloexec(t, fd) == 1)
			fd_close(t, fd);
}

uint32_t fd_next(struct fdtable *t, uint32_t from)
{
	spin_lock(&t->lock);
	while (from < t->size && !t->files[from])
		from++;
	if (from >= t->size)
		from = UINT32_MAX;
	spin_unlock(&t->lock);
	return from;
}
