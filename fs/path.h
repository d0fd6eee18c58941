/*
 * path.h: from a name to a place: the path walk.
 *
 * Simple lookups are one call. Whoever makes, removes or renames the last name walks by steps: the
 * walk stops in the directory of the last component, which is then handled with that directory
 * locked; when the component turns out to be a symbolic link to be followed, the walk goes on from
 * there.
 *
 *	err = walk_begin(&w, &from, "/tmp/new");
 *	if (!err)
 *		err = walk_to_last(&w);		w.at is /tmp, w.last is "new"
 *	...
 *	walk_end(&w);
 *
 * A walk holds references, and a lock (of one directory) only inside each step.
 */
#pragma once

#include "fs/caller.h"

struct fs_context;
struct dentry;

/* Where a lookup starts and for whom. All zero: the kernel's own, from the root of the tree. */
struct lookup {
	struct fs_context *ctx;	 /* Whose root and working directory. NULL: the root of the tree. */
	const struct path *base; /* Start of relative paths instead of the working directory. */
	const struct fs_caller *caller; /* NULL: the current process. */
};

#define LOOKUP_FOLLOW 1u    /* Follow a symbolic link at the end. */
#define LOOKUP_DIRECTORY 2u /* The result must be a directory (-ENOTDIR). */
#define LOOKUP_EMPTY 4u	    /* An empty path means the start itself, else -ENOENT. */

/* The existing place of this name, with references. 0 or -errno as open(2) without O_CREAT. May
 * sleep. */
int path_lookup(const struct lookup *from, const char *path, uint32_t flags, struct path *out);

/* What the last component is. */
enum last_kind {
	LAST_NAME,
	LAST_DOT,    /* ".": at is the place itself. */
	LAST_DOTDOT, /* "..": at is where it leads. */
	LAST_ROOT,   /* "/", or nothing at all: at is the place itself. */
	LAST_JUMP,   /* A link that leads to a place: at is that. */
};

struct walk {
	struct path root, at;
	struct fs_caller caller;
	uint32_t links; /* Symbolic links followed so far. */

	enum last_kind kind; /* After walk_to_last. */
	const char *last;    /* LAST_NAME: the name, not terminated. */
	uint32_t last_len;
	bool slash; /* Slashes come after it: it must be a directory. */

	const char *rest; /* What is still to do in the current text. */
	uint32_t depth;
	struct walk_level { /* Texts of links, each with what remains of the text around it. */
		char *body;
		const char *outer_rest;
	} levels[SYMLOOP_MAX];
};

/* path must stay until walk_end. 0, -ENOENT (empty), -ENAMETOOLONG. walk_end is called in any
 * case. */
int walk_begin(struct walk *w, const struct lookup *from, const char *path);
void walk_end(struct walk *w);

/* Walk everything but the last component. */
int walk_to_last(struct walk *w);

/* link, which the last component named in w->at, is a symbolic link: go on with its text, then
 * walk_to_last again. -ELOOP beyond SYMLOOP_MAX. */
int walk_follow(struct walk *w, struct dentry *link);

/* What w->last names in w->at, without locking (*out may be negative). References. 0 or -errno. */
int walk_find_last(struct walk *w, struct dentry **out);

/* Go to d, a name in w->at, and into what is mounted there. Takes over the reference. */
void walk_go_down(struct walk *w, struct dentry *d);

/* Copy a user's path. 0 and *out (free with path_free), -EFAULT, -ENAMETOOLONG, -ENOMEM. */
int path_from_user(uint32_t user, char **out);
void path_free(char *path);

/* The text of a symbolic link, terminated, to be freed with path_free. 0 or -errno. May sleep. */
int link_text(struct inode *link, char **out);
