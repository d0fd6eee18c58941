/*
 * procfs_pid.c: /proc/PID: files, links and descriptors of processes, through the table that the
 * process layer handed down.
 *
 * An inode knows its process by number only. Names are tested again at each use (valid), so a
 * process that is gone is gone from here too.
 */
#include "fs/caller.h"
#include "fs/dcache.h"
#include "fs/fdtable.h"
#include "fs/mount.h"
#include "fs/procfs_internal.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/abi/stat.h"
#include "kernel/lib/string.h"
#include "mm/kmalloc.h"

/* Numbers within a process's block of PROCFS_PID_INOS. */
#define INO_DIR 0u
#define INO_FOLDER 1u
#define INO_LINK 0x10u
#define INO_FILE 0x100u
#define INO_THREAD 0x800u /* Added to the above in a thread's folder; the block is its number's. */
#define INO_FD 0x1000u

static const char *const link_names[] = {
	[PROCFS_EXE] = "exe",
	[PROCFS_CWD] = "cwd",
	[PROCFS_ROOT] = "root",
};

const struct procfs_pid_ops *procfs_pids;

static const struct inode_ops pid_dir_ops, task_dir_ops, pid_file_ops, pid_link_ops, fd_dir_ops,
	fd_link_ops;

void procfs_set_pid_ops(const struct procfs_pid_ops *ops)
{
	atomic_store(&procfs_pids, ops);
}

const struct inode_ops *procfs_pid_inode_ops(enum procfs_kind kind)
{
	switch (kind) {
	case PROCFS_PID_DIR:
		return &pid_dir_ops;
	case PROCFS_TASK_DIR:
		return &task_dir_ops;
	case PROCFS_PID_LINK:
		return &pid_link_ops;
	case PROCFS_FD_DIR:
		return &fd_dir_ops;
	case PROCFS_FD_LINK:
		return &fd_link_ops;
	default:
		return &pid_file_ops;
	}
}

/* A number without leading zeros, as long as a pid or descriptor; -1 for anything else. */
static int32_t parse_number(const char *name, uint32_t len)
{
	int32_t n = 0;

	if (len == 0 || len > 9 || (name[0] == '0' && len > 1))
		return -1;
	for (uint32_t i = 0; i < len; i++) {
		if (name[i] < '0' || name[i] > '9')
			return -1;
		n = n * 10 + name[i] - '0';
	}
	return n;
}

/* ---- inodes ---- */

/* The process, and the thread, is still there; its inode belongs to its user. */
static bool pid_valid(struct inode *inode)
{
	const struct procfs_who *who = &procfs_of(inode)->who;

	if (who->tid && procfs_pids->next_task(who->pid, who->tid) != who->tid)
		return false;
	return procfs_pids->owner(who->pid, &inode->uid, &inode->gid) == 0;
}

static uint64_t ino_of(const struct procfs_who *who, uint32_t what)
{
	if (who->tid)
		return (uint64_t)(uint32_t)who->tid * PROCFS_PID_INOS + INO_THREAD + what;
	return (uint64_t)(uint32_t)who->pid * PROCFS_PID_INOS + what;
}

/* 0, -ENOMEM, or -ENOENT when the process is gone. */
static int make_inode(struct super *s, enum procfs_kind kind, const struct procfs_who *who,
		      uint32_t index, uint32_t ino, uint32_t mode, struct inode **out)
{
	struct inode *inode = procfs_inode_make(s, kind, ino_of(who, ino), mode);

	if (!inode)
		return -ENOMEM;
	procfs_of(inode)->who = *who;
	procfs_of(inode)->index = index;
	if (!pid_valid(inode)) {
		inode_put(inode);
		return -ENOENT;
	}
	*out = inode;
	return 0;
}

int procfs_pid_lookup(struct inode *root, const char *name, uint32_t len, struct inode **out)
{
	struct procfs_who who = {.pid = procfs_pids ? parse_number(name, len) : -1};

	if (who.pid <= 0)
		return -ENOENT;
	return make_inode(root->super, PROCFS_PID_DIR, &who, 0, INO_DIR, S_IFDIR | 0555, out);
}

void procfs_pid_readdir(loff_t pos, dirent_fn fn, void *ctx)
{
	int32_t pid = pos <= (loff_t)PROCFS_PID_INOS ? 1 : (int32_t)(pos - PROCFS_PID_INOS);
	char name[12];

	if (!procfs_pids)
		return;
	while ((pid = procfs_pids->next(pid)) != 0) {
		const struct procfs_who who = {.pid = pid};
		uint32_t len = (uint32_t)scnprintf(name, sizeof(name), "%d", pid);

		if (!fn(ctx, name, len, ino_of(&who, INO_DIR), S_IFDIR >> 12,
			(loff_t)PROCFS_PID_INOS + pid + 1))
			break;
		pid++;
	}
}

