/*
 * process_vm_readv takes nothing from memory that may only be written, though a load would.
 *
 * rows: A13
 */
#include "check.h"

#include <sys/uio.h>

int main(void)
{
	char *p = map_anon(3 * PAGE);
	struct iovec to = {p, PAGE}, from = {p + PAGE, 2 * PAGE};

	p[PAGE] = 'a', p[2 * PAGE] = 'b';
	CHECK(process_vm_readv(getpid(), &to, 1, &from, 1, 0) == PAGE && p[0] == 'a');
	CHECK(mprotect(p + 2 * PAGE, PAGE, PROT_WRITE) == 0 && p[2 * PAGE] == 'b');
	from.iov_base = p + 2 * PAGE, from.iov_len = PAGE;
	CHECK_ERRNO(process_vm_readv(getpid(), &to, 1, &from, 1, 0), EFAULT);
	CHECK(process_vm_writev(getpid(), &to, 1, &from, 1, 0) == PAGE && p[2 * PAGE] == 'a');
	return 0;
}
