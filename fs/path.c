/*
 * path.c: the path walk.
 *
 * One component after the other: search permission, the name through the dentry cache or the file
 * system, then down into mounts. The text of a symbolic link is put on a stack (levels) and walked
 * before what remains of the text around it; a level with nothing remaining is left at once, so
 * that the last component is the last of all texts.
 */
#include "fs/path.h"

#include "fs/context.h"
#include "fs/dcache.h"
#include "fs/inode.h"
#include "fs/mount.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/stat.h"
#include "kernel/lib/string.h"
#include "mm/kmalloc.h"
#include "mm/pageout.h"

int path_from_user(uint32_t user, char **out)
{
	char *path;
	ssize_t len;

	pageout_wait(); /* The walk cannot. */
	path = kmalloc(PATH_MAX);
	if (!path)
		return -ENOMEM;
	len = strncpy_from_user(path, (const char __user *)user, PATH_MAX);
	if (len < 0) {
		kfree(path);
		return (int)len;
	}
	*out = path;
	return 0;
}

void path_free(char *path)
{
	kfree(path);
}

int link_text(struct inode *link, char **out)
{
	char *text = kmalloc(PATH_MAX);
	ssize_t len;

	if (!text)
		return -ENOMEM;
	len = link->ops->readlink ? link->ops->readlink(link, text, PATH_MAX - 1) : -EINVAL;
	if (len <= 0) {
		kfree(text);
		return len < 0 ? (int)len : -ENOENT;
	}
	text[len] = '\0';
	*out = text;
	return 0;
}

/* ---- beginning and ending ---- */

static const char *skip_slashes(const char *s)
{
	while (*s == '/')
		s++;
	return s;
}

static size_t component_length(const char *s)
{
	size_t n = 0;

	while (s[n] && s[n] != '/')
		n++;
	return n;
}

int walk_begin(struct walk *w, const struct lookup *from, const char *path)
{
	memset(w, 0, sizeof(*w));
	w->caller = from->caller ? *from->caller : caller_current();
	w->rest = path;
	if (from->ctx)
		fs_context_root(from->ctx, &w->root);
	else
		vfs_root(&w->root);
	if (*path == '/')
		w->at = path_get(&w->root);
	else if (from->base)
		w->at = path_get(from->base);
	else if (from->ctx)
		fs_context_cwd(from->ctx, &w->at);
	else
		w->at = path_get(&w->root);
	if (!*path)
		return -ENOENT;
	return strnlen(path, PATH_MAX) == PATH_MAX ? -ENAMETOOLONG : 0;
}

static void pop_level(struct walk *w)
{
	struct walk_level *l = &w->levels[--w->depth];

	w->rest = l->outer_rest;
	kfree(l->body);
}

void walk_end(struct walk *w)
{
	while (w->depth > 0)
		pop_level(w);
	path_put(&w->at);
	path_put(&w->root);
}

/* ---- one component ---- */

static struct inode *here(const struct walk *w)
{
	return w->at.dentry->inode;
}

/* May we look for a name where we are? */
static int may_search(const struct walk *w)
{
	if (!S_ISDIR(here(w)->mode))
		return -ENOTDIR;
	return inode_permission(here(w), &w->caller, MAY_EXEC);
}

static int find_name(const struct walk *w, const char *name, uint32_t len, struct dentry **out)
{
	struct dentry *dir = w->at.dentry;
	int err;

	*out = len <= NAME_MAX ? dcache_lookup(dir, name, len) : NULL;
	if (*out)
		return 0;
	mutex_lock(&dir->inode->lock);
	err = dentry_lookup_locked(dir, name, len, out);
	mutex_unlock(&dir->inode->lock);
	return err;
}

int walk_find_last(struct walk *w, struct dentry **out)
{
	return find_name(w, w->last, w->last_len, out);
}

void walk_go_down(struct walk *w, struct dentry *d)
{
	dentry_put(w->at.dentry);
	w->at.dentry = d;
	path_enter_mounts(&w->at);
}

static int follow_jump(struct walk *w, struct inode *link)
{
	struct path to;
	int err = link->ops->follow(link, &to);

	if (err)
		return err;
	path_put(&w->at);
	w->at = to;
	return 0;
}

