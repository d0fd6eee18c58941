/*
 * A mapping whose last page would lie past the largest file offset is refused with EOVERFLOW. (A
 * 64-bit Linux has larger offsets and allows it.)
 *
 * rows: A13
 * quire-only
 */
#include "check.h"

#include <sys/syscall.h>

int main(void)
{
	int fd = temp_file(PAGE);
	int flags = MAP_PRIVATE;

	CHECK_ERRNO(syscall(SYS_mmap2, NULL, 2 * PAGE, PROT_READ, flags, fd, 0xFFFFFFFF),
		    EOVERFLOW);
	CHECK_ERRNO(syscall(SYS_mmap2, NULL, 16 * PAGE, PROT_READ, flags, fd, 0xFFFFFFF1),
		    EOVERFLOW);
	return 0;
}
