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
#define INO_FD_DIR 1u
#define INO_LINK 0x10u
#define INO_FILE 0x100u
#define INO_FD 0x1000u

/* Positions in /proc/PID: its descriptors' folder, then the links, then the files. */
#define POS_FD_DIR 2
#define POS_LINKS 3

static const char *const link_names[] = {
	[PROCFS_EXE] = "exe",
	[PROCFS_CWD] = "cwd",
	[PROCFS_ROOT] = "root",
};

const struct procfs_pid_ops *procfs_pids;

static const struct inode_ops pid_dir_ops, pid_file_ops, pid_link_ops, fd_dir_ops, fd_link_ops;

void procfs_set_pid_ops(const struct procfs_pid_ops *ops)
{
	atomic_store(&procfs_pids, ops);
}

const struct inode_ops *procfs_pid_inode_ops(enum procfs_kind kind)
{
	switch (kind) {
	case PROCFS_PID_DIR:
		return &pid_dir_ops;
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

/* The process is still there; its inode belongs to its user. */
static bool pid_valid(struct inode *inode)
{
	return procfs_pids->owner(procfs_of(inode)->pid, &inode->uid, &inode->gid) == 0;
}

static uint64_t ino_of(int32_t pid, uint32_t what)
{
	return (uint64_t)(uint32_t)pid * PROCFS_PID_INOS + what;
}

/* 0, -ENOMEM, or -ENOENT when the process is gone. */
static int make_inode(struct super *s, enum procfs_kind kind, int32_t pid, uint32_t index,
		      uint32_t ino, uint32_t mode, struct inode **out)
{
	struct inode *inode = procfs_inode_make(s, kind, ino_of(pid, ino), mode);

	if (!inode)
		return -ENOMEM;
	procfs_of(inode)->pid = pid;
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
	int32_t pid = procfs_pids ? parse_number(name, len) : -1;

	if (pid <= 0)
		return -ENOENT;
	return make_inode(root->super, PROCFS_PID_DIR, pid, 0, INO_DIR, S_IFDIR | 0555, out);
}

void procfs_pid_readdir(loff_t pos, dirent_fn fn, void *ctx)
{
	int32_t pid = pos <= (loff_t)PROCFS_PID_INOS ? 1 : (int32_t)(pos - PROCFS_PID_INOS);
	char name[12];

	if (!procfs_pids)
		return;
	while ((pid = procfs_pids->next(pid)) != 0) {
		uint32_t len = (uint32_t)scnprintf(name, sizeof(name), "%d", pid);

		if (!fn(ctx, name, len, ino_of(pid, INO_DIR), S_IFDIR >> 12,
			(loff_t)PROCFS_PID_INOS + pid + 1))
			break;
		pid++;
	}
}

/* ---- /proc/PID ---- */

static uint32_t file_mode(const struct procfs_pid_file *file)
{
	if (file->mode)
		return S_IFREG | file->mode;
	return S_IFREG | (file->store ? 0644 : 0444);
}

static bool name_is(const char *name, uint32_t len, const char *text)
{
	return strlen(text) == len && memcmp(name, text, len) == 0;
}

static int pid_dir_lookup(struct inode *dir, const char *name, uint32_t len, struct inode **out)
{
	int32_t pid = procfs_of(dir)->pid;
	struct super *s = dir->super;

	if (name_is(name, len, "fd"))
		return make_inode(s, PROCFS_FD_DIR, pid, 0, INO_FD_DIR, S_IFDIR | 0500, out);
	for (uint32_t i = 0; i < ARRAY_SIZE(link_names); i++)
		if (name_is(name, len, link_names[i]))
			return make_inode(s, PROCFS_PID_LINK, pid, i, INO_LINK + i,
					  S_IFLNK | S_IRWXUGO, out);
	for (uint32_t i = 0; i < procfs_pids->entry_count; i++)
		if (name_is(name, len, procfs_pids->entries[i].name))
			return make_inode(s, PROCFS_PID_FILE, pid, i, INO_FILE + i,
					  file_mode(&procfs_pids->entries[i]), out);
	return -ENOENT;
}

static int pid_dir_readdir(struct inode *dir, loff_t pos, dirent_fn fn, void *ctx)
{
	int32_t pid = procfs_of(dir)->pid;
	uint32_t count = ARRAY_SIZE(link_names) + procfs_pids->entry_count;

	if (!pid_valid(dir))
		return -ENOENT;
	if (pos == POS_FD_DIR) {
		if (!fn(ctx, "fd", 2, ino_of(pid, INO_FD_DIR), S_IFDIR >> 12, POS_LINKS))
			return 0;
		pos = POS_LINKS;
	}
	for (; pos - POS_LINKS < (loff_t)count; pos++) {
		uint32_t i = (uint32_t)(pos - POS_LINKS);
		bool is_link = i < ARRAY_SIZE(link_names);
		uint32_t k = is_link ? i : i - ARRAY_SIZE(link_names);
		const char *name = is_link ? link_names[k] : procfs_pids->entries[k].name;

		if (!fn(ctx, name, strlen(name), ino_of(pid, (is_link ? INO_LINK : INO_FILE) + k),
			(is_link ? S_IFLNK : S_IFREG) >> 12, pos + 1))
			break;
	}
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

int procfs_pid_show(struct procfs_inode *pi, struct text *t)
{
	const struct procfs_pid_file *file = &procfs_pids->entries[pi->index];

	return file->show ? file->show(t, pi->pid) : -EINVAL;
}

bool procfs_pid_can_store(const struct procfs_inode *pi)
{
	return procfs_pids->entries[pi->index].store != NULL;
}

int procfs_pid_store(struct procfs_inode *pi, const char *text, size_t len)
{
	return procfs_pids->entries[pi->index].store(pi->pid, text, len);
}

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
static int may_follow(const struct inode *inode)
{
	struct fs_caller c = caller_current();

	return inode_is_owner(inode, &c) ? 0 : -EACCES;
}

static int pid_link_follow(struct inode *inode, struct path *out)
{
	const struct procfs_inode *pi = procfs_of(inode);
	int err = may_follow(inode);

	return err ? err : procfs_pids->link(pi->pid, (enum procfs_link)pi->index, out);
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
	struct file *f = pid_file(pi->pid, pi->index);

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
	f = pid_file(pi->pid, pi->index);
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
	int32_t pid = procfs_of(dir)->pid, fd = parse_number(name, len);
	struct file *f = fd >= 0 ? pid_file(pid, (uint32_t)fd) : NULL;
	int err;

	if (!f)
		return -ENOENT;
	err = make_inode(dir->super, PROCFS_FD_LINK, pid, (uint32_t)fd, INO_FD + (uint32_t)fd,
			 fd_mode(f), out);
	file_put(f);
	return err;
}

static int fd_dir_readdir(struct inode *dir, loff_t pos, dirent_fn fn, void *ctx)
{
	int32_t pid = procfs_of(dir)->pid;
	struct fdtable *t = procfs_pids->files(pid);
	char name[12];

	if (!t)
		return -ENOENT;
	if (pos - 2 < FD_MAX) {
		uint32_t fd = (uint32_t)(pos - 2);

		while ((fd = fd_next(t, fd)) != UINT32_MAX) {
			uint32_t len = (uint32_t)scnprintf(name, sizeof(name), "%u", fd);

			if (!fn(ctx, name, len, ino_of(pid, INO_FD + fd), S_IFLNK >> 12,
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