/* Walk body before what remains of the current text. */
static void push_level(struct walk *w, char *body)
{
	const char *after = skip_slashes(w->rest);

	/* Only slashes follow: the link's own last component is the last of all. */
	while (!*after && w->depth > 0) {
		pop_level(w);
		after = skip_slashes(w->rest);
	}
	w->levels[w->depth].body = body;
	w->levels[w->depth].outer_rest = w->rest;
	w->depth++;
	w->rest = body;
}

int walk_follow(struct walk *w, struct dentry *link)
{
	char *body;
	int err;

	if (++w->links > SYMLOOP_MAX)
		return -ELOOP;
	inode_accessed(link->inode);
	if (link->inode->ops->follow)
		return follow_jump(w, link->inode);
	err = link_text(link->inode, &body);
	if (err)
		return err;
	if (*body == '/') {
		path_put(&w->at);
		w->at = path_get(&w->root);
	}
	push_level(w, body);
	return 0;
}

/* Step into a component that is not the last. */
static int step(struct walk *w, const char *name, uint32_t len)
{
	struct dentry *d;
	int err = find_name(w, name, len, &d);

	if (err)
		return err;
	if (!d->inode) {
		dentry_put(d);
		return -ENOENT;
	}
	if (S_ISLNK(d->inode->mode)) {
		err = walk_follow(w, d);
		dentry_put(d);
		return err;
	}
	walk_go_down(w, d);
	return 0;
}

static bool is_dots(const char *name, size_t len)
{
	return name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.'));
}

/* The next component of the texts; 0 when there is none. w->rest moves behind it; *is_last when
 * only slashes follow in all texts. */
static size_t next_component(struct walk *w, const char **name, bool *is_last)
{
	size_t len;

	for (;;) {
		w->rest = skip_slashes(w->rest);
		len = component_length(w->rest);
		if (len > 0 || w->depth == 0)
			break;
		pop_level(w);
	}
	*name = w->rest;
	w->rest += len;
	*is_last = false;
	if (len > 0 && !*skip_slashes(w->rest)) {
		*is_last = w->depth == 0 || !*skip_slashes(w->levels[w->depth - 1].outer_rest);
		w->slash |=
			*is_last && (*w->rest || (w->depth && *w->levels[w->depth - 1].outer_rest));
	}
	return len;
}

int walk_to_last(struct walk *w)
{
	const char *name;
	bool is_last;
	size_t len;
	int err = 0;

	w->kind = w->links ? LAST_JUMP : LAST_ROOT;
	while (!err && (len = next_component(w, &name, &is_last)) > 0) {
		err = may_search(w);
		if (err)
			break;
		if (is_dots(name, len)) {
			w->kind = len == 1 ? LAST_DOT : LAST_DOTDOT;
			if (len == 2)
				path_go_up(&w->at, &w->root);
			continue;
		}
		w->kind = LAST_NAME;
		w->last = name;
		w->last_len = len;
		if (is_last)
			return len > NAME_MAX ? -ENAMETOOLONG : 0;
		err = step(w, name, len);
	}
	return err;
}

/* ---- the simple form ---- */

/* Go to what the last component names, following it if it is a link and that is wanted. *again:
 * there is more text to walk. */
static int finish(struct walk *w, uint32_t flags, bool *again)
{
	struct dentry *d;
	int err;

	*again = false;
	if (w->kind != LAST_NAME)
		return 0;
	err = walk_find_last(w, &d);
	if (err)
		return err;
	if (!d->inode) {
		dentry_put(d);
		return -ENOENT;
	}
	if (S_ISLNK(d->inode->mode) && (flags & LOOKUP_FOLLOW || w->slash)) {
		err = walk_follow(w, d);
		dentry_put(d);
		*again = true;
		return err;
	}
	walk_go_down(w, d);
	return 0;
}

int path_lookup(const struct lookup *from, const char *path, uint32_t flags, struct path *out)
{
	struct walk w;
	bool again;
	int err = walk_begin(&w, from, path);

	if (err == -ENOENT && flags & LOOKUP_EMPTY)
		err = 0;
	do {
		again = false;
		if (!err)
			err = walk_to_last(&w);
		if (!err)
			err = finish(&w, flags, &again);
	} while (!err && again);
	if (!err && (flags & LOOKUP_DIRECTORY || w.slash) && !S_ISDIR(here(&w)->mode))
		err = -ENOTDIR;
	if (!err)
		*out = path_get(&w.at);
	walk_end(&w);
	return err;
}