/* ---- /proc/PID and /proc/PID/task/TID: folders, links, files ---- */

static const struct {
	const char *name;
	enum procfs_kind kind;
	uint32_t mode;
} folders[] = {
	{"fd", PROCFS_FD_DIR, S_IFDIR | 0500},
	{"task", PROCFS_TASK_DIR, S_IFDIR | 0555}, /* The last: threads have none. */
};

static uint32_t file_mode(const struct procfs_pid_file *file)
{
	if (file->mode)
		return S_IFREG | file->mode;
	return S_IFREG | (file->store ? 0644 : 0444);
}

/* What stands at a place of the folder. */
struct pid_name {
	const char *name;
	enum procfs_kind kind;
	uint32_t index, ino, mode;
};

/* The n-th name, counted from 0. False: there are fewer. */
static bool nth_name(const struct procfs_who *who, uint32_t n, struct pid_name *out)
{
	uint32_t folder_count = ARRAY_SIZE(folders) - (who->tid != 0);

	if (n < folder_count) {
		*out = (struct pid_name){folders[n].name, folders[n].kind, 0, INO_FOLDER + n,
					 folders[n].mode};
		return true;
	}
	n -= folder_count;
	if (n < ARRAY_SIZE(link_names)) {
		*out = (struct pid_name){link_names[n], PROCFS_PID_LINK, n, INO_LINK + n,
					 S_IFLNK | S_IRWXUGO};
		return true;
	}
	n -= ARRAY_SIZE(link_names);
	if (n >= procfs_pids->entry_count)
		return false;
	*out = (struct pid_name){procfs_pids->entries[n].name, PROCFS_PID_FILE, n, INO_FILE + n,
				 file_mode(&procfs_pids->entries[n])};
	return true;
}

static int pid_dir_lookup(struct inode *dir, const char *name, uint32_t len, struct inode **out)
{
	const struct procfs_who *who = &procfs_of(dir)->who;
	struct pid_name pn;

	for (uint32_t n = 0; nth_name(who, n, &pn); n++)
		if (strlen(pn.name) == len && memcmp(name, pn.name, len) == 0)
			return make_inode(dir->super, pn.kind, who, pn.index, pn.ino, pn.mode, out);
	return -ENOENT;
}

static int pid_dir_readdir(struct inode *dir, loff_t pos, dirent_fn fn, void *ctx)
{
	const struct procfs_who *who = &procfs_of(dir)->who;
	struct pid_name pn;

	if (!pid_valid(dir))
		return -ENOENT;
	for (; nth_name(who, (uint32_t)pos - 2, &pn); pos++)
		if (!fn(ctx, pn.name, strlen(pn.name), ino_of(who, pn.ino), pn.mode >> 12, pos + 1))
			break;
	return 0;
}

static const struct inode_ops pid_dir_ops = {
	.lookup = pid_dir_lookup,
	.readdir = pid_dir_readdir,
	.valid = pid_valid,
};

static const struct inode_ops pid_file_ops = {
	.truncate = procfs_truncate,
	.valid = pid_valid,
};

/* ---- /proc/PID/task ---- */

static int task_dir_lookup(struct inode *dir, const char *name, uint32_t len, struct inode **out)
{
	struct procfs_who who = procfs_of(dir)->who;

	who.tid = parse_number(name, len);
	if (who.tid <= 0)
		return -ENOENT;
	return make_inode(dir->super, PROCFS_PID_DIR, &who, 0, INO_DIR, S_IFDIR | 0555, out);
}

static int task_dir_readdir(struct inode *dir, loff_t pos, dirent_fn fn, void *ctx)
{
	struct procfs_who who = procfs_of(dir)->who;
	char name[12];

	if (!pid_valid(dir))
		return -ENOENT;
	who.tid = (int32_t)(pos - 1); /* Positions begin at 2, threads at 1. */
	while ((who.tid = procfs_pids->next_task(who.pid, who.tid)) != 0) {
		uint32_t len = (uint32_t)scnprintf(name, sizeof(name), "%d", who.tid);

		if (!fn(ctx, name, len, ino_of(&who, INO_DIR), S_IFDIR >> 12, who.tid + 2))
			break;
		who.tid++;
	}
	return 0;
}

static const struct inode_ops task_dir_ops = {
	.lookup = task_dir_lookup,
	.readdir = task_dir_readdir,
	.valid = pid_valid,
};

/* ---- links ---- */

void procfs_current_root(struct path *out)
{
	int32_t self = procfs_pids ? procfs_pids->self() : 0;

	if (self == 0 || procfs_pids->link(self, PROCFS_ROOT, out) != 0)
		vfs_root(out);
}

