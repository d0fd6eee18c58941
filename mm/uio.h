/*
 * uio.h: where the bytes of a read or write come from or go to.
 *
 * One struct serves read(2), readv(2) and reads by the kernel itself. Moving bytes advances it.
 *
 *	struct uio u = uio_kernel(buf, len);
 *	n = file_read(f, &u, pos);
 */
#pragma once

#include "arch/x86/uaccess.h"
#include "kernel/lib/types.h"

struct frame;

struct iov {
	uint32_t base; /* Linux's struct iovec of i386. */
	uint32_t len;
};

struct uio {
	struct iov *iov; /* Current segment; the array belongs to the caller. */
	uint32_t count;	 /* Segments from iov on. */
	size_t resid;	 /* Bytes left in all of them. */
	bool is_kernel;	 /* The addresses are the kernel's own. */
	struct iov one;	 /* The segment of the single-buffer forms. */
};

/* Prepare for one buffer. The uio must not be moved afterwards (iov points into it). */
void uio_init_user(struct uio *u, void __user *buf, size_t len);
void uio_init_kernel(struct uio *u, void *buf, size_t len);

/* Move up to n bytes between buf and the uio. Returns the bytes moved: fewer than MIN(n, resid) means a
 * fault (-EFAULT if nothing else was done). May sleep. */
size_t uio_copy_out(struct uio *u, const void *buf, size_t n); /* Kernel buf -> uio: read. */
/* The same from frames that hold the bytes one after another, beginning at byte from of the first. */
size_t uio_copy_frames_out(struct uio *u, struct frame *const *f, size_t from, size_t n);
size_t uio_copy_in(struct uio *u, void *buf, size_t n); /* Uio -> kernel buf: write. */
size_t uio_zero_out(struct uio *u, size_t n);		/* Zeroes -> uio. */
