/*
 * sys_poll.c: waiting for files: poll and select in all their forms.
 *
 * All become an array of (file, events wanted). The first pass over it asks each file and leaves a
 * waiter on its queues; if nothing holds, the task sleeps, and each wake-up makes another pass that
 * only asks. The files are held until the end, so that their queues stay.
 */
#include "kernel/poll_wait.h"

#include "arch/x86/clock.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/poll.h"
#include "kernel/abi/resource.h"
#include "kernel/signal.h"
#include "kernel/syscall.h"
#include "kernel/time.h"
#include "kernel/user_path.h"
#include "mm/kmalloc.h"

#define NSEC_PER_MSEC 1000000ull
#define QUEUES_PER_FILE 2 /* A terminal has one to read and one to write. */

struct patience patience_ns(uint64_t ns)
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
int32_t poll_items(struct poll_item *items, uint32_t count, struct patience patience)
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

void poll_items_put(struct poll_item *items, uint32_t count)
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
		uint32_t at =
			fds_user + i * sizeof(struct pollfd) + offsetof(struct pollfd, revents);
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
	poll_items_put(items, count);
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

int patience_from_user(uint32_t timeout, bool time64, struct patience *patience)
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

uint64_t patience_left(const struct patience *patience)
{
	uint64_t now = clock_now();

	return patience->now || now >= patience->deadline ? 0 : patience->deadline - now;
}

/* What is left is told, but a buffer that cannot be written is no reason to fail. */
void patience_to_user(uint32_t timeout, bool time64, const struct patience *patience)
{
	if (timeout && time_to_user(timeout, patience_left(patience), time64) != 0)
		return;
}

/* Take the temporary signal mask, if one is given. */
int poll_begin_mask(uint32_t mask_user, uint32_t size)
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

void poll_end_mask(uint32_t mask_user, int32_t result)
{
	if (mask_user)
		signal_end_temporary(result == -ERESTARTNOHAND);
}

int32_t sys_ppoll(uint32_t fds, uint32_t count, uint32_t timeout, uint32_t mask, uint32_t mask_size,
		  bool time64)
{
	struct patience patience;
	int32_t result = patience_from_user(timeout, time64, &patience);

	if (!result)
		result = poll_begin_mask(mask, mask_size);
	if (result)
		return result;
	result = poll_user(fds, count, patience);
	poll_end_mask(mask, result);
	patience_to_user(timeout, time64, &patience);
	return result;
}
