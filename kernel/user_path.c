/* user_path.c: see user_path.h. */
#include "kernel/user_path.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/proc.h"

struct file *user_file(uint32_t fd)
{
	return fd_get(proc_current()->files, fd);
}

struct file *user_file_io(uint32_t fd)
{
	struct file *f = user_file(fd);

	if (f && f->flags & O_PATH) {
		file_put(f);
		return NULL;
	}
	return f;
}

int user_path_get(struct user_path *up, uint32_t dirfd, uint32_t path_user)
{
	int err;

	*up = (struct user_path){.from = {.ctx = proc_current()->fs}};
	err = path_from_user(path_user, &up->text);
	if (err || up->text[0] == '/' || (int32_t)dirfd == AT_FDCWD)
		return err;
	up->base = user_file(dirfd);
	if (!up->base)
		return -EBADF;
	up->from.base = &up->base->path;
	return 0;
}

void user_path_put(struct user_path *up)
{
	path_free(up->text);
	file_put(up->base);
}

int user_path_lookup(uint32_t dirfd, uint32_t path_user, uint32_t flags, struct path *out)
{
	struct user_path up;
	int err = user_path_get(&up, dirfd, path_user);

	if (!err)
		err = path_lookup(&up.from, up.text, flags, out);
	user_path_put(&up);
	return err;
}

uint32_t lookup_flags_of(uint32_t at_flags)
{
	uint32_t flags = 0;

	if (!(at_flags & AT_SYMLINK_NOFOLLOW))
		flags |= LOOKUP_FOLLOW;
	if (at_flags & AT_EMPTY_PATH)
		flags |= LOOKUP_EMPTY;
	return flags;
}
