/*
 * place.h: paths as pairs of mount and dentry: holding them, stepping across mounts, naming them.
 *
 * Lock: dcache_lock, inside each function; the _locked ones are called with it.
 */
#pragma once

#include "fs/vfs.h"

struct path path_get(const struct path *p); /* A copy with references. */
void path_get_locked(const struct path *p); /* References only; dcache_lock held. */
void path_put(struct path *p);		    /* Empties p; an empty one is allowed. May sleep. */

/* Go from a place to the root of what is mounted over it, if anything is. Keeps one reference. */
void path_enter_mounts(struct path *p);

/* Go to the parent directory, through mounts, but not above root. Keeps one reference. */
void path_go_up(struct path *p, const struct path *root);

/*
 * The name of a place as seen from root, at the end of buf; size at most PATH_MAX. Its start, or
 * NULL when it does not fit. *reachable is false when root does not stand above it (the name then
 * starts at the top of its own tree), *deleted true when the name is gone.
 */
char *path_name(const struct path *p, const struct path *root, char *buf, size_t size,
		bool *reachable, bool *deleted);

/* True for the root of what is mounted there. */
bool path_is_mount_root(const struct path *p);