/* The name of a place as the current process sees it. Bytes, or -errno. */
static ssize_t path_text(const struct path *p, char *buf, size_t size)
{
	char *room = kmalloc(PATH_MAX), *name;
	bool reachable, deleted;
	struct path root;
	ssize_t n;

	if (!room)
		return -ENOMEM;
	procfs_current_root(&root);
	name = path_name(p, &root, room, PATH_MAX, &reachable, &deleted);
	path_put(&root);
	n = name ? scnprintf(buf, size, "%s%s", name, deleted ? " (deleted)" : "") : -ENAMETOOLONG;
	kfree(room);
	return n;
}

/* Where others' files are is nobody's business. */
static int may_follow(struct inode *inode)
{
	struct fs_caller c = caller_current();
	bool own = procfs_of(inode)->who.pid == procfs_pids->self();

	return own || inode_is_owner(inode, &c) ? 0 : -EACCES;
}

static int pid_link_follow(struct inode *inode, struct path *out)
{
	const struct procfs_inode *pi = procfs_of(inode);
	int err = may_follow(inode);

	return err ? err : procfs_pids->link(pi->who.pid, (enum procfs_link)pi->index, out);
}

/* The text of a link that can be followed. */
static ssize_t readlink_followed(struct inode *inode, char *buf, size_t size)
{
	struct path p;
	ssize_t n = inode->ops->follow(inode, &p);

	if (n < 0)
		return n;
	n = path_text(&p, buf, size);
	path_put(&p);
	return n;
}

static const struct inode_ops pid_link_ops = {
	.follow = pid_link_follow,
	.readlink = readlink_followed,
	.valid = pid_valid,
};

/* ---- /proc/PID/fd ---- */

/* The file behind a descriptor of a process, with a reference; NULL. */
static struct file *pid_file(int32_t pid, uint32_t fd)
{
	struct fdtable *t = procfs_pids->files(pid);
	struct file *f = t ? fd_get(t, fd) : NULL;

	fdtable_put(t);
	return f;
}

static bool fd_valid(struct inode *inode)
{
	const struct procfs_inode *pi = procfs_of(inode);
	struct file *f = pid_file(pi->who.pid, pi->index);

	file_put(f);
	return f && pid_valid(inode);
}

static int fd_link_follow(struct inode *inode, struct path *out)
{
	const struct procfs_inode *pi = procfs_of(inode);
	int err = may_follow(inode);
	struct file *f;

	if (err)
		return err;
	f = pid_file(pi->who.pid, pi->index);
	if (!f)
		return -ENOENT;
	*out = path_get(&f->path);
	file_put(f);
	return 0;
}

static const struct inode_ops fd_link_ops = {
	.follow = fd_link_follow,
	.readlink = readlink_followed,
	.valid = fd_valid,
};

/* A link's permission bits say how the file was opened. */
static uint32_t fd_mode(const struct file *f)
{
	uint32_t mode = S_IFLNK | 0100;

	if (file_readable(f))
		mode |= 0400;
	if (file_writable(f))
		mode |= 0200;
	return mode;
}

static int fd_dir_lookup(struct inode *dir, const char *name, uint32_t len, struct inode **out)
{
	const struct procfs_who *who = &procfs_of(dir)->who;
	int32_t fd = parse_number(name, len);
	struct file *f = fd >= 0 ? pid_file(who->pid, (uint32_t)fd) : NULL;
	int err;

	if (!f)
		return -ENOENT;
	err = make_inode(dir->super, PROCFS_FD_LINK, who, (uint32_t)fd, INO_FD + (uint32_t)fd,
			 fd_mode(f), out);
	file_put(f);
	return err;
}

static int fd_dir_readdir(struct inode *dir, loff_t pos, dirent_fn fn, void *ctx)
{
	const struct procfs_who *who = &procfs_of(dir)->who;
	struct fdtable *t = procfs_pids->files(who->pid);
	char name[12];

	if (!t)
		return -ENOENT;
	if (pos - 2 < FD_MAX) {
		uint32_t fd = (uint32_t)(pos - 2);

		while ((fd = fd_next(t, fd)) != UINT32_MAX) {
			uint32_t len = (uint32_t)scnprintf(name, sizeof(name), "%u", fd);

			if (!fn(ctx, name, len, ino_of(who, INO_FD + fd), S_IFLNK >> 12,
				(loff_t)fd + 3))
				break;
			fd++;
		}
	}
	fdtable_put(t);
	return 0;
}

static const struct inode_ops fd_dir_ops = {
	.lookup = fd_dir_lookup,
	.readdir = fd_dir_readdir,
	.valid = pid_valid,
};
