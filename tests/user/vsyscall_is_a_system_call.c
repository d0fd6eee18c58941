/*
 * __kernel_vsyscall does what int $0x80 does: six arguments, errors, all registers kept, interrupted
 * calls made again or ended.
 */
#include "signals.h"
#include "vdso.h"

static long six_arguments(void)
{
	long result;

	__asm__ volatile("pushl %%ebp\n\tmovl $3, %%ebp\n\tcall *%%gs:16\n\tpopl %%ebp"
			 : "=a"(result)
			 : "0"(SYS_mmap2), "b"(0), "c"(PAGE), "d"(PROT_READ), "S"(MAP_PRIVATE),
			   "D"(open("/proc/self/exe", O_RDONLY))
			 : "memory");
	return result;
}

int main(void)
{
	char c = 0, image[4];
	int fds[2], fd = open("/proc/self/exe", O_RDONLY);
	long result, b = 1, d = 2, s = 3, i = 4;

	CHECK(vsyscall(SYS_getpid, 0, 0, 0) == getpid());
	CHECK(vsyscall(SYS_read, -1, 0, 0) == -EBADF && vsyscall(9999, 0, 0, 0) == -ENOSYS);
	CHECK(pread(fd, image, 4, 3 * PAGE) == 4 && memcmp((char *)six_arguments(), image, 4) == 0);
	__asm__ volatile("call *%%gs:16"
			 : "=a"(result), "+b"(b), "+d"(d), "+S"(s), "+D"(i)
			 : "0"(SYS_getppid), "c"(5));
	CHECK(result == getppid() && b == 1 && d == 2 && s == 3 && i == 4);

	CHECK(pipe(fds) == 0);
	handle(SIGALRM, note_signal, 0);
	ualarm(20000, 0);
	CHECK(vsyscall(SYS_read, fds[0], (long)&c, 1) == -EINTR && signals_caught == 1);
	handle(SIGALRM, note_signal, SA_RESTART);
	if (fork() == 0) {
		kill(getppid(), SIGALRM);
		sleep_ms(50);
		_exit(write(fds[1], "x", 1) != 1);
	}
	CHECK(vsyscall(SYS_read, fds[0], (long)&c, 1) == 1 && c == 'x' && signals_caught == 2);
	return 0;
}
