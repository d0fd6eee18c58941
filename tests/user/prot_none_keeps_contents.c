/*
 * A page made PROT_NONE cannot be touched, and has its contents again when the rights come back,
 * after a fork too.
 *
 * rows: A13 A35
 */
#include "probe.h"

#define BYTES (8 * PAGE)

static void restore_in_child(void *p)
{
	CHECK(mprotect(p, BYTES, PROT_READ | PROT_WRITE) == 0);
	CHECK(pages_hold(p, BYTES / 2, 'k') && pages_hold((char *)p + BYTES / 2, BYTES / 2, 0));
	touch_write(p, BYTES, 'c');
}

int main(void)
{
	char *p = map_anon(BYTES);
	int pipes[2];

	touch_write(p, BYTES / 2, 'k');
	CHECK(mprotect(p, BYTES, PROT_NONE) == 0);
	for (unsigned i = 0; i < BYTES; i += PAGE) {
		CHECK(probe_is_segv(probe_read(p + i), SEGV_ACCERR, p + i));
		CHECK(probe_is_segv(probe_write(p + i), SEGV_ACCERR, p + i));
	}
	CHECK(pipe(pipes) == 0);
	CHECK_ERRNO(write(pipes[1], p, 1), EFAULT); /* The kernel cannot either. */
	CHECK(child_run(restore_in_child, p) == 0);
	CHECK(probe_is_segv(probe_read(p), SEGV_ACCERR, p));
	CHECK(mprotect(p, BYTES, PROT_READ) == 0);
	CHECK(pages_hold(p, BYTES / 2, 'k'));
	CHECK(probe_is_segv(probe_write(p), SEGV_ACCERR, p));
	CHECK(mprotect(p, BYTES, PROT_READ | PROT_WRITE) == 0);
	touch_write(p, BYTES, 'w');
	CHECK(pages_hold(p, BYTES, 'w'));
	return 0;
}
