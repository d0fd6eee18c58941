/*
 * sys_poll.c: waiting for files: poll and select in all their forms.
 *
 * All become an array of (file, events wanted). The first pass over it asks each file and leaves a
 * waiter on its queues; if nothing holds, the task sleeps, and each wake-up makes another pass that only
 * asks. The files are held until the end, so that their queues stay.
 */
#include "arch/x86/clock.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/poll.h"
#include "kernel/abi/resource.h"
#include "kernel/lib/bitmap.h"
#include "kernel/lib/string.h"
#include "kernel/signal.h"
#include "kernel/sys_file.h"
#include "kernel/time.h"
#include "kernel/user_path.h"
#include "mm/kmalloc.h"

#define NSEC_PER_MSEC 1000000ull
#define NSEC_PER_USEC 1000ull
#define QUEUES_PER_FILE 2 /* A terminal has one to read and one to write. */

struct poll_item {
	struct file *file; /* A reference; NULL: nothing to ask. */
	uint32_t wanted;
	uint32_t events; /* Result. */
};

/* How long to wait. */
struct patience {
	bool now;	   /* Do not wait at all. */
	uint64_t deadline; /* 0: for ever. */
};

#define FOR_EVER ((struct patience){.deadline = 0})

static struct patience patience_ns(uint64_t ns)
{
	return (struct patience){.now = ns == 0, .deadline = time_after(ns)};
}

/* ---- the engine ---- */

/* Ask every file once. The number of items with events. */
static uint32_t scan(struct poll_item *items, uint32_t count, struct poll_table *pt)
{
	uint32_t ready = 0;

	for (uint32_t i = 0; i < count; i++) {
		struct poll_item *it = &items[i];

		if (it->file)
			it->events = file_poll(it->file, ready ? NULL : pt) & it->wanted;
		ready += it->events != 0;
	}
	return ready;
}

static int32_t wait_for_items(struct poll_item *items, uint32_t count, struct poll_table *pt,
			      uint64_t deadline)
{
	struct poll_table *first = pt;
	uint32_t ready;
	int err = 0;

	for (;;) {
		thread_sleep_prepare(THREAD_SLEEPING_INTERRUPTIBLE);
		ready = scan(items, count, first);
		if (first && first->error)
			err = first->error;
		first = NULL;
		if (ready || err)
			break;
		err = thread_sleep(deadline);
	}
	thread_sleep_cancel();
	if (ready || err == -ETIMEDOUT)
		return (int32_t)ready;
	return err == -EINTR ? -ERESTARTNOHAND : err;
}

/* The number of items with events, 0 when time is up, -ERESTARTNOHAND, -ENOMEM. */
static int32_t poll_items(struct poll_item *items, uint32_t count, struct patience patience)
{
	struct poll_table pt = {.max = count * QUEUES_PER_FILE};
	int32_t result;

	if (patience.now)
		return (int32_t)scan(items, count, NULL);
	pt.waiters = kmalloc(MAX(pt.max, 1u) * sizeof(*pt.waiters));
	if (!pt.waiters)
		return -ENOMEM;
	result = wait_for_items(items, count, &pt, patience.deadline);
	poll_finish(&pt);
	kfree(pt.waiters);
	return result;
}

static void items_put(struct poll_item *items, uint32_t count)
{
	for (uint32_t i = 0; items && i < count; i++)
		file_put(items[i].file);
	kfree(items);
}

/* ---- poll ---- */

static struct poll_item *items_of_pollfds(const struct pollfd *fds, uint32_t count)
{
	struct poll_item *items = kzalloc(MAX(count, 1u) * sizeof(*items));

	for (uint32_t i = 0; items && i < count; i++) {
		if (fds[i].fd < 0)
			continue;
		items[i].wanted = (uint16_t)fds[i].events | POLLERR | POLLHUP | POLLNVAL;
		items[i].file = user_file((uint32_t)fds[i].fd);
		if (!items[i].file)
			items[i].events = POLLNVAL;
	}
	return items;
}

/* Only revents is written: the rest of each struct is the user's. */
static int put_revents(uint32_t fds_user, const struct poll_item *items, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = fds_user + i * sizeof(struct pollfd) + offsetof(struct pollfd, revents);
		uint16_t revents = (uint16_t)items[i].events;

		if (copy_to_user((void __user *)at, &revents, sizeof(revents)))
			return -EFAULT;
	}
	return 0;
}

