/*
 * proc_pid_maps.c: the areas of a process one by one, as /proc/PID/maps and smaps show them, and their
 * sum, smaps_rollup (proc(5)).
 *
 * Areas are looked at under the address space's lock, but a name is made with no lock held, because
 * that may sleep for long: so each area is copied, with a reference on its backing, and the next
 * one is looked up by address.
 */

#include "fs/context.h"
#include "fs/fdtable.h"
#include "fs/inode.h"
#include "fs/mount.h"
#include "fs/place.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/proc.h"
#include "kernel/proc_pid_files.h"
#include "kernel/sysv_shm.h"
#include "kernel/vdso.h"
#include "mm/kmalloc.h"
#include "mm/report.h"

#define NAME_COLUMN 49u /* Where Linux's names start (two columns later with 64-bit offsets). */

/* The first area that ends after va, copied, and what it shows added to sums (NULL: nobody asks); its
 * backing is referenced. False: there is none. */
static bool area_from(struct aspace *as, uint32_t va, struct vma *out, struct page_sums *sums)
{
	struct vma *v;

	rwlock_read_lock(&as->lock);
	v = vma_find_from(&as->vmas, va);
	if (v) {
		*out = *v;
		if (out->backing)
			out->backing->ops->get(out->backing);
		if (sums)
			report_area(as, v, sums);
	}
	rwlock_read_unlock(&as->lock);
	return v;
}

static void area_put(struct vma *v)
{
	if (v->backing)
		v->backing->ops->put(v->backing);
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
		fs_context_root(proc_current()->fs, &root);
		name = path_name(&where, &root, buf, PATH_MAX, &reachable, &deleted);
		text_append_escaped(t, name ? name : "?", "");
		if (deleted)
			text_printf(t, " (deleted)");
		path_put(&root);
		kfree(buf);
	}
	path_put(&where);
}

/* The name of an area that stands for no file; NULL: it has none. */
static const char *area_role(const struct vma *v)
{
	if (v->flags & VM_HEAP)
		return "[heap]";
	if (v->flags & VM_STACK)
		return "[stack]";
	return vdso_area_name(v);
}

static bool area_has_name(const struct vma *v)
{
	return v->backing || area_role(v);
}

static void append_name(struct text *t, const struct vma *v)
{
	const struct inode *inode = area_inode(v);
	const char *role = area_role(v);
	uint32_t id, key;

	if (role)
		text_printf(t, "%s", role);
	else if (inode)
		append_file_name(t, inode);
	else if (sysv_shm_is(v->backing, &id, &key))
		text_printf(t, "/SYSV%08x (deleted)", key);
	else /* Shared anonymous memory, in Linux's words. */
		text_printf(t, "/dev/zero (deleted)");
}

static void append_rights(struct text *t, const struct vma *v, const char *before,
			  const char *behind)
{
	text_printf(t, "%s%c%c%c%c%s", before, v->flags & VM_READ ? 'r' : '-',
		    v->flags & VM_WRITE ? 'w' : '-', v->flags & VM_EXEC ? 'x' : '-',
		    v->flags & VM_SHARED ? 's' : 'p', behind);
}

static void append_area(struct text *t, const struct vma *v)
{
	const struct inode *inode = area_inode(v);
	uint32_t start = t->length, dev = inode ? inode->super->dev_id : 0, id = 0, key;
	uint64_t offset = v->backing && !area_role(v) ? (uint64_t)v->pgoff << PAGE_SHIFT : 0;

	sysv_shm_is(v->backing, &id, &key);
	text_printf(t, "%08x-%08x", v->start, v->end);
	append_rights(t, v, " ", " ");
	text_printf(t, "%08llx %02x:%02x %llu ", offset, dev >> 8 & 0xFFF,
		    (dev & 0xFF) | (dev >> 12 & 0xFFF00), inode ? inode->ino : id);
	if (area_has_name(v)) {
		pad_to_name(t, start);
		append_name(t, v);
	}
	text_append(t, "\n", 1);
}

void proc_append_area(struct text *t, struct aspace *as, uint32_t va)
{
	struct vma v;

	if (!area_from(as, va, &v, NULL))
		return;
	if (v.start <= va) {
		text_printf(t, " in ");
		if (area_has_name(&v))
			append_name(t, &v);
		else
			text_printf(t, "anonymous memory");
		append_rights(t, &v, " (", ")");
	}
	area_put(&v);
}

int proc_step_maps(struct text *t, const struct procfs_who *who, uint32_t *cursor)
{
	struct aspace *as = proc_who_aspace(who);
	struct vma v;
	bool found = as && area_from(as, *cursor, &v, NULL);

	if (found) {
		append_area(t, &v);
		*cursor = v.end;
		area_put(&v);
	}
	aspace_put(as);
	return found;
}

/* ---- smaps ---- */

