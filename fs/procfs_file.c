/*
 * procfs_file.c: open files of /proc: text made as it is read, and bytes that are passed on.
 *
 * Of a text an open file keeps a window: what show made, which is all of it, or the last page or so of
 * what step made. A reader who goes back before the window has the text made anew from its beginning.
 *
 * Lock: procfs_open.lock (RANK_PROC, after the file's pos_lock) keeps pread away while text is made.
 */
#include "fs/file.h"
#include "fs/procfs_internal.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/fcntl.h"
#include "kernel/lib/string.h"
#include "mm/kmalloc.h"

struct procfs_open {
	struct mutex lock;
	struct procfs_who who;
	struct text text; /* The bytes from start on. */
	loff_t start;
	uint32_t cursor; /* step's. */
	bool more;	 /* Behind the window. */
};

static const struct procfs_pid_file *pid_file_of(const struct procfs_inode *pi)
{
	return pi->kind == PROCFS_PID_FILE ? &procfs_pids->entries[pi->index] : NULL;
}

/* A copy of who with its process, to be put; -ESRCH when that is gone. */
static int who_get(const struct procfs_open *o, struct procfs_who *who)
{
	*who = o->who;
	who->proc = procfs_pids->find(who->pid);
	return who->proc ? 0 : -ESRCH;
}

static void who_put(struct procfs_who *who)
{
	procfs_pids->put(who->proc);
}

/* Ask whose file it is whether it may be opened. */
static int open_ask(struct procfs_open *o, const struct procfs_pid_file *pf)
{
	struct procfs_who who;
	int err = who_get(o, &who);

	if (err)
		return err;
	err = pf->open(&who);
	o->who.space = who.space;
	who_put(&who);
	return err;
}

/* The modes of settings bind root as well. */
static bool setting_allows(const struct procfs_entry *e, const struct file *f)
{
	if (memcmp(e->path, "sys/", 4) != 0)
		return true;
	return (!file_readable(f) || e->mode & 0444) && (!file_writable(f) || e->mode & 0222);
}

static int procfs_open(struct file *f)
{
	const struct procfs_inode *pi = procfs_of(f->inode);
	const struct procfs_pid_file *pf = pid_file_of(pi);
	struct procfs_open *o;
	int err = 0;

	if (!pf && !setting_allows(pi->entry, f))
		return -EACCES;
	o = kmalloc(sizeof(*o));
	if (!o)
		return -ENOMEM;
	mutex_init(&o->lock, "procfs_open", RANK_PROC);
	text_init(&o->text);
	o->who = pi->who;
	o->start = 0;
	o->more = false;
	if (pf && pf->open)
		err = open_ask(o, pf);
	if (err)
		kfree(o);
	else
		f->private = o;
	return err;
}

static void procfs_release(struct file *f)
{
	struct procfs_open *o = f->private;

	text_free(&o->text);
	kfree(o);
}

/* ---- reading ---- */

/* Nothing is known of the text but where it begins. */
static void window_reset(struct procfs_open *o)
{
	text_free(&o->text);
	o->start = 0;
	o->cursor = 0;
	o->more = true;
}

/* Append the next piece to the text, or all of it. 1: there may be more. */
static int piece_make(struct procfs_open *o, const struct procfs_inode *pi)
{
	const struct procfs_pid_file *pf = pid_file_of(pi);
	struct procfs_who who;
	int ret;

	if (!pf)
		return pi->entry->show(&o->text, pi->entry);
	ret = who_get(o, &who);
	if (ret)
		return ret;
	ret = pf->step ? pf->step(&o->text, &who, &o->cursor) : pf->show(&o->text, &who);
	who_put(&who);
	return ret;
}

static int window_advance(struct procfs_open *o, const struct procfs_inode *pi)
{
	int ret;

	if (o->text.length >= PAGE_SIZE) {
		o->start += o->text.length;
		text_free(&o->text);
	}
	ret = piece_make(o, pi);
	o->more = ret > 0;
	if (ret >= 0)
		ret = o->text.error;
	if (ret < 0)
		window_reset(o); /* The next read tries again. */
	return ret;
}

