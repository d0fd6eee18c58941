/* procfs_mounts.c: the mount table as /proc/PID/mounts and mountinfo write it (proc(5)). */
#include "fs/mount.h"
#include "fs/procfs_internal.h"
#include "kernel/abi/errno.h"
#include "mm/kmalloc.h"

static bool is_read_only(const struct mount *m)
{
	return atomic_load(&m->super->flags) & SUPER_RDONLY;
}

/* Where m is mounted as seen from root, in buf of PATH_MAX bytes; NULL: not to be seen from
 * there. */
static char *mount_place(struct mount *m, const struct path *root, char *buf)
{
	struct path at = {.mount = m, .dentry = m->super->root};
	bool reachable, deleted;
	char *name = path_name(&at, root, buf, PATH_MAX, &reachable, &deleted);

	return reachable ? name : NULL;
}

/* Call line for every mount that the current process can see, with the name of its place. */
static int each_mount(struct text *t, void (*line)(struct text *, struct mount *, const char *))
{
	char *buf = kmalloc(PATH_MAX);
	struct mount *m = NULL;
	struct path root;

	if (!buf)
		return -ENOMEM;
	procfs_current_root(&root);
	while ((m = mount_next(m)) != NULL) {
		const char *place = mount_place(m, &root, buf);

		if (place)
			line(t, m, place);
	}
	path_put(&root);
	kfree(buf);
	return 0;
}

static void append_options(struct text *t, struct mount *m)
{
	char options[128] = "";

	if (m->super->ops->show_options)
		m->super->ops->show_options(m->super, options, sizeof(options));
	text_printf(t, "%s%s", is_read_only(m) ? "ro" : "rw", options);
}

static void mounts_line(struct text *t, struct mount *m, const char *place)
{
	text_append_escaped(t, m->source, "#");
	text_append(t, " ", 1);
	text_append_escaped(t, place, "#");
	text_printf(t, " %s ", m->super->type->name);
	append_options(t, m);
	text_printf(t, " 0 0\n");
}

static void mountinfo_line(struct text *t, struct mount *m, const char *place)
{
	text_printf(t, "%u %u %u:%u / ", m->id, m->parent ? m->parent->id : 0,
		    m->super->dev_id >> 8 & 0xFFFu, m->super->dev_id & 0xFFu);
	text_append_escaped(t, place, "#");
	text_printf(t, " %s - %s ", is_read_only(m) ? "ro" : "rw", m->super->type->name);
	text_append_escaped(t, m->source, "#");
	text_append(t, " ", 1);
	append_options(t, m);
	text_append(t, "\n", 1);
}

int procfs_show_mounts(struct text *t)
{
	return each_mount(t, mounts_line);
}

int procfs_show_mountinfo(struct text *t)
{
	return each_mount(t, mountinfo_line);
}
