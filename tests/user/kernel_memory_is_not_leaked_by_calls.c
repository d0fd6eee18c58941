/*
 * No system call reads or writes the kernel's half for a process: the answer is EFAULT.
 *
 * rows: A5 E32 E33 E6
 */
#include "check.h"

#include <sys/stat.h>

int main(void)
{
	int pipes[2], zero = open("/dev/zero", O_RDONLY);

	CHECK(zero >= 0 && pipe(pipes) == 0);
	for (uintptr_t k = 0; k < 40; k++) {
		void *addr = (void *)(0xC0000000 + k * 50000);

		CHECK_ERRNO(write(pipes[1], addr, 16), EFAULT);
		CHECK_ERRNO(read(zero, addr, 16), EFAULT);
		CHECK_ERRNO(stat(addr, addr), EFAULT);
		CHECK_ERRNO(open(addr, O_RDONLY), EFAULT);
	}
	CHECK_ERRNO(write(pipes[1], (void *)0xBFFFFFF0, 0x20000), EFAULT);
	CHECK_ERRNO(write(pipes[1], (void *)0xFFFFFFFF, 2), EFAULT);
	CHECK_ERRNO(read(zero, (void *)0xFFFFFFF0, 0x7FFFFFFF), EFAULT);
	return 0;
}
