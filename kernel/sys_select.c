/*
 * sys_select.c: select(2): poll with its files in sets of bits.
 */
#include "arch/x86/clock.h"
#include "fs/fdtable.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/poll.h"
#include "kernel/lib/bitmap.h"
#include "kernel/poll_wait.h"
#include "kernel/syscall.h"
#include "kernel/user_path.h"
#include "mm/kmalloc.h"

#define NSEC_PER_USEC 1000ull

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
	poll_items_put(items, s->n);
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
		patience = patience_ns((uint32_t)tv[0] * NSEC_PER_SEC +
				       (uint32_t)tv[1] * NSEC_PER_USEC);
	}
	result = select_user(n, in, out, except, patience);
	left = patience_left(&patience);
	tv[0] = (int32_t)(left / NSEC_PER_SEC);
	tv[1] = (int32_t)(left % NSEC_PER_SEC / NSEC_PER_USEC);
	if (timeout && copy_to_user((void __user *)timeout, tv, sizeof(tv)))
		return result; /* As above: no reason to fail. */
	return result;
}

/* mask_args is the address of {mask address, size}: there are only six words. */
int32_t sys_pselect6(uint32_t n, uint32_t in, uint32_t out, uint32_t except, uint32_t timeout,
		     uint32_t mask_args, bool time64)
{
	struct patience patience;
	uint32_t mask[2] = {0, 0};
	int32_t result;

	if (mask_args && copy_from_user(mask, (const void __user *)mask_args, sizeof(mask)))
		return -EFAULT;
	result = patience_from_user(timeout, time64, &patience);
	if (!result)
		result = poll_begin_mask(mask[0], mask[1]);
	if (result)
		return result;
	result = select_user(n, in, out, except, patience);
	poll_end_mask(mask[0], result);
	patience_to_user(timeout, time64, &patience);
	return result;
}
