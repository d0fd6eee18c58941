/* uio.c: moving bytes between the kernel and where a read or write wants them. */

#include "mm/uio.h"

#include "kernel/lib/string.h"

static void uio_init(struct uio *u, uint32_t base, size_t len, bool is_kernel)
{
	u->one.base = base;
	u->one.len = len;
	u->iov = &u->one;
	u->count = 1;
	u->resid = len;
	u->is_kernel = is_kernel;
}

void uio_init_user(struct uio *u, void __user *buf, size_t len)
{
	uio_init(u, (uint32_t)buf, len, false);
}

void uio_init_kernel(struct uio *u, void *buf, size_t len)
{
	uio_init(u, (uint32_t)buf, len, true);
}

enum uio_move {
	MOVE_OUT,
	MOVE_IN,
	MOVE_ZERO,
};

/* Move n bytes at the head of the current segment. Returns the bytes not moved. */
static size_t move_part(struct uio *u, enum uio_move how, void *buf, size_t n)
{
	void *at = (void *)u->iov->base;

	switch (how) {
	case MOVE_OUT:
		if (!u->is_kernel)
			return copy_to_user_partial(at, buf, n);
		memcpy(at, buf, n);
		return 0;
	case MOVE_IN:
		if (!u->is_kernel)
			return copy_from_user_partial(buf, at, n);
		memcpy(buf, at, n);
		return 0;
	case MOVE_ZERO:
		if (!u->is_kernel)
			return clear_user_partial(at, n);
		memset(at, 0, n);
		return 0;
	}
	return n;
}

/* A copy for each way of moving: it is known where it is called. */
static inline __attribute__((always_inline)) size_t uio_move(struct uio *u, enum uio_move how,
							     char *buf, size_t n)
{
	size_t done = 0;

	n = MIN(n, u->resid);
	while (done < n) {
		size_t part = MIN(n - done, u->iov->len), moved;

		moved = part - move_part(u, how, buf ? buf + done : NULL, part);
		u->iov->base += moved;
		u->iov->len -= moved;
		u->resid -= moved;
		done += moved;
		if (moved < part)
			break;
		if (u->iov->len == 0 && u->count > 1) {
			u->iov++;
			u->count--;
		}
	}
	return done;
}

size_t uio_copy_out(struct uio *u, const void *buf, size_t n)
{
	return uio_move(u, MOVE_OUT, (char *)buf, n);
}

size_t uio_copy_in(struct uio *u, void *buf, size_t n)
{
	return uio_move(u, MOVE_IN, buf, n);
}

size_t uio_zero_out(struct uio *u, size_t n)
{
	return uio_move(u, MOVE_ZERO, NULL, n);
}