static int32_t poll_user(uint32_t fds_user, uint32_t count, struct patience patience)
{
	struct poll_item *items = NULL;
	struct pollfd *fds;
	int32_t result = -ENOMEM;

	if (count > proc_current()->limits[RLIMIT_NOFILE].cur || count > FD_MAX)
		return -EINVAL;
	fds = kmalloc(MAX(count, 1u) * sizeof(*fds));
	if (!fds)
		return -ENOMEM;
	if (copy_from_user(fds, (const void __user *)fds_user, count * sizeof(*fds))) {
		result = -EFAULT;
	} else {
		items = items_of_pollfds(fds, count);
		if (items)
			result = poll_items(items, count, patience);
		if (result >= 0 && put_revents(fds_user, items, count))
			result = -EFAULT;
	}
	items_put(items, count);
	kfree(fds);
	return result;
}

int32_t sys_poll(uint32_t fds, uint32_t count, uint32_t timeout_ms)
{
	if ((int32_t)timeout_ms < 0)
		return poll_user(fds, count, FOR_EVER);
	return poll_user(fds, count, patience_ns(timeout_ms * NSEC_PER_MSEC));
}

/* ---- timeouts and masks of the p-forms ---- */

static int patience_from_user(uint32_t timeout, bool time64, struct patience *patience)
{
	uint64_t ns;
	int err;

	*patience = FOR_EVER;
	if (!timeout)
		return 0;
	err = time_from_user(&ns, timeout, time64);
	if (!err)
		*patience = patience_ns(ns);
	return err;
}

static uint64_t time_left(const struct patience *patience)
{
	uint64_t now = clock_now();

	return patience->now || now >= patience->deadline ? 0 : patience->deadline - now;
}

/* What is left is told, but a buffer that cannot be written is no reason to fail. */
static void put_time_left(uint32_t timeout, bool time64, const struct patience *patience)
{
	if (timeout && time_to_user(timeout, time_left(patience), time64) != 0)
		return;
}

/* Take the temporary signal mask, if one is given. */
static int begin_mask(uint32_t mask_user, uint32_t size)
{
	uint64_t mask;

	if (!mask_user)
		return 0;
	if (size != sizeof(mask))
		return -EINVAL;
	if (copy_from_user(&mask, (const void __user *)mask_user, sizeof(mask)))
		return -EFAULT;
	signal_begin_temporary(mask);
	return 0;
}

static void end_mask(uint32_t mask_user, int32_t result)
{
	if (mask_user)
		signal_end_temporary(result == -ERESTARTNOHAND);
}

static int32_t ppoll(uint32_t fds, uint32_t count, uint32_t timeout, uint32_t mask, uint32_t mask_size,
		     bool time64)
{
	struct patience patience;
	int32_t result = patience_from_user(timeout, time64, &patience);

	if (!result)
		result = begin_mask(mask, mask_size);
	if (result)
		return result;
	result = poll_user(fds, count, patience);
	end_mask(mask, result);
	put_time_left(timeout, time64, &patience);
	return result;
}

int32_t sys_ppoll(uint32_t fds, uint32_t count, uint32_t timeout, uint32_t mask, uint32_t mask_size)
{
	return ppoll(fds, count, timeout, mask, mask_size, false);
}

int32_t sys_ppoll_time64(uint32_t fds, uint32_t count, uint32_t timeout, uint32_t mask,
			 uint32_t mask_size)
{
	return ppoll(fds, count, timeout, mask, mask_size, true);
}

/* ---- select ---- */

#define SELECT_IN (POLLRDNORM | POLLRDBAND | POLLIN | POLLHUP | POLLERR | POLLNVAL)
#define SELECT_OUT (POLLWRBAND | POLLWRNORM | POLLOUT | POLLERR | POLLNVAL)
#define SELECT_EXCEPT (POLLPRI | POLLNVAL)

static const uint32_t select_events[] = {SELECT_IN, SELECT_OUT, SELECT_EXCEPT};
#define SETS ARRAY_SIZE(select_events)

struct selection {
	uint32_t n;	     /* Descriptors looked at. */
	uint32_t user[SETS]; /* Addresses; 0: not given. */
	uint32_t bits[SETS][BITMAP_WORDS(FD_MAX)];
};

static uint32_t set_bytes(const struct selection *s)
{
	return BITMAP_WORDS(s->n) * sizeof(uint32_t);
}

static int sets_from_user(struct selection *s)
{
	for (uint32_t k = 0; k < SETS; k++)
		if (s->user[k] &&
		    copy_from_user(s->bits[k], (const void __user *)s->user[k], set_bytes(s)))
			return -EFAULT;
	return 0;
}

static int sets_to_user(const struct selection *s)
{
	for (uint32_t k = 0; k < SETS; k++)
		if (s->user[k] && copy_to_user((void __user *)s->user[k], s->bits[k], set_bytes(s)))
			return -EFAULT;
	return 0;
}