/* Two letters for each thing that may be said of an area, in Linux's order. */
static const struct {
	uint32_t flag;
	char name[3];
} flag_names[] = {
	{VM_READ, "rd"},
	{VM_WRITE, "wr"},
	{VM_EXEC, "ex"},
	{VM_SHARED, "sh"},
	{0, "mr"},
	{VM_MAYWRITE, "mw"},
	{0, "me"},
	{VM_SHARED, "ms"},
	{VM_GROWSDOWN, "gd"},
	{VM_LOCKED, "lo"},
	{VM_SEQUENTIAL, "sr"},
	{VM_RANDOM, "rr"},
	{VM_DONTFORK, "dc"},
	{VM_ACCOUNTED, "ac"},
	{VM_NORESERVE, "nr"},
	{VM_WIPEONFORK, "wf"},
	{VM_DONTDUMP, "dd"},
};

static void append_flags(struct text *t, uint32_t flags)
{
	text_printf(t, "VmFlags:");
	for (uint32_t i = 0; i < ARRAY_SIZE(flag_names); i++)
		if ((flags & flag_names[i].flag) == flag_names[i].flag)
			text_printf(t, " %s", flag_names[i].name);
	text_printf(t, " \n");
}

static uint32_t pages_kb(uint32_t pages)
{
	return pages * (PAGE_SIZE / 1024);
}

static uint32_t pss_kb(uint64_t pss)
{
	return (uint32_t)(pss >> (PSS_SHIFT + 10));
}

/* by_kind: whose pages the proportional part is made of, as smaps_rollup tells it. */
static void append_sums(struct text *t, const struct page_sums *s, bool by_kind)
{
	static const char *const never[] = {
		"LazyFree:",	  "AnonHugePages:",  "ShmemPmdMapped:",
		"FilePmdMapped:", "Shared_Hugetlb:", "Private_Hugetlb:"};

	text_kb(t, "Rss:", pages_kb(s->resident));
	text_kb(t, "Pss:", pss_kb(s->pss));
	text_kb(t, "Pss_Dirty:", pss_kb(s->pss_dirty));
	if (by_kind) {
		text_kb(t, "Pss_Anon:", pss_kb(s->pss_anon));
		text_kb(t, "Pss_File:", pss_kb(s->pss - s->pss_anon - s->pss_shmem));
		text_kb(t, "Pss_Shmem:", pss_kb(s->pss_shmem));
	}
	text_kb(t, "Shared_Clean:", pages_kb(s->shared_clean));
	text_kb(t, "Shared_Dirty:", pages_kb(s->shared_dirty));
	text_kb(t, "Private_Clean:", pages_kb(s->private_clean));
	text_kb(t, "Private_Dirty:", pages_kb(s->private_dirty));
	text_kb(t, "Referenced:", pages_kb(s->referenced));
	text_kb(t, "Anonymous:", pages_kb(s->anon));
	for (uint32_t i = 0; i < ARRAY_SIZE(never); i++)
		text_kb(t, never[i], 0);
	text_kb(t, "Swap:", pages_kb(s->swap));
	text_kb(t, "SwapPss:", pss_kb(s->swap_pss));
	text_kb(t, "Locked:", pss_kb(s->pss_locked));
}

int proc_step_smaps(struct text *t, const struct procfs_who *who, uint32_t *cursor)
{
	struct aspace *as = proc_who_aspace(who);
	struct page_sums sums = {0};
	struct vma v;
	bool found = as && area_from(as, *cursor, &v, &sums);

	if (found) {
		append_area(t, &v);
		text_kb(t, "Size:", (v.end - v.start) >> 10);
		text_kb(t, "KernelPageSize:", PAGE_SIZE >> 10);
		text_kb(t, "MMUPageSize:", PAGE_SIZE >> 10);
		append_sums(t, &sums, false);
		text_printf(t, "THPeligible:    0\n");
		append_flags(t, v.flags);
		*cursor = v.end;
		area_put(&v);
	}
	aspace_put(as);
	return found;
}

int proc_show_smaps_rollup(struct text *t, const struct procfs_who *who)
{
	struct aspace *as = proc_who_aspace(who);
	struct page_sums sums = {0};
	uint32_t start = 0, end = 0, line_start = t->length;

	if (!as)
		return -ESRCH;
	rwlock_read_lock(&as->lock);
	for (struct vma *v = vma_first(&as->vmas); v; v = v->next) {
		start = start ? start : v->start;
		end = v->end;
	}
	report_space(as, &sums);
	rwlock_read_unlock(&as->lock);
	aspace_put(as);
	text_printf(t, "%08x-%08x ---p 00000000 00:00 0 ", start, end);
	pad_to_name(t, line_start);
	text_printf(t, "[rollup]\n");
	append_sums(t, &sums, true);
	return 0;
}
