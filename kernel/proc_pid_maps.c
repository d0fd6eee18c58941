/*
 * proc_pid_maps.c: the areas of a process, as lines of /proc/PID/maps and as sums.
 *
 * Areas are looked at under the address space's lock, but a name is made with no lock held, because
 * that may sleep for long: so each area is copied, with a reference on its backing, and the next
 * one is looked up by address.
 */

#include "fs/fdtable.h"
#include "fs/inode.h"
#include "fs/mount.h"
#include "fs/place.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/proc.h"
#include "kernel/proc_pid_files.h"
#include "mm/kmalloc.h"

#define NAME_COLUMN 49u /* Where Linux's names start (two columns later with 64-bit offsets). */

/* The first area that ends after va, copied; its backing is referenced. False: there is none. */
static bool area_from(struct aspace *as, uint32_t va, struct vma *out)
{
	struct vma *v;

	rwlock_read_lock(&as->lock);
	v = vma_find_from(&as->vmas, va);
	if (v) {
		*out = *v;
		if (out->backing)
			out->backing->ops->get(out->backing);
	}
	rwlock_read_unlock(&as->lock);
	return v;
}

static struct inode *area_inode(const struct vma *v)
{
	return v->backing && backing_is_inode(v->backing) ? inode_of_backing(v->backing) : NULL;
}

static void pad_to_name(struct text *t, uint32_t line_start)
{
	while (t->length - line_start < NAME_COLUMN && !t->error)
		text_append(t, " ", 1);
}

static void append_file_name(struct text *t, const struct inode *inode)
{
	struct path where, root;
	bool reachable, deleted;
	char *buf, *name;

	if (!path_of_inode(inode, &where)) {
		text_printf(t, "(deleted)");
		return;
	}
	buf = kmalloc(PATH_MAX);
	if (buf) {
		vfs_root(&root);
		name = path_name(&where, &root, buf, PATH_MAX, &reachable, &deleted);
		text_append_escaped(t, name ? name : "?", "");
		if (deleted)
			text_printf(t, " (deleted)");
		path_put(&root);
		kfree(buf);
	}
	path_put(&where);
}

static void append_name(struct text *t, const struct vma *v, uint32_t line_start)
{
	const struct inode *inode = area_inode(v);

	if (!v->backing && !(v->flags & (VM_HEAP | VM_STACK)))
		return;
	pad_to_name(t, line_start);
	if (v->flags & VM_HEAP)
		text_printf(t, "[heap]");
	else if (v->flags & VM_STACK)
		text_printf(t, "[stack]");
	else if (inode)
		append_file_name(t, inode);
	else
		text_printf(t,
			    "/dev/zero (deleted)"); /* Shared anonymous memory, in Linux's words. */
}

static void append_area(struct text *t, const struct vma *v)
{
	const struct inode *inode = area_inode(v);
	uint32_t start = t->length, dev = inode ? inode->super->dev_id : 0;
	uint64_t offset = v->backing ? (uint64_t)v->pgoff << PAGE_SHIFT : 0;

	text_printf(t, "%08x-%08x %c%c%c%c %08llx %02x:%02x %llu ", v->start, v->end,
		    v->flags & VM_READ ? 'r' : '-', v->flags & VM_WRITE ? 'w' : '-',
		    v->flags & VM_EXEC ? 'x' : '-', v->flags & VM_SHARED ? 's' : 'p', offset,
		    dev >> 8 & 0xFFF, (dev & 0xFF) | (dev >> 12 & 0xFFF00), inode ? inode->ino : 0);
	append_name(t, v, start);
	text_append(t, "\n", 1);
}

int proc_show_maps(struct text *t, int32_t pid)
{
	struct aspace *as;
	struct vma v;
	uint32_t va = 0;
	int err = proc_pid_aspace(pid, &as);

	if (err || !as)
		return err;
	while (!t->error && area_from(as, va, &v)) {
		append_area(t, &v);
		va = v.end;
		if (v.backing)
			v.backing->ops->put(v.backing);
	}
	aspace_put(as);
	return 0;
}

/* ---- sums ---- */

static void add_area(const struct aspace *as, const struct vma *v, struct aspace_sizes *s)
{
	uint32_t pages = (v->end - v->start) >> PAGE_SHIFT;
	bool in_program = v->start < as->image.code_end && v->end > as->image.code_start;

	s->total += pages;
	if (v->flags & VM_STACK)
		s->stack += pages;
	else if ((v->flags & (VM_WRITE | VM_SHARED)) == VM_WRITE)
		s->data += pages;
	else if (v->flags & VM_EXEC && in_program)
		s->code += pages;
	else if (v->flags & VM_EXEC)
		s->lib += pages;
}

void aspace_sizes(struct aspace *as, struct aspace_sizes *out)
{
	memset(out, 0, sizeof(*out));
	rwlock_read_lock(&as->lock);
	for (struct vma *v = vma_first(&as->vmas); v; v = vma_next(v))
		add_area(as, v, out);
	out->resident = aspace_resident(as);
	rwlock_read_unlock(&as->lock);
}