static uint32_t wanted_of(const struct selection *s, uint32_t fd)
{
	uint32_t wanted = 0;

	for (uint32_t k = 0; k < SETS; k++)
		if (bitmap_test(s->bits[k], fd))
			wanted |= select_events[k];
	return wanted;
}

/* -EBADF when a descriptor that is asked for is not open. */
static int items_of_sets(const struct selection *s, struct poll_item *items)
{
	for (uint32_t fd = 0; fd < s->n; fd++) {
		items[fd].wanted = wanted_of(s, fd);
		if (!items[fd].wanted)
			continue;
		items[fd].file = user_file(fd);
		if (!items[fd].file)
			return -EBADF;
	}
	return 0;
}

/* Leave in the sets what holds. The number of bits. */
static int32_t sets_of_items(struct selection *s, const struct poll_item *items)
{
	int32_t bits = 0;

	for (uint32_t fd = 0; fd < s->n; fd++) {
		for (uint32_t k = 0; k < SETS; k++) {
			if (!bitmap_test(s->bits[k], fd))
				continue;
			if (items[fd].events & select_events[k])
				bits++;
			else
				bitmap_clear(s->bits[k], fd);
		}
	}
	return bits;
}

static int32_t select_sets(struct selection *s, struct patience patience)
{
	struct poll_item *items = kzalloc(MAX(s->n, 1u) * sizeof(*items));
	int32_t result = items ? items_of_sets(s, items) : -ENOMEM;

	if (!result)
		result = poll_items(items, s->n, patience);
	if (result >= 0)
		result = sets_of_items(s, items);
	items_put(items, s->n);
	return result;
}

static int32_t select_user(uint32_t n, uint32_t in, uint32_t out, uint32_t except,
			   struct patience patience)
{
	struct selection *s;
	int32_t result;

	if ((int32_t)n < 0)
		return -EINVAL;
	s = kzalloc(sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->n = MIN(n, FD_MAX);
	s->user[0] = in;
	s->user[1] = out;
	s->user[2] = except;
	result = sets_from_user(s);
	if (!result)
		result = select_sets(s, patience);
	if (result >= 0 && sets_to_user(s))
		result = -EFAULT;
	kfree(s);
	return result;
}

int32_t sys_select(uint32_t n, uint32_t in, uint32_t out, uint32_t except, uint32_t timeout)
{
	struct patience patience = FOR_EVER;
	int32_t tv[2], result;
	uint64_t left;

	if (timeout) {
		if (copy_from_user(tv, (const void __user *)timeout, sizeof(tv)))
			return -EFAULT;
		if (tv[0] < 0 || tv[1] < 0)
			return -EINVAL;
		patience = patience_ns((uint32_t)tv[0] * NSEC_PER_SEC + (uint32_t)tv[1] * NSEC_PER_USEC);
	}
	result = select_user(n, in, out, except, patience);
	left = time_left(&patience);
	tv[0] = (int32_t)(left / NSEC_PER_SEC);
	tv[1] = (int32_t)(left % NSEC_PER_SEC / NSEC_PER_USEC);
	if (timeout && copy_to_user((void __user *)timeout, tv, sizeof(tv)))
		return result; /* As above: no reason to fail. */
	return result;
}

int32_t sys_old_select(uint32_t args_user)
{
	uint32_t a[5];

	if (copy_from_user(a, (const void __user *)args_user, sizeof(a)))
		return -EFAULT;
	return sys_select(a[0], a[1], a[2], a[3], a[4]);
}

/* mask_args is the address of {mask address, size}: there are only six words. */
static int32_t pselect(uint32_t n, uint32_t in, uint32_t out, uint32_t except, uint32_t timeout,
		       uint32_t mask_args, bool time64)
{
	struct patience patience;
	uint32_t mask[2] = {0, 0};
	int32_t result;

	if (mask_args && copy_from_user(mask, (const void __user *)mask_args, sizeof(mask)))
		return -EFAULT;
	result = patience_from_user(timeout, time64, &patience);
	if (!result)
		result = begin_mask(mask[0], mask[1]);
	if (result)
		return result;
	result = select_user(n, in, out, except, patience);
	end_mask(mask[0], result);
	put_time_left(timeout, time64, &patience);
	return result;
}

int32_t sys_pselect6(uint32_t n, uint32_t in, uint32_t out, uint32_t except, uint32_t timeout,
		     uint32_t mask_args)
{
	return pselect(n, in, out, except, timeout, mask_args, false);
}

int32_t sys_pselect6_time64(uint32_t n, uint32_t in, uint32_t out, uint32_t except, uint32_t timeout,
			    uint32_t mask_args)
{
	return pselect(n, in, out, except, timeout, mask_args, true);
}