/* As much of the text from *pos on as there is and as u wants. An error comes after what is before it. */
static ssize_t text_transfer(struct procfs_open *o, const struct procfs_inode *pi, struct uio *u,
			     loff_t *pos)
{
	ssize_t done = 0, n = 0;

	if (*pos == 0 || *pos < o->start)
		window_reset(o);
	while (u->resid > 0 && n >= 0) {
		if (*pos < o->start + o->text.length) {
			n = text_read(&o->text, u, *pos - o->start);
			done += n > 0 ? n : 0;
			*pos += n > 0 ? n : 0;
		} else if (o->more) {
			n = window_advance(o, pi);
		} else {
			break;
		}
	}
	return done > 0 ? done : n < 0 ? n : 0;
}

/* Bytes straight from or to the process; when it is gone there are none. */
static ssize_t transfer_raw(const struct procfs_open *o,
			    ssize_t (*fn)(const struct procfs_who *, struct uio *, loff_t *),
			    struct uio *u, loff_t *pos)
{
	struct procfs_who who;
	ssize_t n;

	if (who_get(o, &who) != 0)
		return 0;
	n = fn(&who, u, pos);
	who_put(&who);
	return n;
}

static ssize_t procfs_read(struct file *f, struct uio *u, loff_t *pos)
{
	const struct procfs_inode *pi = procfs_of(f->inode);
	const struct procfs_pid_file *pf = pid_file_of(pi);
	struct procfs_open *o = f->private;
	ssize_t n;

	if (pf && pf->read)
		return transfer_raw(o, pf->read, u, pos);
	if (!pf && pi->entry->read)
		return pi->entry->read(pi->entry, u, pos);
	if (pf ? !pf->show && !pf->step : !pi->entry->show)
		return -EINVAL;
	mutex_lock_nested(&o->lock);
	n = text_transfer(o, pi, u, pos);
	mutex_unlock(&o->lock);
	return n;
}

/* ---- writing ---- */

static int store(struct file *f, const char *text)
{
	const struct procfs_inode *pi = procfs_of(f->inode);
	const struct procfs_pid_file *pf = pid_file_of(pi);
	struct procfs_who who;
	int err;

	if (!pf)
		return pi->entry->store(pi->entry, text);
	err = who_get(f->private, &who);
	if (err)
		return err;
	err = pf->store(&who, text);
	who_put(&who);
	return err;
}

static ssize_t text_store(struct file *f, struct uio *u)
{
	char few[32], *text = few; /* A word needs no memory: "off" must end a failing kmalloc. */
	size_t len = u->resid;
	int err;

	if (len > PROCFS_STORE_MAX)
		return -EINVAL;
	if (len >= sizeof(few))
		text = kmalloc(len + 1);
	if (!text)
		return -ENOMEM;
	err = uio_copy_in(u, text, len) == len ? 0 : -EFAULT;
	text[len] = '\0';
	if (!err)
		err = store(f, text);
	if (text != few)
		kfree(text);
	return err ? err : (ssize_t)len;
}

static ssize_t procfs_write(struct file *f, struct uio *u, loff_t *pos)
{
	const struct procfs_inode *pi = procfs_of(f->inode);
	const struct procfs_pid_file *pf = pid_file_of(pi);

	if (pf && pf->write)
		return transfer_raw(f->private, pf->write, u, pos);
	if (pf ? !pf->store : !pi->entry->store)
		return pf ? -EINVAL : -EIO;
	return text_store(f, u);
}

const struct file_ops procfs_file_ops = {
	.open = procfs_open,
	.read = procfs_read,
	.write = procfs_write,
	.seek = file_seek_unsized,
	.release = procfs_release,
	.positioned = true,
};
