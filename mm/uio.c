/* uio.c: moving bytes between the kernel and where a read or write wants them. */

#include "mm/uio.h"

#include "kernel/lib/string.h"
#include "mm/kmap.h"

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
	MOVE_FRAMES_OUT,
	MOVE_IN,
	MOVE_ZERO,
};

/* Copy n bytes out to at. Returns the bytes not moved. */
static inline size_t part_out(const struct uio *u, uint32_t at, const void *buf, size_t n)
{
	if (!u->is_kernel)
		return copy_to_user_partial((void __user *)at, buf, n);
	memcpy((void *)at, buf, n);
	return 0;
}

/* The same from frames, from byte from of the first on. */
static inline size_t frames_out(const struct uio *u, uint32_t at, struct frame *const *f,
				size_t from, size_t n)
{
	while (n > 0) {
		size_t off = from % PAGE_SIZE, part = MIN(n, PAGE_SIZE - off);
		size_t missed = part_out(u, at, (char *)kmap(f[from / PAGE_SIZE]) + off, part);

		n -= part;
		if (missed > 0)
			return n + missed;
		at += part;
		from += part;
	}
	return 0;
}

/* Move bytes [from, from + n) of buf at the head of the current segment. Returns the bytes not moved. */
static inline size_t move_part(struct uio *u, enum uio_move how, void *buf, size_t from, size_t n)
{
	uint32_t at = u->iov->base;

	switch (how) {
	case MOVE_OUT:
		return part_out(u, at, (char *)buf + from, n);
	case MOVE_FRAMES_OUT:
		return frames_out(u, at, buf, from, n);
	case MOVE_IN:
		if (!u->is_kernel)
			return copy_from_user_partial((char *)buf + from, (void __user *)at, n);
		memcpy((char *)buf + from, (void *)at, n);
		return 0;
	case MOVE_ZERO:
		if (!u->is_kernel)
			return clear_user_partial((void __user *)at, n);
		memset((void *)at, 0, n);
		return 0;
	}
	return n;
}

/* A copy for each way of moving: it is known where it is called. */
static inline __attribute__((always_inline)) size_t uio_move(struct uio *u, enum uio_move how,
							     void *buf, size_t from, size_t n)
{
	size_t done = 0;

	n = MIN(n, u->resid);
	while (done < n) {
		size_t part = MIN(n - done, u->iov->len), moved;

		moved = part - move_part(u, how, buf, from + done, part);
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
	return uio_move(u, MOVE_OUT, (void *)buf, 0, n);
}

size_t uio_copy_frames_out(struct uio *u, struct frame *const *f, size_t from, size_t n)
{
	return uio_move(u, MOVE_FRAMES_OUT, (void *)f, from, n);
}

size_t uio_copy_in(struct uio *u, void *buf, size_t n)
{
	return uio_move(u, MOVE_IN, buf, 0, n);
}

size_t uio_zero_out(struct uio *u, size_t n)
{
	return uio_move(u, MOVE_ZERO, NULL, 0, n);
}
